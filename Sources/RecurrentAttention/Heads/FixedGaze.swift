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
    FixedGazeLayer { moment, _, locations in
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
    FixedGazeLayer { _, _, locations in
      for row in 0..<locations.rows { (locations[row, 0], locations[row, 1]) = (0, 0) }
    }
  }
}

/// A gaze that learns nothing and sees nothing of what the core remembers.
public struct FixedGazeLayer: GazeLayer {
  public typealias Choice = @Sendable (_ moment: Moment, _ stage: Stage, _ locations: Matrix) -> Void
  private let choose: Choice

  /// - Parameter choose: writes l_t of all rows, inside of the frame, [B, 2].
  public init(_ choose: @escaping Choice) { self.choose = choose }

  public func initialize(_ parameters: Parameters, seed: UInt64) {}
  public func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead {
    Head(choose, stage)
  }

  private final class Head: GazeHead {
    private let chooses: Choice
    private let stage: Stage

    init(_ choose: @escaping Choice, _ stage: Stage) { (chooses, self.stage) = (choose, stage) }

    func choose(_ moment: Moment, into locations: Matrix) { chooses(moment, stage, locations) }
    func writeAntitheticPlace(step: Int, into locations: Matrix) {}  // there is no policy
  }
}
