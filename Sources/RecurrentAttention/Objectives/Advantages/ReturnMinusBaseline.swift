import Learning

/// A_t = R - b_{t-1}, the return less the baseline (the paper's, equation 2).
public struct ReturnMinusBaseline: Advantage, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("return") }
  public var needsValues: Bool { false }
  public var lambda: Float { 1 }
}
