import Autodiff
import Learning
import Numerics

/// The returns of a batch, the expected returns, and the credit that decisions get (equation 2).
public final class Credit {
  /// R, [B]: filled first.
  public let returns: UnsafeMutablePointer<Float>
  /// The returns of a run at the policy's mean, [B]: filled first, if the baseline needs them.
  public let meanReturns: UnsafeMutablePointer<Float>?
  private let agent: Agent
  private let baseline: any Baseline
  /// b_t as it is fitted.
  private let fit: SquaredError?
  private let layer: BaselineLayer?

  /// - Parameter states: what b is read from, at the steps after which something is decided; nil where nothing is read.
  public init(_ agent: Agent, _ baseline: any Baseline, _ states: (layer: BaselineLayer, state: Variable)?) {
    self.agent = agent
    self.baseline = baseline
    returns = agent.graph.arena.take(count: agent.rows)
    meanReturns = baseline.needsMeanRun ? agent.graph.arena.take(count: agent.rows) : nil
    fit = states.map { layer, state in
      agent.graph.squaredError(layer.values(of: state, in: agent.graph))
    }
    layer = states?.layer
  }

  /// The baseline's squared error over steps and rows, after `fitBaseline`.
  public var baselineError: Float { fit?.mean ?? 0 }

  /// Sets the returns as the targets of b.
  public func fitBaseline(weight: Float, isMeanOverSteps: Bool) {
    guard let fit, let layer else { return }
    for row in 0..<agent.rows {
      fit.targets[row] = returns[row]
      fit.selection[row] = UInt8(truncatingIfNeeded: layer.column(of: row / agent.episodes, on: agent.stage))
    }
    fit.weight = isMeanOverSteps ? weight / Float(fit.x.steps.count) : weight
  }

  /// b_t of a row, the expected return after glimpse t; before the first glimpse, the mean of recent returns.
  public func expectation(after step: Int, row: Int) -> Float {
    if let fit, step >= 0 { return fit.x.value(at: step)[row, Int(fit.selection[row])] }
    return baseline.expectation(
      of: row,
      Returns(
        values: returns, episodes: agent.episodes, average: agent.model.returnAverage,
        atMean: meanReturns))
  }

  /// Gives the decisions where to look their credit.
  ///
  /// G_k is the λ-return from after glimpse k: G_{T-1} = R, G_k = (1 - λ) V_k + λ G_{k+1}. The decision for glimpse k
  /// earns G_k - V_{k-1}, or half of G_k - V'_k where the other side was looked at too.
  public func assign(lambda: Float, antithetic: AntitheticLooks?, weight: Float) {
    let (later, first) = (agent.gaze.score, agent.gaze.firstScore)
    later?.weight = weight
    first?.weight = weight
    let last = agent.graph.steps - 1
    for row in 0..<agent.rows {
      var g = returns[row]
      func advantage(_ k: Int, before: Float) -> Float {
        if let antithetic { return 0.5 * (g - antithetic.values[k, row]) }
        return g - before
      }
      if let later {
        for k in stride(from: last, to: 0, by: -1) {
          let before = expectation(after: k - 1, row: row)
          later.advantages.value(at: k - 1)[row, 0] = advantage(k, before: before)
          g = (1 - lambda) * before + lambda * g
        }
      }
      if let first {
        first.advantages.value(at: 0)[row, 0] = advantage(0, before: expectation(after: -1, row: row))
      }
    }
  }
}
