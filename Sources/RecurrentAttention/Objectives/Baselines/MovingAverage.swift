import Learning

/// The mean return of about the last hundred batches. It starts at 0, so it is too small before that.
public struct MovingAverage: Baseline, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("moving_average") }
}
