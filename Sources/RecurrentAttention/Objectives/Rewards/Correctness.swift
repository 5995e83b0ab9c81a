import Learning

/// 1 for a right answer, else 0 (the paper's).
public struct Correctness: Reward, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("correctness") }
  public func value(of answer: Answer) -> Float { answer.isRight ? 1 : 0 }
}
