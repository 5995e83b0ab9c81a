import Learning

/// The mean return of the example's other episodes (Kool et al. 2019); needs two or more.
public struct LeaveOneOut: Baseline, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("leave_one_out") }

  public func check(episodes: Int, on world: any World) throws {
    guard episodes > 1 else {
      throw DefinitionError(
        "the number of episodes per example of a leave-one-out baseline", episodes,
        "it needs the returns of others",
        cure: "train two or more")
    }
  }

  public func expectation(of row: Int, _ returns: Returns) -> Float {
    let first = row / returns.episodes * returns.episodes
    var others: Float = 0
    for other in first..<(first + returns.episodes) where other != row { others += returns.values[other] }
    return others / Float(returns.episodes - 1)
  }
}
