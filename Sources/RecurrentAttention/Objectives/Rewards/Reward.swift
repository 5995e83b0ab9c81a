import Learning

/// What an answer earns at the last step; at every other step the reward is 0 (section 3.1).
public protocol Reward: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }
  func value(of answer: Answer) -> Float
  /// Where it differs from the paper's, a sentence that says how.
  var openChoice: String? { get }
}

extension Reward {
  public var openChoice: String? { nil }
}
