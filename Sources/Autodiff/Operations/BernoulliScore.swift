import Numerics

extension Graph {
  /// REINFORCE for a decision between yes and no, in expectation over both.     logits [B, 1]
  ///
  /// - Parameter bound: p is σ(x) for |x| up to this; beyond it, p stays at σ(±bound).
  public func bernoulliScore(logits: Variable, bound: Float = .infinity) -> BernoulliScore {
    let operation = BernoulliScore(
      logits: logits, bound: bound,
      probabilities: variable(columns: 1, steps: logits.steps, gradient: false),
      advantages: variable(columns: 1, steps: logits.steps, gradient: false))
    append(operation, steps: logits.steps)
    return operation
  }
}

/// L = -A p, p = σ(x clipped to ±bound), summed over examples and steps; its gradient is scaled by `weight`.
///
/// With A = R_yes - R_no, its gradient is the mean of REINFORCE's gradient over the draw of the decision
/// (Rao and Blackwell):
///
///     p R_yes ∇log p + (1 - p) R_no ∇log (1 - p) = (R_yes - R_no) ∇p
///
/// The advantage is a constant: the only path to the policy is x. Beyond the bound a gradient passes only if it leads back,
/// as with a projected step. The bound is there because a nearly certain policy has hardly any gradient, and could not
/// change its mind.
public final class BernoulliScore: Operation {
  public let logits: Variable
  public let bound: Float
  /// p, [B, 1] at every step of the logits, of a step as soon as its forward is done.
  public let probabilities: Variable
  /// A, [B, 1] at every step: filled between forward and backward.
  public let advantages: Variable
  public var weight: Float = 1

  init(logits: Variable, bound: Float, probabilities: Variable, advantages: Variable) {
    require(logits.columns == 1, "a decision between yes and no has one logit, not \(logits.columns)")
    self.logits = logits
    self.bound = bound
    self.probabilities = probabilities
    self.advantages = advantages
  }

  public func forward(step: Int) {
    let (x, p) = (logits.value(at: step), probabilities.value(at: step))
    for row in 0..<x.rows { p[row, 0] = Elementary.sigmoid(min(max(x[row, 0], -bound), bound)) }
  }

  public func backward(into gradients: GradientBuffer) {
    guard let dx = logits.allGradients else { return }
    let (x, p, a) = (logits.allValues, probabilities.allValues, advantages.allValues)
    for row in 0..<dx.rows where abs(x[row, 0]) <= bound || (a[row, 0] > 0) != (x[row, 0] > 0) {
      // -A p: dx = -A p (1 - p)
      dx[row, 0] -= weight * a[row, 0] * p[row, 0] * (1 - p[row, 0])
    }
  }
}
