import Autodiff
import Learning

/// What the network decides from h_t besides where to look (section 3, "Actions"): the class of an example, a move in a
/// game, or whether to stop.
public protocol Action: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are. A network's
  /// configuration has it under the name of its kind.
  var configuration: Configuration { get }
  /// Whether what is seen next depends on it.
  var changesFrames: Bool { get }
  /// Whether it is sampled, so that two runs can differ.
  var isStochastic: Bool { get }
  /// Whether the model may answer before its last glimpse because of it.
  var mayAnswerEarly: Bool { get }
  /// - Throws: `DefinitionError` when a setting is impossible, or contradicts another part of the network.
  func check(_ network: RecurrentAttention, on world: any World) throws
  /// Declares its tensors.
  func declare(for network: RecurrentAttention, in parameters: Parameters) -> any ActionLayer
  /// Multiply-adds of all its decisions.
  func multiplyAdds(units: Int, glimpses: Int) -> Int
  /// What it decides where the paper is silent, one sentence each.
  var openChoices: [String] { get }
}

extension Action {
  public var changesFrames: Bool { false }
  public var isStochastic: Bool { false }
  public var mayAnswerEarly: Bool { false }
  public func check(_ network: RecurrentAttention, on world: any World) throws {}
  public var openChoices: [String] { [] }

  /// Its kind.
  public var kind: String { configuration.kind }
}

/// An action with its tensors.
public protocol ActionLayer: Sendable {
  associatedtype Head: ActionHead

  /// Draws the initial weights.
  func initialize(_ parameters: Parameters, seed: UInt64)
  /// After which glimpses it is decided.
  ///
  /// - Parameter readsEveryGlimpse: whether the model is read after every glimpse, for analysis.
  func steps(glimpses: Int, readsEveryGlimpse: Bool) -> Range<Int>
  /// Appends it to a graph, to be decided at every step of `state`, h, [B, units]. The look-ahead appends it once more, to
  /// states that are discarded; that head is only read.
  func attach(to state: Variable, in graph: Graph) -> Head
}

/// An action in a graph.
public protocol ActionHead: AnyObject {
  /// Called before the first glimpse of a run. Row r is an episode of example r / episodes on the stage.
  func begin(_ run: AgentRun, on stage: Stage, episodes: Int)
  /// Called after h_t, for all rows. What it samples comes from streams of its own (`AgentRun.stream`), or the locations
  /// would be drawn from other random numbers.
  func decide(_ moment: Moment, on stage: Stage)
  /// The step after which the model answers for a row; nil if this action does not decide that.
  func answerStep(_ row: Int) -> Int?
}

extension ActionHead {
  public func begin(_ run: AgentRun, on stage: Stage, episodes: Int) {}
  public func decide(_ moment: Moment, on stage: Stage) {}
  public func answerStep(_ row: Int) -> Int? { nil }
}

extension Sequence where Element == any ActionHead {
  /// The first of a type.
  public func first<Head: ActionHead>(_ type: Head.Type = Head.self) -> Head? {
    for case let head as Head in self { return head }
    return nil
  }
}

extension RecurrentAttention {
  /// All that it decides in a world besides where to look: what the world asks for, and then its own.
  public func actions(on world: any World) -> [any Action] {
    let asked: [(any Action)?] = [
      world.play.map { GameAction(count: $0.actions) },
      world.classCounts.isEmpty
        ? nil : ClassAction(classCounts: world.classCounts, tensor: world.play == nil ? "action" : "class"),
    ]
    return asked.compactMap(\.self) + actions
  }
}
