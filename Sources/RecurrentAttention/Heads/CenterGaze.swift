import Autodiff
import Learning

/// Every glimpse is at the frame's centre.
public struct CenterGaze: Gaze, Equatable {
  public init() {}

  public static let kind = "center"
  public var configuration: Configuration { Configuration(Self.kind) }
  public init(_ configuration: Configuration) {}

  public func isStochastic(glimpses: Int) -> Bool { false }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    FixedGazeLayer { _, _, locations in
      for row in 0..<locations.rows { (locations[row, 0], locations[row, 1]) = (0, 0) }
    }
  }
}
