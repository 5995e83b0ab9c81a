import Learning
import Numerics

/// A picture of one digit, with the place where it is, as ground truth for analyses. Networks do not get it.
public protocol LocatedWorld: StillWorld {
  /// The digit's box in scene `index`.
  func digitBox(_ split: Split, index: Int, seed: UInt64) -> DigitBox
}

/// The square that a digit takes, pixels from the upper left corner of its scene.
public struct DigitBox: Equatable, Sendable {
  public let x, y, side: Int

  public init(x: Int, y: Int, side: Int = DigitImages.side) { (self.x, self.y, self.side) = (x, y, side) }

  /// Whether a point lies in it or on its edge; column and row are distances from the scene's corner, in pixels.
  public func holds(column: Double, row: Double) -> Bool {
    let half = Double(side) / 2
    return abs(column - Double(x) - half) <= half && abs(row - Double(y) - half) <= half
  }
}

extension World {
  /// Draws through a pointer, after checking that there is room for a frame, [side, side].
  func withFrame(_ pixels: inout MutableSpan<UInt8>, _ draw: (UnsafeMutablePointer<UInt8>) -> Void) {
    require(pixels.count == side * side, "\(pixels.count) pixels for a frame of \(side)x\(side)")
    pixels.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { draw(start) }
    }
  }
}
