import Autodiff
import Learning
import Numerics

/// How much better than expected a decision was: the weight of its score function (equation 2).
public protocol Advantage: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }
  /// Whether it needs a value of every state, which only some baselines have.
  var needsValues: Bool { get }
  /// Whether it needs the location on the other side of the policy's mean, which only some gazes have.
  var needsAntitheticLocations: Bool { get }
  /// - Throws: `DefinitionError` when a setting is impossible.
  func check(on world: any World) throws
  /// What it computes in addition to the agent's own run; nil for nothing.
  ///
  /// - Parameter worth: the value of what is known after looking.
  func makeAntitheticLooks(
    of agent: Agent, baseline: BaselineLayer?, worth: @escaping (LookOutcome) -> Float
  ) -> AntitheticLooks?
  /// λ: how much the results of later decisions count in the credit of earlier ones. 1 is the paper's.
  var lambda: Float { get }
  /// Where it differs from the paper's, a sentence that says how.
  var openChoice: String? { get }
}

extension Advantage {
  public var needsAntitheticLocations: Bool { false }
  public func check(on world: any World) throws {
    guard (0...1).contains(lambda) else {
      throw DefinitionError(
        "the advantage's λ", lambda, "it must be between 0 and 1", cure: "choose 1, the paper's, or 0.5")
    }
  }
  public func makeAntitheticLooks(
    of agent: Agent, baseline: BaselineLayer?, worth: @escaping (LookOutcome) -> Float
  ) -> AntitheticLooks? { nil }
  public var openChoice: String? { nil }
}
