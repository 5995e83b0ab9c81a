import Autodiff
import Learning
import Numerics

/// REINFORCE for a player's actions and locations, squared error for the baseline (sections 3.1 and 4.2).
///
///     L = mean over games of -Σ_t [log π(a_t) + w log π(l_{t+1})] (R - b_t) - β Σ_t H(π_t) + v Σ_t (R - b_t)²
///
/// R is all that a game earned, the same at every t.
public struct GameObjective: Objective {
  public var baseline: any Baseline = StateBaseline()
  /// w, of the locations' score beside the actions'.
  public var locationWeight: Float = 1  // ours: not stated
  /// β, the value of a nat of the actions' entropy (Williams and Peng 1991). An agent held at the centre, in batches of
  /// 32, caught 25 % of the balls with 0.01 and 19 % without, because its policy then settled too early.
  public var entropyWeight = Schedule.constant(0.01)  // ours: the paper mentions none
  /// v.
  public var baselineWeight: Float = 1  // ours: not stated
  /// Whether the gradient of the baseline's squared error enters the core.
  public var baselineTrainsCore = true  // ours: not stated

  public init() {}

  public init(_ adjust: (inout GameObjective) -> Void) { adjust(&self) }

  static let kind = "game"

  public var configuration: Configuration {
    Configuration(Self.kind)
      .with("baseline", baseline.configuration, default: StateBaseline().configuration)
      .with("location_weight", locationWeight, default: 1)
      .with("entropy_weight", entropyWeight, default: .constant(0.01))
      .with("baseline_weight", baselineWeight, default: 1)
      .with("baseline_trains_core", baselineTrainsCore, default: true)
  }

  public var metrics: [Metric] {
    [
      Metric(
        "cross_entropy",
        "Minus the log-probability of the actions taken, mean over steps, in nats; no label is involved."),
      .baselineError, .meanReturn,
    ]
  }
  public var trainedActions: [String] { [GameAction.kind] }
  public var returnMetric: Int? { 2 }
  public var schedules: [NamedSchedule] {
    [NamedSchedule("entropy_weight", "Weight of the actions' entropy: reward per nat.", entropyWeight)]
  }

  public var openChoices: [String] {
    [
      "Entropy of the game's actions is rewarded by \(entropyWeight.summary) per nat.",
      "Compared with the actions' score, the places' score weighs \(locationWeight) and the baseline's squared error "
        + "\(baselineWeight).",
      "The gradient of the baseline's squared error "
        + (baselineTrainsCore ? "enters the core." : "stays in its layer."),
    ]
  }

  public func check(_ network: RecurrentAttention, on world: any World) throws {
    try checkThatActionsAreTrained(by: network.objective)
    for (name, value) in [("location", locationWeight), ("baseline", baselineWeight)]
    where !(value >= 0 && value.isFinite) {
      throw DefinitionError(
        "the game's \(name) weight", value, "it must be a number from 0", cure: "choose 1")
    }
    try entropyWeight.check("weight of entropy")
    try baseline.check(episodes: 1, on: world)
    guard !baseline.needsMeanRun else {
      throw DefinitionError(
        "the baseline", baseline.configuration.kind, "a game is played once", cure: "use StateBaseline")
    }
  }

  public func declare(
    for network: RecurrentAttention, on world: any World, in parameters: Parameters
  ) -> any ObjectiveLayer {
    Layer(
      objective: self, baseline: BaselineLayer(baseline, units: network.core.units, on: world, in: parameters)
    )
  }

  struct Layer: ObjectiveLayer {
    let objective: GameObjective
    let baseline: BaselineLayer?

    func initialize(_ parameters: Parameters, seed: UInt64) { baseline?.initialize(parameters, seed: seed) }
    func attach(to agent: Agent) -> any ObjectiveTerms { GameTerms(self, agent) }
  }
}

/// A game's objective in a graph.
final class GameTerms: ObjectiveTerms {
  private let objective: GameObjective
  private let agent: Agent
  private let policy: CategoricalScore
  private let credit: Credit

  init(_ layer: GameObjective.Layer, _ agent: Agent) {
    guard let player = agent.player else { fatalError("a game without a player") }
    objective = layer.objective
    self.agent = agent
    policy = player.policy
    let state = objective.baselineTrainsCore ? agent.states.state : agent.states.state.detached
    credit = Credit(agent, objective.baseline, layer.baseline.map { ($0, state) })
  }

  func assignCredit(_ step: TrainingStep) {
    let perGame = 1 / Float(step.batchSize)
    credit.returns.update(from: agent.stage.returns, count: agent.rows)
    credit.fitBaseline(weight: objective.baselineWeight * perGame, isMeanOverSteps: false)
    policy.weight = perGame
    policy.entropyWeight = objective.entropyWeight.value(at: step.progress)
    for t in policy.advantages.steps {
      let advantages = policy.advantages.value(at: t)
      for row in 0..<agent.rows {
        advantages[row, 0] = credit.returns[row] - credit.expectation(after: t, row: row)
      }
    }
    credit.assign(lambda: 1, antithetic: nil, weight: objective.locationWeight * perGame)
  }

  /// The cross entropy is that of the policy with the actions it chose, averaged over a game's frames: as
  /// long as they are sampled, an estimate of the policy's entropy.
  func metrics(examples: Int) -> Metrics {
    var metrics = Metrics()
    metrics.examples = examples
    for row in 0..<examples {
      metrics.errors += agent.stage.returns[row] > 0 ? 0 : 1
      var sum: Float = 0
      for t in 0..<agent.graph.steps { sum -= policy.logProbability(step: t, example: row) }
      metrics.sums[0] += Double(sum / Float(agent.graph.steps))
      metrics.sums[2] += Double(agent.stage.returns[row])
    }
    metrics.sums[1] = Double(credit.baselineError) * Double(examples)
    return metrics
  }

  func loss(examples: Int) -> Float {
    Float(metrics(examples: examples).sums[0])
  }
}
