/// The square of a frame that one patch of a glimpse shows, in pixels from the frame's upper left corner. It may reach
/// beyond the frame.
public struct PatchOutline: Equatable, Sendable {
  public var left: Float
  public var top: Float
  public var side: Float

  public init(left: Float, top: Float, side: Float) {
    (self.left, self.top, self.side) = (left, top, side)
  }
}
