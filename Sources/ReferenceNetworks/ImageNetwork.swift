import Autodiff
import Learning
import Numerics

/// A network that sees whole frames and classifies them in one step: what the paper's reference networks have in
/// common.
public final class ImageNetwork: Learner {
  public let parameters = Parameters()
  private let network: @Sendable (Pixels, Graph) -> Variable

  /// - Parameters:
  ///   - side: of a frame, pixels.
  ///   - declare: declares the tensors and draws the initial weights; returns what appends the network to a graph,
  ///     given pixels [B, side²], and gives the logits [B, classes].
  init(side: Int, _ declare: (Parameters) -> @Sendable (_ pixels: Pixels, _ graph: Graph) -> Variable) {
    // Ours: products of more rows are faster while the frames fit into half of an L2 cache. With 64 frames
    // instead of 32, a step at 28x28 was 5 % faster, and one at 100x100 up to 25 % slower (measured).
    largestShard = max(32, 100_000 / (side * side))
    network = declare(parameters)
    parameters.refreshCopies()
  }

  public var isStochastic: Bool { false }
  public var metrics: [Metric] { [.crossEntropy] }
  public let largestShard: Int

  public func makeReplica(on world: any World, examples: Int) -> any Replica {
    ImageReplica(parameters, on: world, examples: examples, network: network)
  }
}

/// Trains and evaluates a network that sees whole frames, a few at a time.
public final class ImageReplica: Replica {
  /// Whether the examples are those of the previous call, which then need not be drawn again; for measurements.
  public var keepsExamples = false

  private let stage: Stage
  private let graph: Graph
  private let loss: SoftmaxCrossEntropy
  public let scores: Matrix

  init(_ parameters: Parameters, on world: any World, examples: Int, network: (Pixels, Graph) -> Variable) {
    stage = Stage(world, capacity: examples)
    graph = Graph(steps: 1, batch: examples, parameters: parameters)
    let pixels = Pixels(stage.frames, columns: world.side * world.side)
    loss = graph.softmaxCrossEntropy(network(pixels, graph))
    scores = loss.probabilities.value(at: 0)
  }

  public func train(_ step: TrainingStep, into gradients: GradientBuffer) throws -> Metrics {
    if !keepsExamples {
      try stage.begin(.training, first: step.firstExample, count: stage.capacity, seed: step.seed)
    }
    loss.weight = 1 / Float(step.batchSize)
    forward()
    graph.backward(into: gradients)
    var metrics = Metrics()
    metrics.examples = stage.count
    for example in 0..<stage.count {
      metrics.sums[0] += Double(loss.losses[example])
      if loss.prediction(step: 0, example: example) != stage.label(example) { metrics.errors += 1 }
    }
    return metrics
  }

  /// Nothing is sampled, so every rollout is the same.
  public func evaluate(_ rollout: Rollout) throws -> Float {
    if !keepsExamples {
      try stage.begin(rollout.split, first: rollout.firstExample, count: rollout.count, seed: rollout.seed)
    }
    forward()
    return (0..<stage.count).reduce(0) { $0 + loss.losses[$1] }
  }

  public func isRight(_ example: Int, scores: UnsafePointer<Float>) -> Bool {
    argmax(scores, self.scores.columns) == stage.label(example)
  }

  private func forward() {
    for example in 0..<stage.capacity { loss.labels[example] = UInt8(stage.label(example)) }
    graph.forward(step: 0)
  }
}

/// - Throws: `DefinitionError` when the world does not have one label for each frame.
func checkOneLabel(_ network: String, on world: any World) throws {
  guard world.classCounts.count == 1, world.play == nil else {
    throw DefinitionError(
      "the network", network, "\(world.summary) is not one label for each frame",
      cure: "give it a world that is")
  }
}

/// - Throws: `DefinitionError` when there are not any.
func checkPositive(_ network: String, _ settings: (name: String, value: Int)...) throws {
  if let wrong = settings.first(where: { $0.value < 1 }) {
    throw DefinitionError(
      "\(network)'s \(wrong.name)", wrong.value, "it must be at least 1",
      cure: "give the paper's value, for example")
  }
}
