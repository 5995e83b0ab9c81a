import Autodiff
import Learning
import Numerics

/// The location network f_l (section 3, "Actions"): decides where to look, l_t, from what was seen before.
public protocol Gaze: Sendable {
  /// What identifies it for good.
  var configuration: Configuration { get }
  /// Numbers in a place: x and y, and what else is decided about a look, such as its width.
  var placeColumns: Int { get }
  /// Whether two runs of so many glimpses can differ.
  func isStochastic(glimpses: Int) -> Bool
  /// Whether anything is decided from a state, for which credit is given.
  func decides(glimpses: Int) -> Bool
  /// What changes with the training, by the name of its column in `curves.csv`.
  var schedules: [NamedSchedule] { get }
  /// - Throws: `DefinitionError` when a setting cannot be.
  func check() throws
  /// Declares its tensors, for states of so many numbers and as many places.
  func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer
  /// Of all decisions.
  func multiplyAdds(units: Int, glimpses: Int) -> Int
  /// What it decides where the paper is silent, a sentence each.
  var openChoices: [String] { get }
}

extension Gaze {
  public var placeColumns: Int { 2 }
  public var schedules: [NamedSchedule] { [] }
  public func check() throws {}
  public func decides(glimpses: Int) -> Bool { false }
  public func multiplyAdds(units: Int, glimpses: Int) -> Int { 0 }
  public var openChoices: [String] { [] }
}

/// A gaze with its tensors.
public protocol GazeLayer: Sendable {
  /// Draws the initial weights.
  func initialize(_ parameters: Parameters, seed: UInt64)
  /// Appends the gaze to a graph whose states are h, [B, units] at every step.
  func attach(to state: Variable, in graph: Graph) -> any GazeHead
  /// The same for a gaze that sees the frames by itself, not only what the core remembers of them. Row r of the graph
  /// looks at frame r / (rows / frames) of the stage.
  func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead
}

extension GazeLayer {
  public func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead {
    attach(to: state, in: graph)
  }
}

/// A gaze in a graph.
public protocol GazeHead: AnyObject {
  /// The score functions of its decisions, for REINFORCE: those made from h_t, to look at l_{t+1}, at step t; nil where
  /// there is nothing to learn.
  var score: (any ScoreFunction)? { get }
  /// That of a first place that is learned, at step 0 of its own; nil otherwise.
  var firstScore: (any ScoreFunction)? { get }
  /// Writes l_t of all rows, inside of the frame, [B, place columns].
  func choose(_ moment: Moment, into locations: Matrix)
  /// The place that is as far from the policy's mean on the other side, l'_t = μ - (s - μ), inside of the frame.
  /// Only of decisions that have a score.
  func writeAntitheticPlace(step: Int, into locations: Matrix)
  /// Gradients of what is computed outside of the graph, such as a learned first place.
  func backward(into gradients: GradientBuffer)
}

extension GazeHead {
  public var score: (any ScoreFunction)? { nil }
  public var firstScore: (any ScoreFunction)? { nil }
  public func writeAntitheticPlace(step: Int, into locations: Matrix) {
    preconditionFailure("this gaze has no policy with a mean")
  }
  public func backward(into gradients: GradientBuffer) {}
}

/// When and how decisions are made: step of time, training progress, and the random numbers of every row.
public struct Moment {
  /// t.
  public let step: Int
  public let progress: Progress
  /// Whether policies are sampled; otherwise their means and most probable actions are taken.
  public let isSampled: Bool
  /// One a row.
  public let streams: UnsafeMutablePointer<RandomStream>
}

/// A decision's log-probability in the objective, as an operation: L = -A log π(a), scaled by `weight`.
public protocol ScoreFunction: AnyObject {
  /// A, [B, 1] at every step: filled between forward and backward.
  var advantages: Variable { get }
  /// What a unit of it adds to the objective.
  var weight: Float { get set }
}

extension GaussianScore: ScoreFunction {}
extension CategoricalScore: ScoreFunction {}
