import Autodiff
import Learning
import Numerics

/// What a recurrent attention model is trained for (section 3.1): its losses, and who is given credit for the return.
public protocol Objective: Sendable {
  /// What identifies it for good.
  var configuration: Configuration { get }
  /// Columns of `curves.csv`, at most `Metrics.most`; the first is the loss that must stay finite.
  var metricNames: [String] { get }
  /// Which of them is the return, for a moving average; nil for none.
  var returnMetric: Int? { get }
  /// What changes with the training, by the name of its column in `curves.csv`.
  var schedules: [(name: String, schedule: Schedule)] { get }
  /// M, episodes of each example side by side (equation 2).
  var episodes: Int { get }
  /// - Throws: `DefinitionError` when a setting contradicts another one or the world.
  func check(_ network: RecurrentAttention, on world: any World) throws
  /// Declares the tensors that only training needs, such as a baseline's.
  func declare(for network: RecurrentAttention, on world: any World, in parameters: Parameters)
    -> any ObjectiveLayer
  /// What it decides where the paper is silent, a sentence each.
  var openChoices: [String] { get }
}

extension Objective {
  public var returnMetric: Int? { nil }
  public var schedules: [(name: String, schedule: Schedule)] { [] }
  public var episodes: Int { 1 }
  public var openChoices: [String] { [] }
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
  /// Bytes of working memory beside the agent's.
  var bytes: Int { get }
  /// Between forward and backward: fills targets, advantages and weights.
  func assignCredit(_ step: TrainingStep)
  /// Sums over the first `examples`, after `assignCredit`.
  func metrics(examples: Int) -> Metrics
  /// The loss of an evaluation, summed over the first `examples`.
  func loss(examples: Int) -> Float
}

extension ObjectiveTerms {
  public var bytes: Int { 0 }
}
