import Autodiff
import Numerics

/// What a trainer needs from what it trains: parameters, and replicas that compute with them.
///
/// The trainer knows nothing about glimpses, filters or scenes, and the learner nothing about threads.
public protocol Learner: AnyObject {
  var parameters: Parameters { get }
  /// Whether two evaluations of one example can differ, because something is sampled.
  var isStochastic: Bool { get }
  /// Whether scores of several rollouts can be averaged; the games of a player cannot.
  var canAverageRollouts: Bool { get }
  /// Whether a study publishes its weights, so that others can test it and see how it works.
  var publishesWeights: Bool { get }
  /// The most examples that a replica is given to train on at a time.
  var largestShard: Int { get }
  /// What it measures in addition to errors: the sums of `Metrics`, at most `Metrics.most`. The first one is the loss. All
  /// must stay finite, or training ends as diverged.
  var metrics: [Metric] { get }
  /// What changes during training by a schedule.
  var schedules: [NamedSchedule] { get }
  /// Numbers that are not parameters but belong in a checkpoint, such as a moving average.
  var state: [Float] { get set }

  /// A replica for this many examples of a world at a time; each has its own memory and is used by one thread at a time.
  func makeReplica(on world: any World, examples: Int) -> any Replica
  /// Called once after every update, with the sums over its batch.
  func finishStep(_ metrics: Metrics)
}

extension Learner {
  public var canAverageRollouts: Bool { true }
  public var publishesWeights: Bool { isStochastic }
  /// Ours: the activations of this many examples stay in the L2 cache.
  public var largestShard: Int { 32 }
  public var schedules: [NamedSchedule] { [] }
  public var state: [Float] {
    get { [] }
    set {}
  }
  public func finishStep(_ metrics: Metrics) {}
}

/// Computes with a learner's parameters on one shard of a batch.
public protocol Replica: AnyObject {
  /// The answers to each example after `evaluate`, e.g. class probabilities, [examples, scores].
  var scores: Matrix { get }

  /// Computes what its examples contribute to the gradient of the batch.
  func train(_ step: TrainingStep, into gradients: GradientBuffer) throws -> Metrics
  /// Computes `scores`, forward only; returns the loss summed over the examples.
  func evaluate(_ rollout: Rollout) throws -> Float
  /// Whether the answer to an example of the last evaluation is right by these scores, which may be an average.
  func isRight(_ example: Int, scores: UnsafePointer<Float>) -> Bool
}

/// How far a training is, for schedules.
public struct Progress: Sendable, Equatable {
  /// The fraction of all steps, 0...1.
  public var fraction: Float
  /// Whole epochs.
  public var epoch: Int

  public init(fraction: Float, epoch: Int) {
    self.fraction = fraction
    self.epoch = epoch
  }
}

/// What a replica needs to know about a training step.
public struct TrainingStep: Sendable {
  /// The run's seed.
  public var seed: UInt64
  /// The number of the shard's first example, counted over the whole run: the key of its random streams.
  public var firstExample: Int
  /// Examples in the whole batch, over all shards.
  public var batchSize: Int
  public var progress: Progress

  public init(seed: UInt64, firstExample: Int, batchSize: Int, progress: Progress) {
    self.seed = seed
    self.firstExample = firstExample
    self.batchSize = batchSize
    self.progress = progress
  }
}

/// One pass over a few examples: which ones, and whether a stochastic learner samples.
public struct Rollout: Sendable {
  public var split: Split
  /// The number of the first example: the key of its random streams.
  public var firstExample: Int
  public var count: Int
  public var seed: UInt64
  /// Which rollout this is; 0 is the first.
  public var index = 0
  /// Whether policies are sampled; otherwise their means and most probable actions are used.
  public var isSampled = false
  /// How far the training is; a policy samples with the deviation of this moment.
  public var progress: Progress

  public init(
    _ split: Split, firstExample: Int, count: Int, seed: UInt64, index: Int = 0, isSampled: Bool = false,
    progress: Progress = Progress(fraction: 1, epoch: 0)
  ) {
    self.split = split
    self.firstExample = firstExample
    self.count = count
    self.seed = seed
    self.index = index
    self.isSampled = isSampled
    self.progress = progress
  }
}
