import Learning

/// 1 if the most probable class is right, else 0 (section 4.1).
public struct Correctness: Reward, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("correctness") }
  public func value(of answer: Answer) -> Float { answer.isRight ? 1 : 0 }
  public var openChoice: String? {
    "The reward is 1 if the most probable class is right; the paper does not say whether the class is drawn."
  }
}
