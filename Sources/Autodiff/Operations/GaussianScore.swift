import Numerics

extension Graph {
  /// REINFORCE with a Gaussian policy: minus the advantage-weighted log-probability of samples.
  ///
  ///     mean [B, columns]
  public func gaussianScore(mean: Variable) -> GaussianScore {
    let operation = GaussianScore(
      mean: mean, samples: variable(columns: mean.columns, steps: mean.steps, gradient: false),
      advantages: variable(columns: 1, steps: mean.steps, gradient: false))
    append(operation, steps: mean.steps)
    return operation
  }
}

/// L = -A log N(s; μ, σ²), summed over examples and steps; its gradient is scaled by `weight`.
///
/// The sample s and the advantage A are constants: the only path to the policy is the mean μ. (Williams 1992;
/// the paper's equation 2.)
public final class GaussianScore: Operation {
  public let mean: Variable
  /// s, the raw sample, before anything clips it: [B, columns] at every step. Not numbers until a policy sets them.
  public let samples: Variable
  /// A = R - b, [B, 1] at every step: filled between forward and backward.
  public let advantages: Variable
  /// σ, the same in every column and step. Not a number until a policy sets it, so that none forgets to.
  public var standardDeviation = Float.nan
  public var weight: Float = 1

  init(mean: Variable, samples: Variable, advantages: Variable) {
    self.mean = mean
    self.samples = samples
    self.advantages = advantages
    let all = samples.allValues
    for row in 0..<all.rows { all.row(row).update(repeating: .nan, count: all.columns) }
  }

  public func forward(step: Int) {}

  /// log N(s; μ, σ²) of one example at one step.
  public func logProbability(step: Int, example: Int) -> Float {
    let (s, m) = (samples.value(at: step).row(example), mean.value(at: step).row(example))
    let variance = standardDeviation * standardDeviation
    var sum: Float = 0
    for j in 0..<mean.columns {
      sum -= (s[j] - m[j]) * (s[j] - m[j]) / (2 * variance) + 0.5 * Elementary.log(2 * .pi * variance)
    }
    return sum
  }

  public func backward(into gradients: GradientBuffer) {
    guard let dm = mean.allGradients else { return }
    let (s, m, a) = (samples.allValues, mean.allValues, advantages.allValues)
    let scale = -weight / (standardDeviation * standardDeviation)
    for row in 0..<dm.rows {
      for j in 0..<dm.columns {
        // d log N / dμ = (s - μ) / σ²
        dm[row, j] += scale * a[row, 0] * (s[row, j] - m[row, j])
      }
    }
  }
}
