import Learning

/// p(y), the probability of the right answer.
///
/// The answer is the network's last action, drawn from the softmax. Given what was seen, this is the expectation of its
/// reward of 0 or 1: the same objective without the variance of that draw (Rao and Blackwell).
public struct RightProbability: Reward, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("right_probability") }
  public func value(of answer: Answer) -> Float { answer.probability }
  public var openChoice: String? {
    "The reward is the probability of the right class, the mean of the paper's 0 or 1 over the drawn class."
  }
}
