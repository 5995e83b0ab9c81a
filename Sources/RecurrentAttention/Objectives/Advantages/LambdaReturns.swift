import Learning

/// λ-returns with the baseline as the value of a state (generalised advantage estimation, Schulman et al. 2016).
///
///     A_t = Σ_k λ^k (V_{t+k} - V_{t+k-1})     V_t = b_t, V_{T-1} = R
///
/// λ = 1 is the return less the baseline. With λ < 1, later decisions count less in the credit of earlier ones. This
/// has less variance, and a bias if the values are wrong.
public struct LambdaReturns: Advantage, Equatable {
  public var lambda: Float

  public init(_ lambda: Float) { self.lambda = lambda }

  public var configuration: Configuration { Configuration("lambda_returns").with("lambda", lambda) }
  public var needsValues: Bool { lambda < 1 }
  public var openChoice: String? {
    "Credit is given by λ-returns, λ = \(lambda), with the baseline as value."
  }
}
