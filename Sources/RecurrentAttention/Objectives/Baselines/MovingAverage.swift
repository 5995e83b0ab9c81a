import Learning

/// The mean return of the last hundred batches or so.
public struct MovingAverage: Baseline, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("moving_average") }
}
