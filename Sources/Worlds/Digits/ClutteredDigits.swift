import Learning

/// A translated digit and `pieces` pieces of other digits, 8x8 pixels each, added at random places. Section 4.1,
/// "Cluttered non-centered digits", table 2: 4 pieces at 60x60, 8 at 100x100.
///
/// ```
/// scene <- min(255, scene + piece)        for every piece, in bytes
/// ```
/// The paper does not say how pieces are blended. Here they are added and clipped, so their order does not matter.
public struct ClutteredDigits: LocatedWorld {
  public let pieces: Int
  public var digits: DigitImages { translated.digits }
  public var side: Int { translated.side }
  public var classCount: Int { 10 }
  public var summary: String { "cluttered digits, \(side)x\(side), \(pieces) pieces" }
  public var configuration: Configuration {
    Configuration("cluttered_digits").with("side", side).with("pieces", pieces)
      .with("digits", digits.configuration)
  }
  private let translated: TranslatedDigits

  /// Width and height of a piece, pixels.
  public static let pieceSide = 8  // paper

  /// - Throws: `DefinitionError` if a digit does not fit into a scene of `side` x `side` pixels, or `pieces`
  ///   is negative.
  public init(side: Int, pieces: Int, digits: DigitImages) throws {
    guard pieces >= 0 else {
      throw DefinitionError(
        "the number of clutter pieces", pieces, "it must not be negative", cure: "choose a number such as 4")
    }
    translated = try TranslatedDigits(side: side, digits: digits)
    self.pieces = pieces
  }

  public func count(of split: Split) -> Int { digits.count(of: split) }
  public var isEndless: Bool { true }

  // MARK: - The scene

  public func draw(
    _ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>
  ) -> UInt8 {
    var key = SceneKey(split, index: index, seed: seed, count: count(of: split))
    withFrame(&pixels) { pixels in
      translated.draw(split, &key, into: pixels)
      addClutter(split, &key, to: pixels)
    }
    return digits.label(split, key.digit)
  }

  /// Adds all pieces to a scene whose digit is placed.
  func addClutter(_ split: Split, _ key: inout SceneKey, to pixels: UnsafeMutablePointer<UInt8>) {
    for _ in 0..<pieces {
      let piece = nextPiece(split, &key)
      add(
        digits.pixels(split, piece.digit) + (piece.crop.y * DigitImages.side + piece.crop.x),
        to: pixels + (piece.place.y * side + piece.place.x))
    }
  }

  private struct Piece {
    /// The digit of the split that it is cut from.
    let digit: Int
    /// Where in that digit.
    let crop: (x: Int, y: Int)
    /// Where in the scene.
    let place: (x: Int, y: Int)
  }

  /// The next piece of a scene whose digit is placed.
  private func nextPiece(_ split: Split, _ key: inout SceneKey) -> Piece {
    // ours: uniform over the other digits of the split, with replacement; crops that are empty stay empty.
    let other = key.stream.integer(below: count(of: split) - 1)
    return Piece(
      digit: other < key.digit ? other : other + 1,
      crop: key.place(of: Self.pieceSide, in: DigitImages.side),
      place: key.place(of: Self.pieceSide, in: side))
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

  // MARK: - Where things are

  public func digitBox(_ split: Split, index: Int, seed: UInt64) -> DigitBox {
    translated.digitBox(split, index: index, seed: seed)
  }

  /// How many pieces of clutter overlap the digit's box, even if the overlap is black.
  public func piecesOnDigit(_ split: Split, index: Int, seed: UInt64) -> Int {
    var key = SceneKey(split, index: index, seed: seed, count: count(of: split))
    let box = key.place(of: DigitImages.side, in: side)
    func overlaps(_ piece: Int, _ digit: Int) -> Bool {
      piece > digit - Self.pieceSide && piece < digit + DigitImages.side
    }
    return (0..<pieces).count { _ in
      let place = nextPiece(split, &key).place
      return overlaps(place.x, box.x) && overlaps(place.y, box.y)
    }
  }
}
