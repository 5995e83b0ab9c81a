import Learning

/// The return of a run at the policy's mean (self-critical training, Rennie et al. 2017). Sampled locations are judged by
/// whether they are better than the locations that a test would look at. It costs a forward pass.
public struct SelfCritical: Baseline, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("self_critical") }
  public var needsMeanRun: Bool { true }
  public func expectation(of row: Int, _ returns: Returns) -> Float {
    returns.atMean?[row] ?? returns.average
  }
}
