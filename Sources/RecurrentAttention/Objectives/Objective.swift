import Autodiff
import Learning
import Numerics

/// What a recurrent attention model is trained for (section 3.1): its losses, and how decisions get credit for the
/// return.
public protocol Objective: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }
  /// What it measures, at most `Metrics.most` numbers; the first is the loss. All must stay finite.
  var metrics: [Metric] { get }
  /// Which of them is the return, for a moving average; nil for none.
  var returnMetric: Int? { get }
  /// What changes during training by a schedule. All values are at least 0.
  var schedules: [NamedSchedule] { get }
  /// M, episodes of each example side by side (equation 2).
  var episodes: Int { get }
  /// Whether the model answers after every glimpse, and every answer can be trained, or only after the last one.
  var answersEveryGlimpse: Bool { get }
  /// The kinds of the actions that it trains, besides the locations.
  var trainedActions: [String] { get }
  /// - Throws: `DefinitionError` when a setting contradicts another one or the world.
  func check(_ network: RecurrentAttention, on world: any World) throws
  /// Declares the tensors that only training needs, such as a baseline's.
  func declare(for network: RecurrentAttention, on world: any World, in parameters: Parameters)
    -> any ObjectiveLayer
  /// What it decides where the paper is silent, one sentence each.
  var openChoices: [String] { get }
}

extension Objective {
  public var returnMetric: Int? { nil }
  public var schedules: [NamedSchedule] { [] }
  public var episodes: Int { 1 }
  public var answersEveryGlimpse: Bool { false }
  public var openChoices: [String] { [] }
}

extension Objective {
  /// For an objective that another one may contain.
  ///
  /// - Throws: `DefinitionError` where that one does not train its actions, so that the model may lack them.
  public func checkThatActionsAreTrained(by whole: any Objective) throws {
    guard let missing = trainedActions.first(where: { !whole.trainedActions.contains($0) }) else { return }
    throw DefinitionError(
      "the objective", whole.configuration.kind,
      "the objective '\(configuration.kind)' in it trains the action '\(missing)'",
      cure: "add that to its trainedActions")
  }

  /// - Throws: `DefinitionError` unless it trains all that is decided besides the locations, and nothing else.
  func checkActions(_ network: RecurrentAttention, on world: any World) throws {
    let actions = network.actions(on: world)
    let kinds = actions.map(\.kind)
    func fail(_ reason: String, cure: String) -> DefinitionError {
      DefinitionError("the objective", configuration.kind, reason, cure: cure)
    }
    let fitting =
      switch kinds.sorted() {
      case []: "choose a world with labels or moves"
      case [ClassAction.kind]: "use ClassificationObjective"
      case [GameAction.kind]: "use GameObjective"
      case [ClassAction.kind, StopAction.kind]: "use StoppingObjective"
      default: "use an objective of your own"
      }
    if let untrained = kinds.first(where: { !trainedActions.contains($0) }) {
      throw fail("it does not train the action '\(untrained)'", cure: fitting)
    }
    if let missing = trainedActions.first(where: { !kinds.contains($0) }) {
      throw fail("it trains the action '\(missing)', which the model does not have", cure: fitting)
    }
    guard answersEveryGlimpse || !actions.contains(where: \.mayAnswerEarly) else {
      throw fail(
        "a model that stops early needs an answer after every glimpse",
        cure: "make its answersEveryGlimpse true")
    }
  }
}

/// An objective with its tensors.
public protocol ObjectiveLayer: Sendable {
  /// Draws the initial weights.
  func initialize(_ parameters: Parameters, seed: UInt64)
  /// Appends its losses to the agent's graph.
  func attach(to agent: Agent) -> any ObjectiveTerms
}

/// An objective in a graph.
public protocol ObjectiveTerms: AnyObject {
  /// Fills targets, advantages and weights, between the forward and the backward pass.
  func assignCredit(_ step: TrainingStep)
  /// Sums over the episodes of the first `examples`, after `assignCredit`, and their number.
  func metrics(examples: Int) -> Metrics
  /// The loss of an evaluation, summed over the first `examples`.
  func loss(examples: Int) -> Float
}

extension Metric {
  public static let baselineError = Metric(
    "baseline_error",
    "Squared error of the baseline against the return, mean over the steps that it is fitted at.")
  public static let meanReturn = Metric("mean_return", "What an episode earned.")
}
