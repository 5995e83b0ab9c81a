import Autodiff
import Learning
import Numerics

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
    func writeAntitheticLocation(step: Int, into locations: Matrix) {}  // there is no policy
  }
}
