import Learning

/// p(y), the probability of the right answer.
///
/// If the class is the network's last action, drawn from the softmax, this is the mean of its reward of 0 or 1 given what
/// was seen: the same objective without the variance of that draw (Rao and Blackwell). `Correctness` takes the most
/// probable class instead, so its objective is another one.
public struct RightProbability: Reward, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("right_probability") }
  public func value(of answer: Answer) -> Float { answer.probability }
  public var openChoice: String? {
    "The reward is the probability of the right class: the mean of 0 or 1 for a class that is drawn from the softmax."
  }
}
