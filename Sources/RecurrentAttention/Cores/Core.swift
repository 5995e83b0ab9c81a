import Autodiff
import Learning
import Numerics

/// The core network f_h (section 3, "Internal state"): h_t = f_h(h_{t-1}, g_t), what the model remembers.
public protocol Core: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }
  /// The size of h.
  var units: Int { get }
  /// - Throws: `DefinitionError` when a setting is impossible.
  func check() throws
  /// Declares its tensors, for inputs g of this size.
  func declare(inputs: Int, in parameters: Parameters) -> any CoreLayer
  /// Multiply-adds of this number of steps, the first from a state of zeros.
  func multiplyAdds(inputs: Int, steps: Int) -> Int
  /// What it decides where the paper is silent, one sentence each.
  var openChoices: [String] { get }
}

extension Core {
  public func check() throws {
    guard units > 0 else {
      throw DefinitionError(
        "the core's number of units", units, "it must be at least 1", cure: "choose a number such as 256")
    }
  }
  public var openChoices: [String] { [] }
}

/// A core with its tensors.
public protocol CoreLayer: Sendable {
  /// Draws the initial weights.
  func initialize(_ parameters: Parameters, seed: UInt64)
  /// Appends the core to a graph.
  ///
  /// - Parameter input: appends the operations that compute g into the variable that it is given. Call it once, before
  ///   anything else is appended: operations run in their order.
  func unroll(in graph: Graph, input: (Variable) -> Void) -> CoreStates
}

/// What a core computes at every step.
public struct CoreStates {
  /// h, [B, units].
  public let state: Variable
  /// Everything that a step passes on to the next: h, and for an LSTM also c.
  public let carried: [Variable]

  public init(state: Variable, carried: [Variable]) {
    require(
      carried.contains { $0.allValues.pointer == state.allValues.pointer },
      "a core's state is not among what it carries to the next step")
    self.state = state
    self.carried = carried
  }
}
