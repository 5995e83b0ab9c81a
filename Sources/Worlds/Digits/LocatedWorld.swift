import Learning

/// A picture of one digit, with the place where it is, as ground truth for analyses. Networks do not get it.
public protocol LocatedWorld: StillWorld {
  /// Width and height of the digit's box, pixels.
  var digitSide: Int { get }

  /// Column and row of the upper left pixel of the digit's box in scene `index`.
  func digitPlace(_ split: Split, index: Int, seed: UInt64) -> (x: Int, y: Int)
}

extension LocatedWorld {
  public var digitSide: Int { DigitImages.side }
}

extension World {
  /// Draws through a pointer, after checking that there is room for a frame, [side, side].
  func withFrame(_ pixels: inout MutableSpan<UInt8>, _ draw: (UnsafeMutablePointer<UInt8>) -> Void) {
    precondition(pixels.count == side * side, "\(pixels.count) pixels for a frame of \(side)x\(side)")
    pixels.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { draw(start) }
    }
  }
}
