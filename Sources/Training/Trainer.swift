import NumericCore
import Synchronization
import VisualTasks

/// What one epoch came to: a row of `curves.csv`.
public struct EpochRecord: Sendable, Codable, Equatable {
  public var epoch: Int
  /// Scenes trained on since the start.
  public var examples: Int
  /// At the epoch's last step.
  public var learningRate: Float
  public var standardDeviation: Float
  public var training: Tally
  /// Mean over the epoch's steps, before clipping.
  public var gradientNorm: Double
  public var validationErrorPercent: Double
}

/// Trains a learner on a task by data parallelism: shards of the batch over threads, gradients added in shard
/// order.
///
/// Which thread computes which shard is left to chance; the numbers are not. Shards are assigned to at most
/// four groups by their place in the batch, each with one gradient buffer that its shards are added to in
/// order, and the groups are added in order. So any number of threads gives the same bytes. One thread alone adds groups
/// of one shard in one buffer, and takes the shards of a small batch through the network together, because products of
/// few rows are slow: a step of 20 images at 60x60 takes 4 % less time so.
public final class Trainer: ParallelWork, @unchecked Sendable {
  public let learner: any Learner
  public let task: any SceneTask
  public let settings: TrainingSettings
  public let seed: UInt64
  public let optimizer: Optimizer
  let pool: WorkerPool
  /// Steps done.
  public internal(set) var step = 0
  /// Sums over the steps of the unfinished epoch.
  public var sums = EpochSums()

  private enum Phase { case gradients, combination, update, transposition }
  private var phase = Phase.gradients
  private let workers: [any LearnerWorker]  // one per thread
  private let groups: [GradientBuffer]
  /// How often a worker is filled with images for one batch.
  private let fills: Int
  private static let mostGroups = 4
  /// oneDNN adds up longer sums in parts, from 385 on with AVX-512 (measured).
  private static let mostSummands = 256
  private let nextGroup = Atomic<Int>(0)
  private let tallies: UnsafeMutablePointer<Tally>  // one per fill
  private var rate: Float = 0
  private var deviation: Float = 0

  public init(
    _ learner: any Learner, on task: any SceneTask, settings: TrainingSettings, seed: UInt64, pool: WorkerPool
  ) {
    self.learner = learner
    self.task = task
    self.settings = settings
    self.seed = seed
    self.pool = pool
    let shards = settings.shards
    learner.parameters.precision = settings.precision ?? .single
    optimizer = Optimizer(settings.optimizer, clippingNorm: settings.clippingNorm, for: learner.parameters)
    // One thread needs no buffer for each group where every shard is a group and a product may be added to what stands
    // there without another last digit: in single precision, with more than one row in a shard and few summands.
    let shardSize = settings.batchSize / shards
    let isExact =
      settings.precision != .bfloat16 && shardSize > 1
      && shardSize * learner.gradientRowsPerImage <= Self.mostSummands
    let isAlone = pool.threads == 1 && shards <= Self.mostGroups && isExact
    let isSmall = settings.batchSize <= TrainingSettings.largestShard
    let together = isAlone && isSmall && learner.trainsShardsTogether ? shards : 1
    let fills = shards / together
    self.fills = fills
    workers = (0..<pool.threads).map { _ in
      let worker = learner.makeWorker(images: settings.batchSize / fills, side: task.side)
      worker.batch.shards = together
      return worker
    }
    groups = (0..<(isAlone ? 1 : min(Self.mostGroups, shards))).map { _ in
      GradientBuffer(for: learner.parameters, shards: together, takesMore: isAlone)
    }
    tallies = .allocate(capacity: fills)
    tallies.initialize(repeating: Tally(), count: fills)
  }

  deinit { tallies.deallocate() }

  /// Bytes of working memory: activations of all threads, gradients and moments.
  public var bytes: Int {
    workers.reduce(0) { $0 + $1.bytes } + (groups.count + 3) * learner.parameters.length * 4
  }

  /// One update from the next batch.
  ///
  /// - Throws: `TrainingError.diverged` before the parameters are touched, when loss or gradient is not
  ///   finite.
  public func trainStep() throws -> (tally: Tally, gradientNorm: Float) {
    let progress = Float(step) / Float(max(settings.steps, 1))
    let epoch = step / settings.stepsPerEpoch
    rate = settings.learningRate.value(progress: progress, epoch: epoch)
    deviation = settings.standardDeviation.value(progress: progress, epoch: epoch)

    nextGroup.store(0, ordering: .relaxed)
    phase = .gradients
    pool.run(self)
    phase = .combination
    pool.run(self)
    var tally = Tally()
    for fill in 0..<fills { tally += tallies[fill] }
    let norm = optimizer.gradientNorm
    guard tally.crossEntropy.isFinite && norm.isFinite else {
      throw TrainingError.diverged(step: step, epoch: epoch, learningRate: rate)
    }
    optimizer.beginUpdate()
    phase = .update
    pool.run(self)
    phase = .transposition
    pool.run(self)
    learner.finishStep(tally)
    step += 1
    return (tally, norm)
  }

  public func perform(worker: Int, of workers: Int) {
    switch phase {
    case .gradients:
      while true {
        let group = nextGroup.add(1, ordering: .relaxed).oldValue
        guard group < groups.count else { return }
        computeGradients(group: group, with: self.workers[worker])
      }
    case .combination: optimizer.combine(groups, part: worker, of: workers)
    case .update: optimizer.update(groups[0], rate: rate, part: worker, of: workers)
    case .transposition: learner.parameters.refreshCopies(part: worker, of: workers)
    }
  }

  /// The shards of one group, in order.
  private func computeGradients(group: Int, with worker: any LearnerWorker) {
    let (gradients, batch) = (groups[group], worker.batch)
    gradients.reset()
    batch.count = batch.capacity
    for fill in (fills * group / groups.count)..<(fills * (group + 1) / groups.count) {
      let first = step * settings.batchSize + fill * batch.count
      for i in 0..<batch.count {
        batch.labels[i] = task.draw(
          .training, index: first + batch.example(ofImage: i), seed: seed, into: batch.image(i))
      }
      tallies[fill] = worker.train(
        TrainingStep(
          seed: seed, firstExample: first, batchSize: settings.batchSize, standardDeviation: deviation),
        into: gradients)
    }
    gradients.clearUnwritten()
  }

  /// Trains to the end of the current epoch and validates.
  ///
  /// - Parameter afterStep: called after every step, when a checkpoint may be taken; throws to stop.
  public func trainEpoch(with evaluator: Evaluator, afterStep: () throws -> Void = {}) throws -> EpochRecord {
    let steps = settings.stepsPerEpoch
    let epoch = step / steps
    while step < (epoch + 1) * steps {
      let (tally, norm) = try trainStep()
      sums.tally += tally
      sums.gradientNorms += Double(norm)
      if step < (epoch + 1) * steps { try afterStep() }
    }
    defer { sums = EpochSums() }
    let validation = evaluator.evaluate(
      .validation, scenes: settings.validationScenes, seed: seed, rollouts: 0, standardDeviation: deviation)
    return EpochRecord(
      epoch: epoch + 1, examples: step * settings.batchSize, learningRate: rate, standardDeviation: deviation,
      training: sums.tally, gradientNorm: sums.gradientNorms / Double(steps),
      validationErrorPercent: validation.errorPercent)
  }
}

/// What has been added up since the epoch's start; part of a checkpoint.
public struct EpochSums: Sendable, Codable, Equatable {
  public var tally = Tally()
  public var gradientNorms = 0.0
  public init() {}
}

public enum TrainingError: Error, CustomStringConvertible, Equatable {
  case diverged(step: Int, epoch: Int, learningRate: Float)

  public var description: String {
    switch self {
    case .diverged(let step, let epoch, let learningRate):
      "the loss is not a finite number at step \(step) (epoch \(epoch + 1), learning rate \(learningRate)); "
        + "train with a smaller learning rate or a smaller clipping norm"
    }
  }
}
