import Autodiff
import Learning
import Numerics

/// Every glimpse is uniform over the frame: the paper's "random glimpses" (tables 2a and 2b).
public struct RandomGaze: Gaze, Equatable {
  public init() {}

  public static let kind = "random"
  public var configuration: Configuration { Configuration(Self.kind) }
  public init(_ configuration: Configuration) {}

  public func isStochastic(glimpses: Int) -> Bool { true }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    FixedGazeLayer { moment, locations in
      for row in 0..<locations.rows {
        locations[row, 0] = moment.streams[row].uniform(from: -1, to: 1)
        locations[row, 1] = moment.streams[row].uniform(from: -1, to: 1)
      }
    }
  }
}

/// Every glimpse is at the frame's centre.
public struct CenterGaze: Gaze, Equatable {
  public init() {}

  public static let kind = "center"
  public var configuration: Configuration { Configuration(Self.kind) }
  public init(_ configuration: Configuration) {}

  public func isStochastic(glimpses: Int) -> Bool { false }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    FixedGazeLayer { _, locations in
      for row in 0..<locations.rows { (locations[row, 0], locations[row, 1]) = (0, 0) }
    }
  }
}

/// A gaze that learns nothing and sees nothing.
public struct FixedGazeLayer: GazeLayer {
  private let choose: @Sendable (Moment, Matrix) -> Void

  /// - Parameter choose: writes l_t of all rows, inside of the frame, [B, 2].
  public init(_ choose: @escaping @Sendable (_ moment: Moment, _ locations: Matrix) -> Void) {
    self.choose = choose
  }

  public func initialize(_ parameters: Parameters, seed: UInt64) {}
  public func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead { Head(choose) }

  private final class Head: GazeHead {
    private let chooses: @Sendable (Moment, Matrix) -> Void

    init(_ choose: @escaping @Sendable (Moment, Matrix) -> Void) { chooses = choose }

    func choose(_ moment: Moment, into locations: Matrix) { chooses(moment, locations) }
    func writeAntitheticPlace(step: Int, into locations: Matrix) {}  // there is no policy
  }
}
