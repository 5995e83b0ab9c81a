import Autodiff
import Learning
import Numerics

/// The location network f_l (section 3, "Actions"): decides where to look, l_t, from what was seen so far.
public protocol Gaze: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }
  /// Numbers in a location: x and y, and what else the gaze decides, such as the width of a look.
  var locationColumns: Int { get }
  /// Whether two runs with this number of glimpses can differ.
  func isStochastic(glimpses: Int) -> Bool
  /// Whether any location is decided from a state and given credit; a gaze with a score function must say so.
  func decides(glimpses: Int) -> Bool
  /// Whether its head writes the location on the other side of the policy's mean, which the look-ahead needs. A choice among
  /// a few has no such location.
  var hasAntitheticLocations: Bool { get }
  /// What changes during training by a schedule. All values are at least 0.
  var schedules: [NamedSchedule] { get }
  /// - Throws: `DefinitionError` when a setting is impossible. Schedules are checked apart from this.
  func check() throws
  /// Declares its tensors, for states with this number of units and this number of glimpses.
  func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer
  /// Multiply-adds of all decisions.
  func multiplyAdds(units: Int, glimpses: Int) -> Int
  /// What it decides where the paper is silent, one sentence each.
  var openChoices: [String] { get }
}

extension Gaze {
  public var locationColumns: Int { 2 }
  public var schedules: [NamedSchedule] { [] }
  public func check() throws {}
  public func decides(glimpses: Int) -> Bool { false }
  public var hasAntitheticLocations: Bool { false }
  public func multiplyAdds(units: Int, glimpses: Int) -> Int { 0 }
  public var openChoices: [String] { [] }
}

/// A gaze with its tensors.
public protocol GazeLayer: Sendable {
  /// Draws the initial weights.
  func initialize(_ parameters: Parameters, seed: UInt64)
  /// Appends the gaze to a graph whose states are h, [B, units] at every step. A gaze that sees the frames themselves, and not
  /// only what the core remembers of them, reads the stage: row r looks at frame r / (rows / frames).
  func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead
}

/// A gaze in a graph.
public protocol GazeHead: AnyObject {
  /// The score function of its decisions, for REINFORCE. The decision from h_t, to look at l_{t+1}, is at step t. nil
  /// where there is nothing to learn.
  var score: (any ScoreFunction)? { get }
  /// The score function of a learned first location, which has one step of its own; nil otherwise.
  var firstScore: (any ScoreFunction)? { get }
  /// Writes l_t of all rows, inside the frame, [B, location columns].
  func choose(_ moment: Moment, into locations: Matrix)
  /// Writes the location as far from the policy's mean on the other side, l'_t = μ - (s - μ), inside the frame. Called by
  /// the look-ahead, only for decisions that have a score function, and only if the gaze has `hasAntitheticLocations`;
  /// others leave it empty.
  func writeAntitheticLocation(step: Int, into locations: Matrix)
  /// Gradients of what is computed outside of the graph, such as a learned first location.
  func backward(into gradients: GradientBuffer)
}

extension GazeHead {
  public var score: (any ScoreFunction)? { nil }
  public var firstScore: (any ScoreFunction)? { nil }
  public func backward(into gradients: GradientBuffer) {}
}

/// When and how decisions are made: the time step, the progress of training, and the random numbers of every row.
public struct Moment {
  /// t.
  public let step: Int
  public let progress: Progress
  /// Whether policies are sampled; otherwise their means and most probable actions are taken.
  public let isSampled: Bool
  /// One for each row.
  public let streams: UnsafeMutablePointer<RandomStream>

  public init(step: Int, progress: Progress, isSampled: Bool, streams: UnsafeMutablePointer<RandomStream>) {
    (self.step, self.progress, self.isSampled, self.streams) = (step, progress, isSampled, streams)
  }
}

/// A decision's log-probability in the objective, as an operation: L = -A log π(a), scaled by `weight`.
public protocol ScoreFunction: AnyObject {
  /// A, [B, 1] at every step: filled between forward and backward.
  var advantages: Variable { get }
  /// How much a unit of it adds to the objective.
  var weight: Float { get set }
}

extension GaussianScore: ScoreFunction {}
extension CategoricalScore: ScoreFunction {}
