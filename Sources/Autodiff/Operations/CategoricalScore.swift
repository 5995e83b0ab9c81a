import Numerics

extension Graph {
  /// REINFORCE with a softmax policy: minus the advantage-weighted log-probability of actions.
  ///
  ///     logits [B, actions]
  public func categoricalScore(logits: Variable) -> CategoricalScore {
    let operation = CategoricalScore(
      logits: logits, probabilities: variable(columns: logits.columns, steps: logits.steps, gradient: false),
      advantages: variable(columns: 1, steps: logits.steps, gradient: false),
      actions: arena.take(count: logits.steps.count * batch))
    append(operation, steps: logits.steps)
    return operation
  }
}

/// L = -A log p(a) - β H(p), p = softmax(x), summed over examples and steps; its gradient is scaled by
/// `weight`.
///
/// The action a and the advantage A are constants: the only path to the policy is x. (Williams 1992; the
/// paper's equation 2.) The entropy H(p) = -Σ p log p keeps a policy from settling too early (Williams and Peng 1991).
public final class CategoricalScore: Operation {
  public let logits: Variable
  /// p, [B, actions] at every step of the logits. It is complete after the forward pass of a step, so that a can be
  /// drawn from it.
  public let probabilities: Variable
  /// A = R - b, [B, 1] at every step: filled between forward and backward.
  public let advantages: Variable
  /// a, [steps × B]: filled between forward and backward.
  public let actions: UnsafeMutablePointer<UInt8>
  /// β, the value of a nat of entropy.
  public var entropyWeight: Float = 0
  public var weight: Float = 1

  init(logits: Variable, probabilities: Variable, advantages: Variable, actions: UnsafeMutablePointer<UInt8>)
  {
    logits.requireByteIndex()
    self.logits = logits
    self.probabilities = probabilities
    self.advantages = advantages
    self.actions = actions
  }

  public func forward(step: Int) {
    let (x, p) = (logits.value(at: step), probabilities.value(at: step))
    for index in 0..<x.rows { softmax(x.row(index), into: p.row(index), x.columns) }
  }

  public func backward(into gradients: GradientBuffer) {
    guard let dx = logits.allGradients else { return }
    let (p, a) = (probabilities.allValues, advantages.allValues)
    for index in 0..<dx.rows {
      let (gradient, probability) = (dx.row(index), p.row(index))
      let (advantage, action) = (a[index, 0], Int(actions[index]))
      let entropy = entropyWeight == 0 ? 0 : Self.entropy(probability, count: dx.columns)
      for j in 0..<dx.columns {
        // -A log p(a): dx = A (p - 1) at the action, A p elsewhere
        var d = advantage * (probability[j] - (j == action ? 1 : 0))
        // -β H: dx = β p (log p + H)
        if entropyWeight != 0 {
          d += entropyWeight * probability[j] * (Self.logarithm(probability[j]) + entropy)
        }
        gradient[j] += weight * d
      }
    }
  }

  // MARK: - The policy

  /// An action drawn with the policy's probabilities, by a number uniform in [0, 1).
  public func sample(step: Int, example: Int, uniform: Float) -> Int {
    let p = probabilities.value(at: step).row(example)
    var sum: Float = 0
    for j in 0..<(logits.columns - 1) {
      sum += p[j]
      if uniform < sum { return j }
    }
    return logits.columns - 1
  }

  /// The most probable action; the first of equals.
  public func best(step: Int, example: Int) -> Int {
    argmax(logits.value(at: step).row(example), logits.columns)
  }

  /// log p(a) of the action in place.
  public func logProbability(step: Int, example: Int) -> Float {
    let action = Int(actions[(step - logits.steps.lowerBound) * logits.batch + example])
    return Self.logarithm(probabilities.value(at: step)[example, action])
  }

  /// H(p), nats.
  private static func entropy(_ p: UnsafeMutablePointer<Float>, count: Int) -> Float {
    var sum: Float = 0
    for j in 0..<count { sum -= p[j] * logarithm(p[j]) }
    return sum
  }

  /// The logarithm of a probability, which may be too small to be a normal number.
  private static func logarithm(_ p: Float) -> Float { Elementary.log(max(p, Float.leastNormalMagnitude)) }
}
