import Learning

/// MNIST as it is: one digit of 28x28 pixels that fills its scene. Section 4.1, table 1a.
public struct CenteredDigits: LocatedWorld {
  public let digits: DigitImages
  public var side: Int { DigitImages.side }
  public var classCount: Int { 10 }
  public var summary: String { "centered digits, \(side)x\(side)" }
  public var configuration: Configuration {
    Configuration("centered_digits").with("digits", digits.configuration)
  }

  public init(digits: DigitImages) {
    self.digits = digits
  }

  public func count(of split: Split) -> Int { digits.count(of: split) }

  public func draw(
    _ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>
  ) -> UInt8 {
    let key = SceneKey(split, index: index, seed: seed, count: count(of: split))
    withFrame(&pixels) { $0.update(from: digits.pixels(split, key.digit), count: side * side) }
    return digits.label(split, key.digit)
  }

  public func digitBox(_ split: Split, index: Int, seed: UInt64) -> DigitBox { DigitBox(x: 0, y: 0) }
}
