import Autodiff
import Learning
import Numerics
import RecurrentAttention

/// Says after the last glimpse how likely the model's answer is to be right, so that doubtful ones can be left to somebody
/// else (compare the selection head of Geifman and El-Yaniv 2019, "SelectiveNet").
///
///     c = softmax(Linear(h_T))           [B, 2], right in column 1
///
/// No gradient passes to h, so the model answers as it would without this action, but for the norm that clips all gradients
/// together.
public struct ConfidenceAction: Action, Equatable {
  public init() {}

  public static let kind = "confidence"
  public var configuration: Configuration { Configuration(Self.kind) }

  public func declare(for network: RecurrentAttention, in parameters: Parameters) -> any ActionLayer {
    ConfidenceLayer(
      layer: LinearLayer("confidence", inputs: network.core.units, outputs: 2, in: parameters))
  }

  public func multiplyAdds(units: Int, glimpses: Int) -> Int { 2 * units }

  public var openChoices: [String] {
    [
      "After the last glimpse, the model says how likely its answer is to be right; no gradient of that enters the core."
    ]
  }
}

struct ConfidenceLayer: ActionLayer {
  let layer: LinearLayer

  func initialize(_ parameters: Parameters, seed: UInt64) { parameters.initialize(layer, seed: seed) }
  func steps(glimpses: Int, readsEveryGlimpse: Bool) -> Range<Int> { (glimpses - 1)..<glimpses }
  func attach(to state: Variable, in graph: Graph) -> Confidence {
    Confidence(loss: graph.softmaxCrossEntropy(graph.linear(state.detached, layer)))
  }
}

/// The action in a graph.
public final class Confidence: ActionHead {
  /// Its labels are 1 where the answer is right and 0 elsewhere, which is known after the forward pass only.
  let loss: SoftmaxCrossEntropy

  init(loss: SoftmaxCrossEntropy) { self.loss = loss }

  /// c of a row.
  public func probability(_ row: Int) -> Float { loss.probabilities.allValues[row, 1] }
}

/// The hybrid loss of a classifier plus the cross entropy of its confidence.
///
///     L = hybrid loss - mean over rows of log c[answer is right]
public struct ConfidenceObjective: Objective {
  public var classification: ClassificationObjective

  public init(_ classification: ClassificationObjective = .init()) { self.classification = classification }

  public var configuration: Configuration {
    Configuration("confidence").with("classification", classification.configuration)
  }

  public var metrics: [Metric] {
    classification.metrics + [
      Metric(
        "confidence_error", "Squared difference of the confidence from 1 if the answer is right, else from 0."
      )
    ]
  }
  public var returnMetric: Int? { classification.returnMetric }
  public var schedules: [NamedSchedule] { classification.schedules }
  public var episodes: Int { classification.episodes }
  public var trainedActions: [String] { classification.trainedActions + [ConfidenceAction.kind] }
  public var answersEveryGlimpse: Bool { classification.answersEveryGlimpse }
  public var openChoices: [String] { classification.openChoices }

  public func check(_ network: RecurrentAttention, on world: any World) throws {
    try classification.check(network, on: world)
  }

  public func declare(
    for network: RecurrentAttention, on world: any World, in parameters: Parameters
  ) -> any ObjectiveLayer {
    Layer(classification: classification.declare(for: network, on: world, in: parameters))
  }

  struct Layer: ObjectiveLayer {
    let classification: any ObjectiveLayer

    func initialize(_ parameters: Parameters, seed: UInt64) {
      classification.initialize(parameters, seed: seed)
    }
    func attach(to agent: Agent) -> any ObjectiveTerms {
      ConfidenceTerms(classification.attach(to: agent), agent)
    }
  }
}

final class ConfidenceTerms: ObjectiveTerms {
  private let classification: any ObjectiveTerms
  private let agent: Agent
  private let classifier: Classifier
  private let confidence: Confidence

  init(_ classification: any ObjectiveTerms, _ agent: Agent) {
    guard let classifier = agent.classifier, let confidence = agent.heads.first(Confidence.self) else {
      preconditionFailure("a confidence objective without a classifier or a confidence action")
    }
    (self.classification, self.agent) = (classification, agent)
    (self.classifier, self.confidence) = (classifier, confidence)
  }

  func assignCredit(_ step: TrainingStep) {
    classification.assignCredit(step)
    confidence.loss.weight = 1 / Float(step.batchSize * agent.episodes)
    for row in 0..<agent.rows { confidence.loss.labels[row] = classifier.answer(row).isRight ? 1 : 0 }
  }

  func metrics(examples: Int) -> Metrics {
    var metrics = classification.metrics(examples: examples)
    let own = agent.model.metrics.count - 1
    for row in 0..<metrics.examples {
      let difference = confidence.probability(row) - Float(confidence.loss.labels[row])
      metrics.sums[own] += Double(difference * difference)
    }
    return metrics
  }

  func loss(examples: Int) -> Float { classification.loss(examples: examples) }
}
