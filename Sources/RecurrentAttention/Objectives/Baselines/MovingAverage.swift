import Learning

/// The mean return of about the last hundred batches.
public struct MovingAverage: Baseline, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("moving_average") }
}
