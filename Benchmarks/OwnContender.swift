import Autodiff
import Foundation
import Learning
import StudyKit

/// Our side of the comparison: one network with one batch size and number of threads.
final class OwnContender {
  private let batch: Int
  private var trainers: [Work: [Trainer]] = [:]
  private var evaluators: [Work: Evaluator] = [:]
  /// Batches in memory, as many as the peers have.
  private static let batches = 8

  /// Builds and warms up what the works need.
  init(_ subject: Subject, batch: Int, threads: Int, precision: ProductPrecision, works: [Work]) throws {
    self.batch = batch
    let pool = try WorkerPool(threads: threads)
    let world = try subject.world()
    let prepared = try PreparedScenes(of: world, count: Self.batches * batch)
    for work in works {
      // SGD with momentum at the peers' rate.
      var settings = TrainingSettings(
        epochs: 1, examplesPerEpoch: 1_000_000 * batch, batchSize: batch, updateRule: Momentum(),
        learningRate: .constant(0.01), clippingNorm: nil)
      settings.precision = precision
      func trainer(on world: any World, pool: WorkerPool) -> Trainer {
        let learner = subject.network(of: work).makeLearner(for: world, seed: 1)
        return Trainer(learner, on: world, settings: settings, seed: 1, pool: pool)
      }
      switch work {
      case .training, .lookAhead, .plainStep: trainers[work] = [trainer(on: prepared, pool: pool)]
      case .endToEnd: trainers[work] = [trainer(on: world, pool: pool)]
      case .twoRuns, .oneRun:
        trainers[work] = try (0..<(work == .twoRuns ? 2 : 1)).map { _ in
          try trainer(on: prepared, pool: WorkerPool(threads: 1))
        }
      case .evaluation, .forwardPass:
        let learner = subject.network.makeLearner(for: prepared, seed: 1)
        learner.parameters.precision = precision
        evaluators[work] = Evaluator(learner, on: prepared, pool: pool)
      }
      _ = try burst(of: work, seconds: 0.2)
    }
  }

  func burst(of work: Work, seconds: Double) throws -> Burst {
    if let evaluator = evaluators[work] {
      let count = Self.batches * batch
      return try Burst(seconds: seconds, images: count) {
        _ = try evaluator.evaluate(
          .validation, examples: count, seed: 1, rollouts: 0, progress: Progress(fraction: 0, epoch: 0))
      }
    }
    guard let trainers = trainers[work] else {
      throw ContenderError(name: work.rawValue, reason: "was not asked for at the start")
    }
    return try together(trainers, seconds: seconds)
  }

  /// Each trainer on a thread of its own; the rates are added.
  private func together(_ trainers: [Trainer], seconds: Double) throws -> Burst {
    let batch = batch
    nonisolated(unsafe) let trainers = trainers  // each is one thread's
    let bursts = try concurrently(trainers.count, threads: trainers.count) { index in
      Result { try Burst(seconds: seconds, images: batch) { _ = try trainers[index].trainStep() } }
    }.map { try $0.get() }
    return bursts.dropFirst().reduce(into: bursts[0]) { sum, other in
      sum.imagesPerSecond += other.imagesPerSecond
      sum.medianMs = max(sum.medianMs, other.medianMs)
      sum.leastMs = min(sum.leastMs, other.leastMs)
      sum.steps += other.steps
    }
  }
}
