import Autodiff
import Learning
import Numerics

/// The environment action of a classifier (section 3, "Actions"): Linear(h) and a softmax for each label of an example.
/// The model answers after the last glimpse, and after every one where its objective trains all answers.
public struct ClassAction: Action, Equatable {
  /// How many classes each label has.
  public let classCounts: [Int]
  /// The name of its tensors: the paper's word for what the model does, unless it also moves.
  let tensor: String

  public init(classCounts: [Int]) { self.init(classCounts: classCounts, tensor: "action") }

  init(classCounts: [Int], tensor: String) { (self.classCounts, self.tensor) = (classCounts, tensor) }

  public static let kind = "class"
  public var configuration: Configuration { Configuration(Self.kind).with("class_counts", classCounts) }

  public func check(_ network: RecurrentAttention, on world: any World) throws {
    guard !classCounts.isEmpty, classCounts == world.classCounts else {
      throw DefinitionError(
        "the class action's numbers of classes", "\(classCounts)",
        "\(world.summary) has \(world.classCounts.isEmpty ? "no labels" : "labels of \(world.classCounts) classes")",
        cure: "leave it out; a network names whatever labels its world has")
    }
  }

  public func declare(for network: RecurrentAttention, in parameters: Parameters) -> any ActionLayer {
    ClassifierLayer(
      classCounts: classCounts, learnsEveryGlimpse: network.objective.answersEveryGlimpse,
      layer: LinearLayer(
        tensor, inputs: network.core.units, outputs: classCounts.reduce(0, +), in: parameters))
  }

  public func multiplyAdds(units: Int, glimpses: Int) -> Int { units * classCounts.reduce(0, +) }
}

/// The action network f_a of a classifier.
struct ClassifierLayer: ActionLayer {
  let classCounts: [Int]
  /// Whether answers before the last are trained too, as `earlierLosses`.
  let learnsEveryGlimpse: Bool
  let layer: LinearLayer

  func initialize(_ parameters: Parameters, seed: UInt64) { parameters.initialize(layer, seed: seed) }

  func steps(glimpses: Int, readsEveryGlimpse: Bool) -> Range<Int> {
    (readsEveryGlimpse || learnsEveryGlimpse ? 0 : glimpses - 1)..<glimpses
  }

  func attach(to state: Variable, in graph: Graph) -> Classifier { Classifier(self, state, graph) }
}

/// A classifier in a graph.
public final class Classifier: ActionHead {
  /// Cross entropy after the last glimpse, one for each label.
  public let losses: [SoftmaxCrossEntropy]
  /// How many classes there are in all.
  public let columns: Int
  /// Cross entropy after the earlier glimpses, one for each label; empty if the class is read after the last glimpse
  /// only. If they are not trained, no gradient passes.
  public let earlierLosses: [SoftmaxCrossEntropy]
  private let last: Int

  init(_ layer: ClassifierLayer, _ state: Variable, _ graph: Graph) {
    let logits = graph.linear(state, layer.layer)
    columns = logits.columns
    last = state.steps.upperBound - 1
    func questions(_ logits: Variable) -> [SoftmaxCrossEntropy] {
      guard layer.classCounts.count > 1 else { return [graph.softmaxCrossEntropy(logits)] }
      var first = 0
      return layer.classCounts.map { classes in
        defer { first += classes }
        return graph.softmaxCrossEntropy(logits.columns(first..<(first + classes)))
      }
    }
    losses = questions(logits.during(last..<(last + 1)))
    let before = logits.during(state.steps.lowerBound..<last)
    earlierLosses = before.steps.isEmpty ? [] : questions(layer.learnsEveryGlimpse ? before : before.detached)
  }

  /// Sets the labels where they are known.
  public func begin(_ run: AgentRun, on stage: Stage, episodes: Int) {
    setLabels(of: stage, episodes: episodes)
  }

  /// The rows may be those of several steps of time, one after the other.
  func setLabels(of stage: Stage, episodes: Int) {
    guard stage.hasLabels else { return }
    let rows = stage.capacity * episodes
    for (question, loss) in losses.enumerated() {
      for row in 0..<loss.logits.batch {
        let label = UInt8(truncatingIfNeeded: stage.label(row % rows / episodes, question))
        loss.labels[row] = label
        if !earlierLosses.isEmpty { earlierLosses[question].labels[row] = label }
      }
    }
  }

  /// The cross entropy of a row after the last glimpse or an earlier one, summed over its labels.
  public func crossEntropy(_ row: Int, step: Int? = nil) -> Float {
    let losses = losses(at: step)
    let place = ((step ?? last) - losses[0].logits.steps.lowerBound) * losses[0].logits.batch + row
    var sum = losses[0].losses[place]
    for question in 1..<max(losses.count, 1) { sum += losses[question].losses[place] }
    return sum
  }

  /// The answer to a row after the last glimpse or an earlier one.
  public func answer(_ row: Int, step: Int? = nil) -> Answer {
    var answer = Answer(isRight: true, probability: 1)
    for loss in losses(at: step) {
      let label = Int(loss.labels[row])
      if loss.prediction(step: step ?? last, example: row) != label { answer.isRight = false }
      answer.probability *= loss.probabilities.value(at: step ?? last)[row, label]
    }
    return answer
  }

  private func losses(at step: Int?) -> [SoftmaxCrossEntropy] {
    guard let step, step < last else { return losses }
    require(
      !earlierLosses.isEmpty,
      "the class is read after glimpse \(last + 1) only, not after \(step + 1): make answersEveryGlimpse true"
    )
    return earlierLosses
  }

  /// Class probabilities of a row after glimpse `step`, label by label, [columns].
  public func writeProbabilities(_ row: Int, step: Int, into output: UnsafeMutablePointer<Float>) {
    var first = 0
    for loss in losses(at: step) {
      let p = loss.probabilities.value(at: step)
      (output + first).update(from: p.row(row), count: p.columns)
      first += p.columns
    }
  }
}

extension Agent {
  /// For a world whose examples have labels.
  public var classifier: Classifier? { heads.first() }
}

/// How good an answer is.
public struct Answer: Sendable {
  /// Whether the most probable class is the right one for every label.
  public var isRight: Bool
  /// p(y), the product over all labels.
  public var probability: Float

  public init(isRight: Bool, probability: Float) {
    self.isRight = isRight
    self.probability = probability
  }
}
