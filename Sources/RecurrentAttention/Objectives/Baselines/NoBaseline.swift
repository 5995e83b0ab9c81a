import Learning

/// No baseline: b = 0.
public struct NoBaseline: Baseline, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("none") }
  public func expectation(of row: Int, _ returns: Returns) -> Float { 0 }
}
