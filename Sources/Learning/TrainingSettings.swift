import Autodiff
import Numerics

/// How a network is trained, apart from what its own parts decide. Part of what identifies a run.
public struct TrainingSettings: Sendable {
  public var epochs: Int
  /// Examples in an epoch, rounded down to whole batches, but at least one batch. With fresh scenes, an epoch is only the
  /// distance between two validations.
  public var examplesPerEpoch: Int
  public var batchSize: Int
  public var updateRule: any UpdateRule
  public var learningRate: Schedule
  /// Gradients longer than this, as one vector, are shortened to it; nil never shortens them.
  public var clippingNorm: Float?
  /// λ of decoupled weight decay: weights shrink by η λ of themselves at every step.
  public var weightDecay: Float
  /// The precision of the large products.
  public var precision = ProductPrecision.single
  /// Examples of the validation split that are evaluated after each epoch.
  public var validationExamples: Int
  /// Examples of the test split. Beyond the world's `count(of:)`, examples are made again of the same material.
  public var testExamples: Int

  public init(
    epochs: Int, examplesPerEpoch: Int, batchSize: Int = 128, updateRule: any UpdateRule = Adam(),
    learningRate: Schedule = .cosine(from: 1e-3, to: 1e-5), clippingNorm: Float? = 5,
    weightDecay: Float = 0, validationExamples: Int = 10_000, testExamples: Int = 10_000
  ) {
    self.epochs = epochs
    self.examplesPerEpoch = examplesPerEpoch
    self.batchSize = batchSize
    self.updateRule = updateRule
    self.learningRate = learningRate
    self.clippingNorm = clippingNorm
    self.weightDecay = weightDecay
    self.validationExamples = validationExamples
    self.testExamples = testExamples
  }

  public var configuration: Configuration {
    Configuration("training")
      .with("epochs", epochs)
      .with("examples_per_epoch", examplesPerEpoch)
      .with("batch_size", batchSize)
      .with("update_rule", updateRule.configuration)
      .with("learning_rate", learningRate)
      .with("clipping_norm", clippingNorm)
      .with("weight_decay", weightDecay, default: 0)
      .with("precision", precision.rawValue, default: ProductPrecision.single.rawValue)
      .with("validation_examples", validationExamples)
      .with("test_examples", testExamples)
  }

  /// - Throws: `DefinitionError` for the first impossible setting.
  public func check() throws {
    for (name, value) in [
      ("number of epochs", epochs), ("number of examples per epoch", examplesPerEpoch),
      ("batch size", batchSize),
      ("number of validation examples", validationExamples), ("number of test examples", testExamples),
    ] where value < 1 {
      throw DefinitionError(
        "the training's \(name)", value, "it must be at least 1", cure: "give a larger number")
    }
    try updateRule.check()
    let moments = updateRule.moments
    guard Set(moments).count == moments.count else {
      throw DefinitionError(
        "the update rule's moments", "\(moments)", "two have the same name, by which checkpoints keep them",
        cure: "rename one of them")
    }
    try learningRate.check("learning rate")
    guard weightDecay >= 0, weightDecay.isFinite else {
      throw DefinitionError(
        "the training's weight decay", weightDecay, "it must not be negative", cure: "choose 0 for none")
    }
    if let clippingNorm, !(clippingNorm > 0) {
      throw DefinitionError(
        "the training's clipping norm", clippingNorm, "it must be above 0",
        cure: "give a positive number, or nil for none")
    }
  }

  public var stepsPerEpoch: Int { max(1, examplesPerEpoch / batchSize) }
  public var steps: Int { epochs * stepsPerEpoch }
  /// Examples of the whole training.
  public var examples: Int { steps * batchSize }

  /// The moment of step `step`, counted from 0.
  public func progress(atStep step: Int) -> Progress {
    let fraction = Float(step) / Float(max(steps, 1))
    // Of more than 2^24 steps, the last ones would round to the end.
    return Progress(
      fraction: step < steps ? min(fraction, Float(1).nextDown) : fraction, epoch: step / stepsPerEpoch)
  }

  /// How a batch is cut: into equal shards of at most this many examples and at most half the batch, so that two threads
  /// share even a small one. It depends on nothing else, because the order of sums decides the last digits.
  public func shards(ofAtMost largest: Int) -> Int {
    require(largest > 0, "a learner's largest shard has at least one example, not \(largest)")
    var count = max(min(2, batchSize), (batchSize + largest - 1) / largest)
    while batchSize % count != 0 { count += 1 }
    return count
  }
}

extension ProductPrecision {
  /// - Throws: `DefinitionError` when this machine cannot multiply in it.
  public func check() throws {
    guard let obstacle else { return }
    throw DefinitionError(
      "the training's precision", rawValue, "this machine cannot multiply in it: \(obstacle.dropLast())",
      cure: "choose single, or a processor with avx512_bf16")
  }
}
