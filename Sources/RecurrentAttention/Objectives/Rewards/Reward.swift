import Learning

/// What an answer earns, at the last step; at every other step it is 0 (section 3.1).
public protocol Reward: Sendable {
  /// What identifies it for good.
  var configuration: Configuration { get }
  func value(of answer: Answer) -> Float
  /// What it is where it is not the paper's, in a sentence.
  var openChoice: String? { get }
}

extension Reward {
  public var openChoice: String? { nil }
}
