import Autodiff
import Foundation
import Numerics
import Synchronization

/// Trains a learner on a world by data parallelism: shards of a batch run on threads, and gradients are added in the
/// order of the shards.
///
/// Which thread computes which shard is random; the numbers are not. Shards are assigned to at most four groups by
/// their place in the batch. Each group has one gradient buffer, to which its shards are added in order, and the groups
/// are added in order. So any number of threads gives the same bytes.
public final class Trainer: ParallelWork {
  public let learner: any Learner
  public let settings: TrainingSettings
  public let seed: UInt64
  public let optimizer: Optimizer
  /// Steps done.
  public internal(set) var step = 0
  /// Sums over the steps of the unfinished epoch.
  public internal(set) var sums = EpochSums()

  private enum Phase { case gradients, products, combination, update, transposition }
  private var phase = Phase.gradients
  private let shards: Int
  private let pool: WorkerPool
  private let replicas: [any Replica]  // one per thread
  private let groups: [GradientBuffer]
  private let batchProducts: BatchProducts
  private static let mostGroups = 4
  private let nextGroup = Atomic<Int>(0)
  private let metrics: UnsafeMutablePointer<Metrics>  // one per shard
  private let failure = FirstError()
  private var rate: Float = 0

  /// - Parameter settings: those that have passed `check()`, in a precision that this machine has.
  public init(
    _ learner: any Learner, on world: any World, settings: TrainingSettings, seed: UInt64, pool: WorkerPool
  ) {
    self.learner = learner
    self.settings = settings
    self.seed = seed
    self.pool = pool
    let shards = settings.shards(ofAtMost: learner.largestShard)
    self.shards = shards
    require(
      !learner.parameters.tensors.contains { $0.name == Checkpoint.stateName },
      "a tensor is named '\(Checkpoint.stateName)', which checkpoints need for the learner's own state; choose another name"
    )
    require(settings.precision.obstacle == nil, settings.precision.obstacle ?? "")
    learner.parameters.precision = settings.precision
    optimizer = Optimizer(
      settings.updateRule, clippingNorm: settings.clippingNorm, weightDecay: settings.weightDecay,
      for: learner.parameters)
    replicas = (0..<pool.threads).map { _ in
      learner.makeReplica(on: world, examples: settings.batchSize / shards)
    }
    let batchProducts = BatchProducts(for: learner.parameters, batch: settings.batchSize)
    self.batchProducts = batchProducts
    groups = (0..<min(Self.mostGroups, shards)).map { _ in
      GradientBuffer(for: learner.parameters, batch: batchProducts)
    }
    metrics = .allocate(capacity: shards)
    metrics.initialize(repeating: Metrics(), count: shards)
  }

  deinit { metrics.deallocate() }

  /// One update from the next batch.
  ///
  /// - Throws: `TrainingError.diverged`, before the parameters are changed, when loss or gradient is not finite; the
  ///   error of a world with wrong examples.
  public func trainStep() throws -> (metrics: Metrics, gradientNorm: Float) {
    let progress = settings.progress(atStep: step)
    rate = settings.learningRate.value(at: progress)

    nextGroup.store(0, ordering: .relaxed)
    phase = .gradients
    pool.run(self)
    try failure.throwIfAny()
    if !batchProducts.isEmpty {
      phase = .products
      pool.run(self)
    }
    phase = .combination
    pool.run(self)
    var sum = Metrics()
    for shard in 0..<shards { sum += metrics[shard] }
    require(
      sum.errors <= sum.examples && (learner.metrics.count..<Metrics.most).allSatisfy { sum.sums[$0] == 0 },
      "a replica reports \(sum.errors) errors among \(sum.examples) examples, or the sum of a metric that its learner, which "
        + "has \(learner.metrics.count), does not describe")
    let norm = optimizer.gradientNorm
    guard sum.isFinite && norm.isFinite else {
      let metrics =
        sum.infinite.contains(0)
        ? ["the loss"]
        : sum.infinite.map {
          learner.metrics.indices.contains($0) ? learner.metrics[$0].name : "metric \($0), which has no name"
        }
      throw TrainingError.diverged(
        metrics.isEmpty ? ["the gradient"] : metrics, step: step, epoch: progress.epoch, learningRate: rate)
    }
    optimizer.beginUpdate()
    phase = .update
    pool.run(self)
    phase = .transposition
    pool.run(self)
    learner.finishStep(sum)
    step += 1
    return (sum, norm)
  }

  public func perform(worker: Int, of workers: Int) {
    switch phase {
    case .gradients:
      while true {
        let group = nextGroup.add(1, ordering: .relaxed).oldValue
        guard group < groups.count else { return }
        failure.catching { try computeGradients(group: group, with: replicas[worker]) }
      }
    case .products: batchProducts.finish(into: groups[0], part: worker, of: workers)
    case .combination: optimizer.combine(groups, part: worker, of: workers)
    case .update: optimizer.update(groups[0], rate: rate, part: worker, of: workers)
    case .transposition: learner.parameters.refreshCopies(part: worker, of: workers)
    }
  }

  /// The shards of one group, in order.
  private func computeGradients(group: Int, with replica: any Replica) throws {
    let gradients = groups[group]
    let size = settings.batchSize / shards
    gradients.reset()
    for shard in (shards * group / groups.count)..<(shards * (group + 1) / groups.count) {
      gradients.examples = (shard * size)..<((shard + 1) * size)
      metrics[shard] = try replica.train(
        TrainingStep(
          seed: seed, firstExample: step * settings.batchSize + shard * size, batchSize: settings.batchSize,
          progress: settings.progress(atStep: step)), into: gradients)
    }
    gradients.clearUntouched()
  }

  /// Trains to the end of the current epoch and validates.
  ///
  /// - Parameter afterStep: called after every step, when a checkpoint may be taken; throws to stop.
  public func trainEpoch(with evaluator: Evaluator, afterStep: () throws -> Void = {}) throws -> EpochResult {
    let steps = settings.stepsPerEpoch
    let epoch = step / steps
    while step < (epoch + 1) * steps {
      let (metrics, norm) = try trainStep()
      sums.metrics += metrics
      sums.gradientNorms += Double(norm)
      if step < (epoch + 1) * steps { try afterStep() }
    }
    defer { sums = EpochSums() }
    let progress = settings.progress(atStep: step - 1)
    let validation = try evaluator.evaluate(
      .validation, examples: settings.validationExamples, seed: seed, rollouts: 0, progress: progress)
    return EpochResult(
      epoch: epoch + 1, examples: step * settings.batchSize, learningRate: rate,
      scheduled: Dictionary(
        learner.schedules.map { ($0.name, $0.schedule.value(at: progress)) },
        uniquingKeysWith: { first, _ in first }),
      trainErrorPercent: sums.metrics.errorPercent,
      metrics: Dictionary(
        learner.metrics.enumerated().map { ($1.name, sums.metrics.mean($0)) },
        uniquingKeysWith: { first, _ in first }),
      gradientNorm: sums.gradientNorms / Double(steps), validationErrorPercent: validation.errorPercent)
  }
}

/// The sums since the start of the epoch; part of a checkpoint.
public struct EpochSums: Sendable, Codable, Equatable {
  public var metrics = Metrics()
  public var gradientNorms = 0.0
  public init() {}
}

public enum TrainingError: Error, CustomStringConvertible, Equatable {
  /// What is not a finite number, and where.
  case diverged(_ quantities: [String], step: Int, epoch: Int, learningRate: Float)

  public var description: String {
    switch self {
    case .diverged(let quantities, let step, let epoch, let learningRate):
      quantities.joined(separator: " and ")
        + (quantities.count == 1 ? " is not a finite number" : " are not finite numbers")
        + " at step \(step) (epoch \(epoch + 1), learning rate \(learningRate)); "
        + (step == 0
          ? "nothing was updated before, so correct the world, the reward, the gaze or the operation that gives it"
          : "train with a smaller learning rate or a smaller clipping norm")
    }
  }
}
