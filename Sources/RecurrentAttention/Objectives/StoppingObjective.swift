import Autodiff
import Learning
import Numerics

/// The hybrid loss of a classifier that decides when it has seen enough (sections 3.1 and 5): a stop action, trained with
/// REINFORCE beside the locations, and a price for each glimpse.
///
///     q_t = s_t Π_{k<t} (1 - s_k)                the probability of stopping after glimpse t; s is 1 for the last
///     r_t = R_t - c (t + 1)                      what stopping there earns: R_t for the answer, c the price of a glimpse
///     J   = E over paths of Σ_t q_t r_t
///     L   = mean over rows of Σ_t w_t CE_t - w J + mean over t of (G_{t+1} - b_t)²
///
/// Training takes all T glimpses of a path, so every r_t is known, and the expectation over the stopping time is computed
/// instead of sampled (Rao and Blackwell). The gradient has the same mean without the noise of that sample. Each decision
/// gets the credit that REINFORCE gives it, times the probability that the path gets that far:
///
///     G_t = s_t r_t + (1 - s_t) G_{t+1}          the return from glimpse t on, if the path gets there
///     stop after t         p_t (r_t - G_{t+1})      ∇s_t             p_t = Π_{k<t} (1 - s_k)
///     look at l_t          p_t (G_t - b_{t-1})      ∇log π(l_t)      or as the objective's advantage defines it
///
/// The cross entropy after each glimpse is weighted by the probability of stopping there, w_t = (1 - ε) q_t + ε / T, which
/// counts as a constant: no gradient of cross entropy trains the stop action.
public struct StoppingObjective: Objective {
  /// What it shares with a model that always takes T glimpses: rewards, baseline, advantage, weights.
  public var classification: ClassificationObjective
  /// c, what a glimpse costs, in units of the reward.
  public var price: Float
  /// ε, the share of cross entropy that is spread evenly over all glimpses, so that the network learns to answer even where
  /// it hardly ever stops.
  public var evenShare: Float = 0.3  // ours: the paper only proposes the action

  public init(_ classification: ClassificationObjective, price: Float) {
    self.classification = classification
    self.price = price
  }

  public var configuration: Configuration {
    Configuration("stopping").with("classification", classification.configuration).with("price", price)
      .with("even_share", evenShare, default: 0.3)
  }

  public var answersEveryGlimpse: Bool { true }
  public var trainedActions: [String] { [ClassAction.kind, StopAction.kind] }
  public var metrics: [Metric] {
    classification.metrics + [
      Metric("expected_glimpses", "Expected number of glimpses before the model stops.")
    ]
  }
  public var returnMetric: Int? { classification.returnMetric }
  public var schedules: [NamedSchedule] { classification.schedules }
  public var episodes: Int { classification.episodes }

  public var openChoices: [String] {
    classification.openChoices + [
      "After each glimpse the network decides whether to stop; a glimpse costs \(price), in units of the reward. The "
        + "expectation over the stopping time is computed, not sampled.",
      "The cross entropy after a glimpse is weighted by the probability of stopping there, except for a share of "
        + "\(evenShare), which is spread evenly over all glimpses.",
    ]
  }

  public func check(_ network: RecurrentAttention, on world: any World) throws {
    try checkThatActionsAreTrained(by: network.objective)
    try classification.check(network, on: world)
    guard classification.earlierAnswersWeight == 0 else {
      throw DefinitionError(
        "the weight of earlier answers", classification.earlierAnswersWeight,
        "a model that can stop trains every answer, by the probability of stopping there",
        cure: "leave it at 0, and choose the even share")
    }
    guard price >= 0, price.isFinite else {
      throw DefinitionError("the price of a glimpse", price, "it must not be negative", cure: "choose 0.005")
    }
    guard (0...1).contains(evenShare) else {
      throw DefinitionError(
        "the even share of cross entropy", evenShare, "it must be between 0 and 1", cure: "choose 0.3")
    }
    guard classification.baseline.columns(on: world) > 0 else {
      throw DefinitionError(
        "the baseline", classification.baseline.configuration.kind,
        "a model that can stop needs an estimate of what going on is worth",
        cure: "use StateBaseline or ClassBaseline")
    }
  }

  public func declare(
    for network: RecurrentAttention, on world: any World, in parameters: Parameters
  ) -> any ObjectiveLayer {
    Layer(
      objective: self,
      baseline: BaselineLayer(
        classification.baseline, units: network.core.units, on: world, in: parameters))
  }

  struct Layer: ObjectiveLayer {
    let objective: StoppingObjective
    let baseline: BaselineLayer?

    func initialize(_ parameters: Parameters, seed: UInt64) { baseline?.initialize(parameters, seed: seed) }
    func attach(to agent: Agent) -> any ObjectiveTerms { StoppingTerms(self, agent) }
  }
}

/// The hybrid loss of a model that can stop, in a graph.
final class StoppingTerms: ObjectiveTerms {
  private let objective: StoppingObjective
  private let agent: Agent
  private let classifier: Classifier
  private let stopper: Stopper
  private let baseline: BaselineLayer
  /// b_t, fitted to the return from the next glimpse on, for every t < T - 1.
  private let expectations: [SquaredError]
  private let antithetic: AntitheticLooks?
  /// w_t, [T, B].
  private let answerWeights: Matrix
  /// r_t, [T, B].
  private let rewards: Matrix
  private let last: Int

  init(_ layer: StoppingObjective.Layer, _ agent: Agent) {
    guard let classifier = agent.classifier, let stopper = agent.stopper, let baseline = layer.baseline else {
      fatalError("a stopping objective without a classifier, a stop action or a baseline")
    }
    (objective, self.agent, self.classifier) = (layer.objective, agent, classifier)
    (self.stopper, self.baseline) = (stopper, baseline)
    let (graph, steps, classification) = (agent.graph, agent.graph.steps, layer.objective.classification)
    last = steps - 1
    let state = classification.baselineTrainsCore ? agent.states.state : agent.states.state.detached
    let values = baseline.values(of: state.during(0..<last), in: graph)
    expectations = (0..<last).map { graph.squaredError(values.during($0..<($0 + 1))) }
    let (reward, price) = (classification.reward, layer.objective.price)
    antithetic = classification.advantage.makeAntitheticLooks(of: agent, baseline: baseline) { outcome in
      let (s, stops) = (
        outcome.stopProbability, reward.value(of: outcome.answer) - price * Float(outcome.glimpse + 1)
      )
      return outcome.isLast ? stops : s * stops + (1 - s) * outcome.expected
    }
    func perRow() -> Matrix {
      Matrix(graph.arena.take(count: steps * graph.batch), rows: steps, columns: graph.batch)
    }
    (answerWeights, rewards) = (perRow(), perRow())
    for loss in classifier.earlierLosses { loss.rowWeights = answerWeights.row(0) }
    for loss in classifier.losses { loss.rowWeights = answerWeights.row(last) }
  }

  func assignCredit(_ step: TrainingStep) {
    let classification = objective.classification
    let perRow = 1 / Float(step.batchSize * agent.episodes)
    let weight = classification.reinforceWeight.value(at: step.progress) * perRow
    for loss in classifier.losses { loss.weight = perRow }
    for loss in classifier.earlierLosses { loss.weight = perRow }
    for fit in expectations { fit.weight = perRow / Float(expectations.count) }
    stopper.decisions.weight = weight
    agent.gaze.score?.weight = weight
    agent.gaze.firstScore?.weight = weight
    antithetic?.look()
    for row in 0..<agent.rows {
      for t in 0...last {
        rewards[t, row] =
          classification.reward.value(of: classifier.answer(row, step: t)) - objective.price * Float(t + 1)
      }
      weighAnswers(row)
      assignCredit(row, lambda: classification.advantage.lambda)
    }
  }

  /// Writes w_t.
  private func weighAnswers(_ row: Int) {
    let even = objective.evenShare
    var goesOn: Float = 1
    for t in 0...last {
      let s = stopper.probability(row, step: t)
      answerWeights[t, row] = (1 - even) * goesOn * s + even / Float(last + 1)
      goesOn *= 1 - s
    }
  }

  /// Gives the decisions of one row their credit, the last first. With λ < 1, the expected return of going on replaces part
  /// of the actual one.
  private func assignCredit(_ row: Int, lambda: Float) {
    let column = UInt8(truncatingIfNeeded: baseline.column(of: row / agent.episodes, on: agent.stage))
    var earned = rewards[last, row]  // G_t, with nothing replaced
    var g = earned  // the λ-return
    for t in stride(from: last, to: 0, by: -1) {
      // What was decided after glimpse t - 1: not to stop, and where to look next.
      let fit = expectations[t - 1]
      fit.targets[row] = earned
      fit.selection[row] = column
      let expected = fit.x.value(at: t - 1)[row, Int(column)]
      let (s, r, reached) = (
        stopper.probability(row, step: t - 1), rewards[t - 1, row], reach(row, step: t - 1)
      )
      agent.gaze.score?.advantages.value(at: t - 1)[row, 0] =
        reached * (1 - s) * (antithetic.map { 0.5 * (g - $0.values[t, row]) } ?? (g - expected))
      let goingOn = (1 - lambda) * expected + lambda * g
      stopper.decisions.advantages.value(at: t - 1)[row, 0] = reached * (r - goingOn)
      g = s * r + (1 - s) * goingOn
      earned = s * r + (1 - s) * earned
    }
    agent.gaze.firstScore?.advantages.value(at: 0)[row, 0] =
      antithetic.map { 0.5 * (g - $0.values[0, row]) } ?? (g - agent.model.returnAverage)
  }

  /// p_t, the probability that a row's path gets to glimpse t.
  private func reach(_ row: Int, step: Int) -> Float {
    (0..<step).reduce(1) { $0 * (1 - stopper.probability(row, step: $1)) }
  }

  func metrics(examples: Int) -> Metrics {
    var metrics = Metrics()
    metrics.examples = examples * agent.episodes
    for row in 0..<metrics.examples {
      metrics.errors += classifier.answer(row, step: stopper.step(of: row)).isRight ? 0 : 1
      metrics.sums[0] += Double(crossEntropy(row))
      for t in 0...last {
        let p = reach(row, step: t)
        metrics.sums[2] += Double(p * stopper.probability(row, step: t) * rewards[t, row])
        metrics.sums[3] += Double(p)
      }
    }
    metrics.sums[1] =
      Double(expectations.reduce(0) { $0 + $1.mean } / Float(expectations.count)) * Double(metrics.examples)
    return metrics
  }

  /// The cross entropy of the answer where the row stopped.
  private func crossEntropy(_ row: Int) -> Float { classifier.crossEntropy(row, step: stopper.step(of: row)) }

  func loss(examples: Int) -> Float {
    (0..<examples).reduce(0) { $0 + crossEntropy($1 * agent.episodes) }
  }
}
