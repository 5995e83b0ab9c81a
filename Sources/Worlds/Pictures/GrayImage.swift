import Learning

/// A grey picture of any width and height: black 0, white 255.
public struct GrayImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Row by row from the top, [height, width].
  public let pixels: [UInt8]

  /// The most pixels of a file that is read: a photograph of 6400 × 5000.
  public static let mostPixels = 32_000_000

  /// - Throws: `DefinitionError` when there are not width × height pixels, or none.
  public init(width: Int, height: Int, pixels: [UInt8]) throws {
    guard width > 0 && height > 0 && pixels.count == width * height else {
      throw DefinitionError(
        "the number of pixels", pixels.count, "it is not that of a picture of \(width)x\(height)",
        cure: "give one byte for each pixel, row by row")
    }
    self.init(width: width, height: height, counted: pixels)
  }

  /// - Parameter pixels: width × height of them.
  init(width: Int, height: Int, counted pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Reads a PNG of any kind or a PGM (P2, P5).
  ///
  /// - Parameter inverted: whether black and white change places, as a drawing in black on white needs it. What is
  ///   transparent is background either way: black in the result.
  /// - Throws: `FileError` if the file is not a complete PNG or PGM.
  public init(reading path: String, inverted: Bool = false) throws {
    let bytes = try FileBytes.read(path, most: Self.largestFile, cure: "give the path of a PNG or PGM")
    try self.init(bytes: bytes, name: path, inverted: inverted)
  }

  /// - Parameter name: stands for the file in error messages.
  public init(bytes: [UInt8], name: String, inverted: Bool = false) throws {
    let image: GrayImage
    if PNGFile.isPNG(bytes) {
      image = try PNGFile.read(bytes, name: name, background: inverted ? 255 : 0)
    } else if PGMFile.isPGM(bytes) {
      image = try PGMFile.read(bytes, name: name)
    } else {
      throw FileError(
        path: name, reason: bytes.isEmpty ? "is empty" : "is neither a PNG nor a PGM",
        cure: "save the picture as PNG")
    }
    self.init(
      width: image.width, height: image.height,
      counted: inverted ? image.pixels.map { 255 - $0 } : image.pixels)
  }

  static let largestFile = 1 << 28

  /// - Throws: `FileError` for a size that is 0, or beyond `mostPixels`.
  static func check(width: Int, height: Int, name: String) throws {
    let (count, overflows) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflows, count <= mostPixels else {
      throw FileError(
        path: name,
        reason: "says that it has \(width)x\(height) pixels, and a picture has 1 to \(mostPixels)",
        cure: "scale the picture down")
    }
  }
}
