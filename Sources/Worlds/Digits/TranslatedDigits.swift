import Learning

/// One digit at a uniformly random place in an empty scene. Section 4.1, "Non-centered digits", table 1b.
public struct TranslatedDigits: LocatedWorld {
  public let digits: DigitImages
  public let side: Int
  public var classCount: Int { 10 }
  public var summary: String { "translated digits, \(side)x\(side)" }
  public var configuration: Configuration {
    Configuration("translated_digits").with("side", side).with("digits", digits.configuration)
  }

  /// In pixels. A scene of sixteen million pixels is large enough for any study, and small enough for memory.
  static let largestSide = 4096

  /// - Throws: `DefinitionError` if a digit does not fit into a scene of `side` x `side` pixels.
  public init(side: Int, digits: DigitImages) throws {
    guard side >= DigitImages.side, side <= Self.largestSide else {
      throw DefinitionError(
        "the side of a scene", side,
        "a digit takes \(DigitImages.side) pixels, and a scene has at most \(Self.largestSide)",
        cure: "choose a side of \(DigitImages.side) to \(Self.largestSide) pixels, such as 60")
    }
    self.side = side
    self.digits = digits
  }

  public func count(of split: Split) -> Int { digits.count(of: split) }
  public var isEndless: Bool { true }

  public func draw(
    _ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>
  ) -> UInt8 {
    var key = SceneKey(split, index: index, seed: seed, count: count(of: split))
    withFrame(&pixels) { draw(split, &key, into: $0) }
    return digits.label(split, key.digit)
  }

  public func digitBox(_ split: Split, index: Int, seed: UInt64) -> DigitBox {
    var key = SceneKey(split, index: index, seed: seed, count: count(of: split))
    let place = key.place(of: DigitImages.side, in: side)
    return DigitBox(x: place.x, y: place.y)
  }

  /// Clears the scene and places the digit. The key's stream then continues after the place.
  func draw(_ split: Split, _ key: inout SceneKey, into pixels: UnsafeMutablePointer<UInt8>) {
    let (x, y) = key.place(of: DigitImages.side, in: side)
    let digit = digits.pixels(split, key.digit)
    let place = pixels + (y * side + x)
    pixels.update(repeating: 0, count: side * side)
    for row in 0..<DigitImages.side {
      (place + row * side).update(from: digit + row * DigitImages.side, count: DigitImages.side)
    }
  }
}
