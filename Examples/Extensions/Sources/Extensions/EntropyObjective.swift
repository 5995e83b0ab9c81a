import Autodiff
import Learning
import Numerics
import RecurrentAttention

/// Rewards confidence in the right answer: 1 + log p(y) / 3, at least 0, so that 0.05 and 0.2 differ.
public struct LogProbability: Reward, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("log_probability") }
  public func value(of answer: Answer) -> Float {
    max(0, 1 + Elementary.log(max(answer.probability, .leastNormalMagnitude)) / 3)
  }
  public var openChoice: String? { "The reward is 1 + log p(y) / 3, not below 0." }
}

/// The hybrid loss minus a weight times the entropy of the answers (Pereyra et al. 2017, "Regularizing neural networks by
/// penalizing confident output distributions").
///
///     L = hybrid loss - β H(p)          p the class distribution after the last glimpse, for every label
public struct EntropyObjective: Objective {
  public var classification: ClassificationObjective
  /// β, the value of one nat.
  public var entropyWeight: Schedule

  public init(_ classification: ClassificationObjective = .init(), entropyWeight: Schedule) {
    self.classification = classification
    self.entropyWeight = entropyWeight
  }

  public var configuration: Configuration {
    Configuration("entropy").with("classification", classification.configuration)
      .with("entropy_weight", entropyWeight)
  }

  public var metrics: [Metric] {
    classification.metrics + [Metric("class_entropy", "Entropy of the class distribution, in nats.")]
  }
  public var returnMetric: Int? { classification.returnMetric }
  public var schedules: [NamedSchedule] {
    classification.schedules + [
      NamedSchedule("class_entropy_weight", "Value of a nat of that entropy, in the loss.", entropyWeight)
    ]
  }
  public var episodes: Int { classification.episodes }
  public var trainedActions: [String] { classification.trainedActions }
  public var answersEveryGlimpse: Bool { classification.answersEveryGlimpse }
  public var openChoices: [String] {
    classification.openChoices + [
      "A nat of the class distribution's entropy is worth \(entropyWeight.summary)."
    ]
  }

  public func check(_ network: RecurrentAttention, on world: any World) throws {
    try classification.check(network, on: world)
    try entropyWeight.check("weight of entropy")
  }

  public func declare(
    for network: RecurrentAttention, on world: any World, in parameters: Parameters
  ) -> any ObjectiveLayer {
    EntropyLayer(
      objective: self, classification: classification.declare(for: network, on: world, in: parameters))
  }
}

struct EntropyLayer: ObjectiveLayer {
  let objective: EntropyObjective
  let classification: any ObjectiveLayer

  func initialize(_ parameters: Parameters, seed: UInt64) {
    classification.initialize(parameters, seed: seed)
  }
  func attach(to agent: Agent) -> any ObjectiveTerms { EntropyTerms(self, agent) }
}

final class EntropyTerms: ObjectiveTerms {
  private let agent: Agent
  private let classification: any ObjectiveTerms
  private let weight: Schedule
  private let metricIndex: Int
  private let entropies: [EntropyBonus]

  init(_ layer: EntropyLayer, _ agent: Agent) {
    self.agent = agent
    classification = layer.classification.attach(to: agent)
    weight = layer.objective.entropyWeight
    metricIndex = layer.objective.metrics.count - 1
    entropies = (agent.classifier?.losses ?? []).map { EntropyBonus(of: $0, in: agent.graph) }
  }

  func assignCredit(_ step: TrainingStep) {
    classification.assignCredit(step)
    let perRow = weight.value(at: step.progress) / Float(step.batchSize * agent.episodes)
    for entropy in entropies { entropy.weight = perRow }
  }

  func metrics(examples: Int) -> Metrics {
    var metrics = classification.metrics(examples: examples)
    for row in 0..<metrics.examples {
      for entropy in entropies { metrics.sums[metricIndex] += Double(entropy.value(row)) }
    }
    return metrics
  }

  func loss(examples: Int) -> Float { classification.loss(examples: examples) }
}

/// L = -β H(p), p = softmax(x), summed over examples.     x, p [B, classes]
final class EntropyBonus: Operation {
  var weight: Float = 1  // β
  private let x: Variable
  private let p: Variable

  init(of softmax: SoftmaxCrossEntropy, in graph: Graph) {
    x = softmax.logits
    p = softmax.probabilities
    graph.append(self, steps: x.steps)
  }

  /// H(p) of a row, nats.
  func value(_ row: Int) -> Float {
    let p = p.allValues
    return (0..<p.columns).reduce(0) { $0 - p[row, $1] * log(p[row, $1]) }
  }

  func forward(step: Int) {}

  func backward(into gradients: GradientBuffer) {
    guard let dx = x.allGradients else { return }
    let p = p.allValues
    for row in 0..<dx.rows {
      let entropy = value(row)
      // -β H: dx = β p (log p + H)
      for j in 0..<dx.columns { dx[row, j] += weight * p[row, j] * (log(p[row, j]) + entropy) }
    }
  }

  private func log(_ p: Float) -> Float { Elementary.log(max(p, .leastNormalMagnitude)) }
}
