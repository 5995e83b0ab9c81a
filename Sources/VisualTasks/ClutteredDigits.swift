import NumericCore

/// A translated digit and `pieces` 8x8 pixels large pieces of other digits, added at random places. Section
/// 4.1, "Cluttered non-centered digits", table 2: 4 pieces at 60x60, 8 at 100x100.
///
/// ```
/// scene <- min(255, scene + piece)        for every piece, in bytes
/// ```
/// The paper does not say how pieces are blended; because they are added and clipped, their order does not
/// matter.
public struct ClutteredDigits: SceneTask {
  public let digits: DigitImages
  public let pieces: Int
  public var side: Int { translated.side }
  public var classCount: Int { 10 }
  public var summary: String { "cluttered digits, \(side)x\(side), \(pieces) pieces" }
  private let translated: TranslatedDigits

  /// Width and height of a piece, pixels.
  public static let pieceSide = 8  // paper

  /// - Throws: `DataError` if a digit does not fit into a scene of `side` x `side` pixels, or `pieces` is
  ///   negative.
  public init(side: Int, pieces: Int, digits: DigitImages) throws {
    guard pieces >= 0 else {
      throw DataError(
        "cluttered digits", expected: "0 or more pieces of clutter", found: "\(pieces)",
        cure: "choose a number such as 4")
    }
    translated = try TranslatedDigits(side: side, digits: digits)
    self.pieces = pieces
    self.digits = digits
  }

  public func count(of split: Split) -> Int { digits.count(of: split) }

  public func draw(
    _ split: Split, index: Int, seed: UInt64, into pixels: UnsafeMutablePointer<UInt8>
  ) -> UInt8 {
    let count = count(of: split)
    var key = SceneKey(split, index: index, seed: seed, count: count)
    translated.draw(split, &key, into: pixels)
    for _ in 0..<pieces {
      // ours: uniform over the other digits of the split, with replacement; crops that are empty stay empty.
      let other = key.stream.integer(below: count - 1)
      let source = digits.pixels(split, other < key.digit ? other : other + 1)
      let cropX = key.stream.integer(below: DigitImages.side - Self.pieceSide + 1)
      let cropY = key.stream.integer(below: DigitImages.side - Self.pieceSide + 1)
      let x = key.stream.integer(below: side - Self.pieceSide + 1)
      let y = key.stream.integer(below: side - Self.pieceSide + 1)
      add(source + (cropY * DigitImages.side + cropX), to: pixels + (y * side + x))
    }
    return digits.label(split, key.digit)
  }

  /// Adds 8 rows of 8 bytes and clips at 255: one vector per row.
  private func add(_ source: UnsafePointer<UInt8>, to place: UnsafeMutablePointer<UInt8>) {
    let source = UnsafeRawPointer(source)
    let place = UnsafeMutableRawPointer(place)
    for row in 0..<Self.pieceSide {
      let piece = source.loadUnaligned(fromByteOffset: row * DigitImages.side, as: SIMD8<UInt8>.self)
      let below = place.loadUnaligned(fromByteOffset: row * side, as: SIMD8<UInt8>.self)
      let sum = below &+ piece
      // A sum that wrapped around is smaller than its terms.
      let clipped = sum.replacing(with: 255, where: sum .< below)
      place.storeBytes(of: clipped, toByteOffset: row * side, as: SIMD8<UInt8>.self)
    }
  }
}
