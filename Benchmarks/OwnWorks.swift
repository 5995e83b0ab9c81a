import NumericCore
import StudyKit
import Training
import VisualTasks
import Foundation

/// Our side of the comparison: one network with one batch size and number of threads.
final class OwnWorks {
  private let subject: Subject
  private let batch: Int
  private let precision: ProductPrecision
  private let pool: WorkerPool
  private let prepared: PreparedScenes
  private var trainers: [Work: [Trainer]] = [:]
  private var evaluator: Evaluator?
  /// Batches in memory, as many as the peers have.
  private static let batches = 8

  /// Builds and warms up what the works need.
  init(_ subject: Subject, batch: Int, threads: Int, precision: ProductPrecision, works: [Work]) throws {
    self.subject = subject
    self.batch = batch
    self.precision = precision
    pool = WorkerPool(threads: threads)
    let scenes = try subject.scenes()
    prepared = PreparedScenes(of: scenes, count: Self.batches * batch)
    for work in works {
      switch work {
      case .training: trainers[work] = [trainer(on: prepared, pool: pool)]
      case .endToEnd: trainers[work] = [trainer(on: scenes, pool: pool)]
      case .evaluation:
        let learner = subject.network.learner(side: subject.side, classes: 10, seed: 1)
        learner.parameters.precision = precision
        evaluator = Evaluator(learner, on: prepared, pool: pool)
      case .twoRuns, .oneRun:
        trainers[work] = (0..<(work == .twoRuns ? 2 : 1)).map { _ in
          trainer(on: prepared, pool: WorkerPool(threads: 1))
        }
      }
      _ = try burst(of: work, seconds: 0.2)
    }
  }

  func burst(of work: Work, seconds: Double) throws -> Burst {
    switch work {
    case .evaluation:
      guard let evaluator else { break }
      let count = Self.batches * batch
      return Burst(seconds: seconds, images: count) {
        _ = evaluator.evaluate(.validation, scenes: count, seed: 1, rollouts: 0, standardDeviation: 0)
      }
    case .training, .endToEnd, .oneRun:
      guard let trainer = trainers[work]?.first else { break }
      return try Burst(seconds: seconds, images: batch) { _ = try trainer.trainStep() }
    case .twoRuns:
      guard let trainers = trainers[work] else { break }
      return try together(trainers, seconds: seconds)
    }
    preconditionFailure("'\(work.rawValue)' was not asked for at the start")
  }

  /// SGD with momentum at the peers' rate and deviation.
  private func trainer(on task: any SceneTask, pool: WorkerPool) -> Trainer {
    var settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 1_000_000 * batch, batchSize: batch, optimizer: .momentum(0.9),
      learningRate: .constant(0.01), standardDeviation: .constant(0.17), clippingNorm: nil)
    settings.precision = precision
    return Trainer(
      subject.network.learner(side: subject.side, classes: task.classCount, seed: 1), on: task,
      settings: settings, seed: 1, pool: pool)
  }

  /// Each trainer on a thread of its own; the rates are added.
  private func together(_ trainers: [Trainer], seconds: Double) throws -> Burst {
    let results = Locked<[Result<Burst, any Error>]>([])
    let batch = batch
    DispatchQueue.concurrentPerform(iterations: trainers.count) { index in
      let result = Result {
        try Burst(seconds: seconds, images: batch) { _ = try trainers[index].trainStep() }
      }
      results.withLock { $0.append(result) }
    }
    let bursts = try results.withLock { try $0.map { try $0.get() } }
    var sum = bursts[0]
    for other in bursts.dropFirst() {
      sum.imagesPerSecond += other.imagesPerSecond
      sum.medianMs = max(sum.medianMs, other.medianMs)
      sum.leastMs = min(sum.leastMs, other.leastMs)
      sum.steps += other.steps
    }
    return sum
  }
}
