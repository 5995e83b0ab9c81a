import Learning

/// One picture as a world: a frame that never changes, and nobody says what it shows.
///
///     let path = try model.look(at: Picture(reading: "my.png"))
///
/// A frame is square: one that is not stands in the middle of a black square.
public struct Picture: World {
  public typealias Episode = Still
  public let image: GrayImage
  public var side: Int { image.width }
  /// Nothing is known to be right.
  public let classCounts: [Int] = []
  public var summary: String { "a picture of \(side)x\(side)" }
  public var configuration: Configuration {
    Configuration("picture").with("side", side).with("pixels", Checksum.crc32(image.pixels))
  }

  /// - Throws: `FileError` for a file that is not a complete PNG or PGM, or is too long for a square.
  public init(reading path: String, inverted: Bool = false, fit: Fit = .none) throws {
    try self.init(GrayImage(reading: path, inverted: inverted), of: path, fit: fit)
  }

  /// - Parameter path: names the picture in errors.
  /// - Throws: `FileError` when it is too long for a square; `DefinitionError` for a fit to an impossible side.
  public init(_ image: GrayImage, of path: String = "the picture", fit: Fit = .none) throws {
    try fit.check()
    let image = image.fitted(fit)
    let side = max(image.width, image.height)
    guard side <= WorldLimits.mostSide else {
      throw FileError(
        path: path,
        reason:
          "is \(image.width)x\(image.height) pixels, and a frame has at most \(WorldLimits.mostSide) a side",
        cure: "crop or shrink the picture")
    }
    self.image = image.onSquare(
      side: side, left: (side - image.width) / 2, top: (side - image.height) / 2)
  }

  public func count(of split: Split) -> Int { 1 }

  public func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Still {
    withFrame(&pixels) { $0.update(from: image.pixels, count: side * side) }
    return Still()
  }
}
