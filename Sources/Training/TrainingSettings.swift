import NumericCore

/// How a network is trained. Part of a run's configuration: a checkpoint of other settings is refused.
public struct TrainingSettings: Sendable, Codable, Equatable {
  public var epochs: Int
  /// Scenes an epoch draws; with fresh scenes an epoch is only the distance between two validations.
  public var examplesPerEpoch: Int
  public var batchSize: Int
  public var optimizer: OptimizerKind
  public var learningRate: Schedule
  /// σ of the location policy, image half-widths.
  public var standardDeviation: Schedule
  public var clippingNorm: Float?
  /// Of the products. Single precision is nil, which is not written, so that older checkpoints still fit.
  public var precision: ProductPrecision?
  /// Scenes of the validation split looked at after each epoch.
  public var validationScenes: Int
  /// Scenes of the test split; more than it has digits places them again.
  public var testScenes: Int

  public init(
    epochs: Int, examplesPerEpoch: Int, batchSize: Int = 128, optimizer: OptimizerKind = .adam(),
    learningRate: Schedule = .cosine(from: 1e-3, to: 1e-5),
    standardDeviation: Schedule = .linear(from: 0.15, to: 0.1),
    clippingNorm: Float? = 5, validationScenes: Int = 10_000, testScenes: Int = 10_000
  ) {
    self.epochs = epochs
    self.examplesPerEpoch = examplesPerEpoch
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.standardDeviation = standardDeviation
    self.clippingNorm = clippingNorm
    self.validationScenes = validationScenes
    self.testScenes = testScenes
  }

  public var stepsPerEpoch: Int { max(1, examplesPerEpoch / batchSize) }
  public var steps: Int { epochs * stepsPerEpoch }

  /// Examples that a worker's activations should be of, to stay in the second-level cache.
  static let largestShard = 32

  /// How a batch is cut: equal shards of at most 32 examples, and of half the batch at most, so that two
  /// threads share even a small one. Fixed by the batch alone, because the order of sums decides the last
  /// digits.
  public var shards: Int {
    var count = max(min(2, batchSize), (batchSize + Self.largestShard - 1) / Self.largestShard)
    while batchSize % count != 0 { count += 1 }
    return count
  }
}
