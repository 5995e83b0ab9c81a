import Autodiff
import Learning

/// Every glimpse is uniform over the frame: the paper's "random glimpses" (tables 2a and 2b).
public struct RandomGaze: Gaze, Equatable {
  public init() {}

  public static let kind = "random"
  public var configuration: Configuration { Configuration(Self.kind) }
  public init(_ configuration: Configuration) {}

  public func isStochastic(glimpses: Int) -> Bool { true }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    FixedGazeLayer { moment, _, locations in
      for row in 0..<locations.rows {
        locations[row, 0] = moment.streams[row].uniform(from: -1, to: 1)
        locations[row, 1] = moment.streams[row].uniform(from: -1, to: 1)
      }
    }
  }
}
