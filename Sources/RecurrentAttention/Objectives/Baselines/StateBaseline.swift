import Learning

/// b(h_t) = Linear(h_t), fitted to the return by squared error (the paper's; that it is linear is ours).
public struct StateBaseline: Baseline, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("state") }
  public func columns(on world: any World) -> Int { 1 }
  public var openChoice: String? { "The baseline is a linear map of the state." }
}
