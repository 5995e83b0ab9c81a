import Autodiff
import Learning
import Numerics

/// A network that is not an attention model: it looks at random places, ignores their order, and answers from the mean of
/// what it saw.
///
///     h_k = Rect(Linear(patch_k))         [B, units], k = 1 ... K
///     m   = Σ_k h_k / K                   [B, units]
///     p_q = softmax(Linear(m))            [B, classes], for every label q
public struct BagOfPatches: Network, Equatable {
  /// K.
  public var patches: Int
  /// Pixels.
  public var patchSide: Int
  public var units: Int

  public init(patches: Int = 16, patchSide: Int = 12, units: Int = 256) {
    self.patches = patches
    self.patchSide = patchSide
    self.units = units
  }

  public var configuration: Configuration {
    Configuration("bag_of_patches").with("patches", patches).with("patch_side", patchSide).with(
      "units", units)
  }

  public func check(on world: any World) throws {
    guard patches > 0, units > 0, (1...world.side).contains(patchSide) else {
      throw DefinitionError(
        "the bag of patches", configuration.text,
        "it must have patches that fit into \(world.side) pixels, and units",
        cure: "choose 16 patches of 12 pixels and 256 units")
    }
    guard !world.classCounts.isEmpty, world.play == nil else {
      throw DefinitionError(
        "the network", "bag of patches", "\(world.summary) has no labels to classify",
        cure: "choose another world")
    }
  }

  public func makeLearner(for world: any World, seed: UInt64) -> any Learner {
    BagOfPatchesLearner(self, for: world, seed: seed)
  }

  public func multiplyAdds(on world: any World) -> Int? {
    patches * patchSide * patchSide * units + units * world.classCounts.reduce(0, +)
  }
}

final class BagOfPatchesLearner: Learner {
  let network: BagOfPatches
  let parameters = Parameters()
  let isStochastic = true
  let metrics = [Metric.crossEntropy]
  private let hidden: LinearLayer
  private let action: LinearLayer
  private let classCounts: [Int]

  init(_ network: BagOfPatches, for world: any World, seed: UInt64) {
    self.network = network
    classCounts = world.classCounts
    let pixels = network.patchSide * network.patchSide
    hidden = LinearLayer(
      "hidden", inputs: pixels, outputs: network.units, passesGradient: false, in: parameters)
    action = LinearLayer(
      "action", inputs: network.units, outputs: classCounts.reduce(0, +), in: parameters)
    for layer in [hidden, action] { parameters.initialize(layer, seed: seed) }
    parameters.refreshCopies()
  }

  func makeReplica(on world: any World, examples: Int) -> any Replica {
    BagOfPatchesReplica(self, on: world, examples: examples)
  }

  /// Appends the network to a graph with a step for each patch, [B, pixels]; returns a loss for each label.
  func losses(of patches: Variable, in graph: Graph) -> [SoftmaxCrossEntropy] {
    let mean = MeanOverSteps(of: graph.linear(patches, hidden, .rectifier), in: graph).y
    let logits = graph.linear(mean, action)
    var first = 0
    return classCounts.map { classes in
      defer { first += classes }
      return graph.softmaxCrossEntropy(logits.columns(first..<(first + classes)))
    }
  }
}

/// y = Σ_t x_t / T, at the last step.     x, y [B, columns]
final class MeanOverSteps: Operation {
  let y: Variable
  private let x: Variable

  init(of x: Variable, in graph: Graph) {
    self.x = x
    let last = graph.steps - 1
    y = graph.variable(columns: x.columns, steps: last..<(last + 1))
    graph.append(self, steps: y.steps)
  }

  func forward(step: Int) {
    let (mean, scale) = (y.value(at: step), 1 / Float(x.steps.count))
    for row in 0..<mean.rows {
      for j in 0..<mean.columns { mean[row, j] = x.steps.reduce(0) { $0 + x.value(at: $1)[row, j] } * scale }
    }
  }

  func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients else { return }
    let scale = 1 / Float(x.steps.count)
    for step in x.steps {
      guard let dx = x.gradient(at: step) else { return }
      for row in 0..<dx.rows { for j in 0..<dx.columns { dx[row, j] += scale * dy[row, j] } }
    }
  }
}

final class BagOfPatchesReplica: Replica {
  let scores: Matrix
  private let stage: Stage
  private let graph: Graph
  private let patches: Variable
  private let losses: [SoftmaxCrossEntropy]

  init(_ learner: BagOfPatchesLearner, on world: any World, examples: Int) {
    let side = learner.network.patchSide
    stage = Stage(world, capacity: examples)
    graph = Graph(steps: learner.network.patches, batch: examples, parameters: learner.parameters)
    patches = graph.variable(columns: side * side, gradient: false)
    losses = learner.losses(of: patches, in: graph)
    let columns = world.classCounts.reduce(0, +)
    scores = Matrix(graph.arena.take(count: examples * columns), rows: examples, columns: columns)
  }

  private var last: Int { graph.steps - 1 }

  func train(_ step: TrainingStep, into gradients: GradientBuffer) throws -> Metrics {
    try stage.begin(.training, first: step.firstExample, count: stage.capacity, seed: step.seed)
    for loss in losses { loss.weight = 1 / Float(step.batchSize) }
    look(seed: step.seed, .locations, round: 0, first: step.firstExample)
    graph.backward(into: gradients)
    var metrics = Metrics()
    metrics.examples = stage.count
    for example in 0..<stage.count {
      metrics.sums[0] += losses.reduce(0) { $0 + Double($1.losses[example]) }
      if !isRight(example, scores: scores.row(example)) { metrics.errors += 1 }
    }
    return metrics
  }

  func evaluate(_ rollout: Rollout) throws -> Float {
    try stage.begin(rollout.split, first: rollout.firstExample, count: rollout.count, seed: rollout.seed)
    look(seed: rollout.seed, .evaluation, round: rollout.index, first: rollout.firstExample)
    return losses.reduce(0) { sum, loss in (0..<stage.count).reduce(sum) { $0 + loss.losses[$1] } }
  }

  func isRight(_ example: Int, scores: UnsafePointer<Float>) -> Bool {
    var first = 0
    return losses.indices.allSatisfy { question in
      let classes = losses[question].logits.columns
      defer { first += classes }
      return argmax(scores + first, classes) == stage.label(example, question)
    }
  }

  /// Cuts patches out of all frames, at places from each example's own random stream, and answers.
  private func look(seed: UInt64, _ purpose: StreamPurpose, round: Int, first: Int) {
    let side = Int(Float(patches.columns).squareRoot())
    for example in 0..<stage.capacity {
      var stream = RandomStream(seed: seed, purpose, epoch: round, example: first + example)
      for step in patches.steps {
        let (x, y) = (
          stream.integer(below: stage.side - side + 1), stream.integer(below: stage.side - side + 1)
        )
        let patch = patches.value(at: step).row(example)
        for pixel in 0..<patches.columns {
          let place = (y + pixel / side) * stage.side + x + pixel % side
          patch[pixel] = Float(stage.frame(example)[place]) / 255
        }
      }
      for (question, loss) in losses.enumerated() {
        loss.labels[example] = UInt8(stage.label(example, question))
      }
    }
    for step in 0..<graph.steps { graph.forward(step: step) }
    for example in 0..<stage.capacity {
      var first = 0
      for loss in losses {
        let p = loss.probabilities.value(at: last)
        (scores.row(example) + first).update(from: p.row(example), count: p.columns)
        first += p.columns
      }
    }
  }
}
