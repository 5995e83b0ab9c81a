/// A location to look at, l = (x, y), frame half-widths: (0, 0) is the frame's centre, (-1, -1) its top left corner.
public struct Location: Sendable, Equatable {
  public var x: Float
  public var y: Float

  public init(x: Float, y: Float) {
    self.x = x
    self.y = y
  }

  /// Where it is on a frame of `side` × `side` pixels, from the upper left corner.
  public func pixel(on side: Int) -> (column: Double, row: Double) {
    (Double(x + 1) / 2 * Double(side), Double(y + 1) / 2 * Double(side))
  }

  /// The centres of `side` × `side` equal cells, row by row from the top left.
  ///
  /// - Parameter reach: how far from the frame's centre the cells extend, half-widths.
  public static func grid(_ side: Int, reach: Float = 1) -> [Location] {
    let centres = (0..<side).map { reach * Float(2 * $0 + 1 - side) / Float(side) }
    return centres.flatMap { y in centres.map { Location(x: $0, y: y) } }
  }
}
