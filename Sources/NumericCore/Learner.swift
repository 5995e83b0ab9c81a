/// A classifier that a trainer can train: its parameters, and workers that compute with them.
///
/// The trainer knows nothing of glimpses or filters, and the network nothing of threads or tasks.
public protocol Learner: AnyObject, Sendable {
  var parameters: Parameters { get }
  /// Whether two evaluations of one image can differ, because something is sampled.
  var isStochastic: Bool { get }
  /// Whether a worker can train several shards at once, an image of each in turn.
  var trainsShardsTogether: Bool { get }
  /// Rows of an image in the product that is a weight's gradient: as many as it is looked at.
  var gradientRowsPerImage: Int { get }
  /// Trained or tracked numbers that are no parameters, such as a moving average, for the checkpoint.
  var state: [Float] { get set }

  /// A worker for `images` images at a time; each has its own memory and is used by one thread at a time.
  func makeWorker(images: Int, side: Int) -> any LearnerWorker
  /// Called once after every update, with the sums over its batch.
  func finishStep(_ tally: Tally)
}

extension Learner {
  public var trainsShardsTogether: Bool { false }
  public var gradientRowsPerImage: Int { 1 }
}

/// Computes with a learner's parameters on one shard of a batch.
public protocol LearnerWorker: AnyObject {
  /// The images and labels to work on, filled by the caller.
  var batch: ImageBatch { get }
  /// Class probabilities after `evaluate`, [images, classes].
  var probabilities: Matrix { get }
  /// Bytes of working memory.
  var bytes: Int { get }

  /// Computes the part of the images in the batch's gradient.
  ///
  /// - Parameter gradients: of as many shards as the images.
  func train(_ step: TrainingStep, into gradients: GradientBuffer) -> Tally
  /// Computes `probabilities`, forward only; returns the cross entropy summed over the filled images.
  func evaluate(_ rollout: Rollout) -> Float
}

/// What a worker needs to know of the step it is part of.
public struct TrainingStep: Sendable {
  /// The run's seed.
  public var seed: UInt64
  /// The number, over the whole run, of the shard's first example: the key of its random streams.
  public var firstExample: Int
  /// Examples in the whole batch, over all shards.
  public var batchSize: Int
  /// σ of the location policy, image half-widths.
  public var standardDeviation: Float

  public init(seed: UInt64, firstExample: Int, batchSize: Int, standardDeviation: Float) {
    self.seed = seed
    self.firstExample = firstExample
    self.batchSize = batchSize
    self.standardDeviation = standardDeviation
  }
}

/// One way through an evaluation: where a stochastic learner looks.
public struct Rollout: Sendable {
  public var seed: UInt64
  /// Which rollout this is; 0 is the first.
  public var index: Int
  /// The number of the shard's first example: the key of its random streams.
  public var firstExample: Int
  /// σ of the location policy; nil looks at the mean.
  public var standardDeviation: Float?
  /// Which set the examples are of: 0 training, 1 validation, 2 test. For a learner that draws them itself.
  public var exampleSet = 1

  public init(seed: UInt64, index: Int = 0, firstExample: Int, standardDeviation: Float?) {
    self.seed = seed
    self.index = index
    self.firstExample = firstExample
    self.standardDeviation = standardDeviation
  }
}

/// Sums over examples, added up in a fixed order.
public struct Tally: Sendable, Codable, Equatable {
  public var examples = 0
  public var errors = 0
  public var crossEntropy: Double = 0
  public var baselineError: Double = 0

  public init() {}

  public static func += (sum: inout Tally, other: Tally) {
    sum.examples += other.examples
    sum.errors += other.errors
    sum.crossEntropy += other.crossEntropy
    sum.baselineError += other.baselineError
  }

  public var errorPercent: Double { examples == 0 ? 0 : 100 * Double(errors) / Double(examples) }
  public var meanCrossEntropy: Double { examples == 0 ? 0 : crossEntropy / Double(examples) }
  public var meanBaselineError: Double { examples == 0 ? 0 : baselineError / Double(examples) }
}
