import Autodiff
import Learning
import Numerics

/// The hybrid loss of a classifier (section 3.1): cross entropy for the class, REINFORCE for the locations, squared error
/// for the baseline.
///
///     L = mean over rows of CE_{T-1} + v Σ_{t<T-1} CE_t - w Σ_t A_t log π(l_t) + mean over t of (R - b_t)²
///
/// The advantage A is a constant: no gradient enters the baseline through the second term, nor the policy through the
/// third. The defaults are the paper's: R is 1 if the class is right, else 0, A_t = R - b_{t-1}, because l_t is chosen
/// from h_{t-1}, and v is 0: the model answers after the last glimpse only.
public struct ClassificationObjective: Objective {
  public var reward: any Reward = Correctness()
  public var baseline: any Baseline = StateBaseline()
  public var advantage: any Advantage = ReturnMinusBaseline()
  /// w, the weight of REINFORCE relative to cross entropy. Not stated in the paper.
  public var reinforceWeight = Schedule.constant(0.1)  // ours: larger ones disturb the core
  /// Whether the gradient of the baseline's squared error enters the core.
  public var baselineTrainsCore = true
  /// v, the weight of cross entropy after each glimpse before the last, for a model that is to be read at any time.
  public var earlierAnswersWeight: Float = 0
  /// M (equation 2).
  public var episodes = 1  // ours: not stated

  public init() {}

  public init(_ adjust: (inout ClassificationObjective) -> Void) { adjust(&self) }

  public var configuration: Configuration {
    Configuration("classification")
      .with("reward", reward.configuration, default: Correctness().configuration)
      .with("baseline", baseline.configuration, default: StateBaseline().configuration)
      .with("advantage", advantage.configuration, default: ReturnMinusBaseline().configuration)
      .with("reinforce_weight", reinforceWeight, default: .constant(0.1))
      .with("baseline_trains_core", baselineTrainsCore, default: true)
      .with("earlier_answers_weight", earlierAnswersWeight, default: 0)
      .with("episodes", episodes, default: 1)
  }

  public var trainedActions: [String] { [ClassAction.kind] }
  public var answersEveryGlimpse: Bool { earlierAnswersWeight > 0 }
  public var metrics: [Metric] { [.crossEntropy, .baselineError, .meanReturn] }
  public var returnMetric: Int? { 2 }
  public var schedules: [NamedSchedule] {
    if case .constant = reinforceWeight { return [] }
    return [
      NamedSchedule("reinforce_weight", "Weight of REINFORCE relative to cross entropy.", reinforceWeight)
    ]
  }

  public var openChoices: [String] {
    [
      "\(episodes == 1 ? "One episode" : "\(episodes) episodes") per image and step; the weight of REINFORCE "
        + "relative to cross entropy is \(reinforceWeight.summary).",
      "The gradient of the baseline's squared error "
        + (baselineTrainsCore ? "enters the core." : "stays in its layer."),
    ]
      + (answersEveryGlimpse
        ? ["Cross entropy after each glimpse before the last weighs \(earlierAnswersWeight)."] : [])
      + [reward.openChoice, baseline.openChoice, advantage.openChoice].compactMap { $0 }
  }

  public func check(_ network: RecurrentAttention, on world: any World) throws {
    let whole = network.objective  // this one, or one that contains it
    try checkThatActionsAreTrained(by: whole)
    guard whole.episodes == episodes, whole.returnMetric != nil,
      whole.answersEveryGlimpse || !answersEveryGlimpse
    else {
      throw DefinitionError(
        "the objective", whole.configuration.kind,
        "it contains a ClassificationObjective, but not its episodes, returnMetric or answersEveryGlimpse",
        cure: "return those of the ClassificationObjective")
    }
    try reinforceWeight.check("weight of REINFORCE")
    guard earlierAnswersWeight >= 0, earlierAnswersWeight.isFinite else {
      throw DefinitionError(
        "the weight of earlier answers", earlierAnswersWeight, "it must not be negative",
        cure: "choose 0, the paper's")
    }
    try baseline.check(episodes: episodes, on: world)
    try advantage.check(on: world)
    guard !advantage.needsValues || baseline.columns(on: world) > 0 else {
      throw DefinitionError(
        "the baseline", baseline.configuration.kind,
        "\(advantage.configuration.kind) needs the value of every state",
        cure: "use StateBaseline or ClassBaseline")
    }
    let gaze = network.gaze
    let decides = gaze.decides(glimpses: network.steps(on: world))
    guard !decides || !advantage.needsAntitheticLocations || gaze.hasAntitheticLocations else {
      throw DefinitionError(
        "the advantage", advantage.configuration.kind,
        "the gaze '\(gaze.configuration.kind)' has no location on the other side of its mean",
        cure: "use LambdaReturns")
    }
  }

  public func declare(
    for network: RecurrentAttention, on world: any World, in parameters: Parameters
  ) -> any ObjectiveLayer {
    // Without decisions there is no baseline.
    let decides = network.gaze.decides(glimpses: network.steps(on: world))
    return Layer(
      objective: self,
      baseline: decides ? BaselineLayer(baseline, units: network.core.units, on: world, in: parameters) : nil)
  }

  struct Layer: ObjectiveLayer {
    let objective: ClassificationObjective
    let baseline: BaselineLayer?

    func initialize(_ parameters: Parameters, seed: UInt64) { baseline?.initialize(parameters, seed: seed) }
    func attach(to agent: Agent) -> any ObjectiveTerms { ClassificationTerms(self, agent) }
  }
}

/// The hybrid loss in a graph.
final class ClassificationTerms: ObjectiveTerms {
  private let objective: ClassificationObjective
  private let agent: Agent
  private let classifier: Classifier
  private let credit: Credit
  private let antithetic: AntitheticLooks?
  /// Runs at the policy's mean, for a baseline that needs it.
  private let critic: Agent?

  init(_ layer: ClassificationObjective.Layer, _ agent: Agent) {
    guard let classifier = agent.classifier else {
      fatalError("a classification without a classifier")
    }
    objective = layer.objective
    self.agent = agent
    self.classifier = classifier
    // There is no decision after the last glimpse, so there is no baseline there.
    let decides = agent.gaze.score != nil
    let state = objective.baselineTrainsCore ? agent.states.state : agent.states.state.detached
    credit = Credit(
      agent, objective.baseline,
      decides ? layer.baseline.map { ($0, state.during(0..<(agent.graph.steps - 1))) } : nil)
    antithetic = objective.advantage.makeAntitheticLooks(
      of: agent, baseline: layer.baseline, worth: AntitheticLooks.lastAnswer(objective.reward))
    critic =
      objective.baseline.needsMeanRun
      ? Agent(agent.model, on: agent.stage, episodes: agent.episodes, isForwardOnly: true) : nil
  }

  func assignCredit(_ step: TrainingStep) {
    let perRow = 1 / Float(step.batchSize * agent.episodes)
    for loss in classifier.losses { loss.weight = perRow }
    for loss in classifier.earlierLosses { loss.weight = objective.earlierAnswersWeight * perRow }
    for row in 0..<agent.rows { credit.returns[row] = objective.reward.value(of: classifier.answer(row)) }
    if let critic, let answers = critic.classifier, let returns = credit.meanReturns {
      var run = AgentRun(step)
      run.isSampled = false
      critic.run(run)
      for row in 0..<agent.rows { returns[row] = objective.reward.value(of: answers.answer(row)) }
    }
    credit.fitBaseline(weight: perRow, isMeanOverSteps: true)
    antithetic?.look()
    let weight = objective.reinforceWeight.value(at: step.progress) * perRow
    credit.assign(lambda: objective.advantage.lambda, antithetic: antithetic, weight: weight)
  }

  func metrics(examples: Int) -> Metrics {
    var metrics = Metrics()
    metrics.examples = examples * agent.episodes
    for row in 0..<metrics.examples {
      metrics.errors += classifier.answer(row).isRight ? 0 : 1
      metrics.sums[0] += Double(classifier.crossEntropy(row))
      metrics.sums[2] += Double(credit.returns[row])
    }
    metrics.sums[1] = Double(credit.baselineError) * Double(metrics.examples)
    return metrics
  }

  func loss(examples: Int) -> Float {
    (0..<examples).reduce(0) { $0 + classifier.crossEntropy($1 * agent.episodes) }
  }
}
