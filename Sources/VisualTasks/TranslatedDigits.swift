import NumericCore

/// One digit at a uniformly random place of an empty scene. Section 4.1, "Non-centered digits", table 1b.
public struct TranslatedDigits: SceneTask {
  public let digits: DigitImages
  public let side: Int
  public var classCount: Int { 10 }
  public var summary: String { "translated digits, \(side)x\(side)" }

  /// - Throws: `DataError` if a digit does not fit into a scene of `side` x `side` pixels.
  public init(side: Int, digits: DigitImages) throws {
    guard side >= DigitImages.side, side <= Self.largestSide else {
      throw DataError(
        "translated digits", expected: "a side of \(DigitImages.side) to \(Self.largestSide) pixels",
        found: "\(side)", cure: "choose a side in this range, such as 60")
    }
    self.side = side
    self.digits = digits
  }

  /// Pixels; sixteen million of them are a scene large enough for any study, and small enough for memory.
  static let largestSide = 4096

  public func count(of split: Split) -> Int { digits.count(of: split) }

  public func draw(
    _ split: Split, index: Int, seed: UInt64, into pixels: UnsafeMutablePointer<UInt8>
  ) -> UInt8 {
    var key = SceneKey(split, index: index, seed: seed, count: count(of: split))
    draw(split, &key, into: pixels)
    return digits.label(split, key.digit)
  }

  /// Clears the scene and places the digit; the key's stream goes on where the place was drawn.
  func draw(_ split: Split, _ key: inout SceneKey, into pixels: UnsafeMutablePointer<UInt8>) {
    let x = key.stream.integer(below: side - DigitImages.side + 1)
    let y = key.stream.integer(below: side - DigitImages.side + 1)
    let digit = digits.pixels(split, key.digit)
    let place = pixels + (y * side + x)
    pixels.update(repeating: 0, count: side * side)
    for row in 0..<DigitImages.side {
      (place + row * side).update(from: digit + row * DigitImages.side, count: DigitImages.side)
    }
  }
}
