import Learning

/// Reading of PGM, plain (P2) and raw (P5): netpbm's grey pictures.
///
/// ```
/// P5 width height most     apart by white space, comments from # to the end of the line
/// values                   from the one byte after; two bytes each, the higher first, where most is above 255
/// ```
/// Values are scaled so that `most` is white. Source: netpbm's manual page of the format, pgm(5).
enum PGMFile {
  static func isPGM(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == UInt8(ascii: "P")
      && [UInt8(ascii: "2"), UInt8(ascii: "5")].contains(bytes[1])
      && isSpace(bytes[2])
  }

  /// - Throws: `FileError` for a damaged file.
  static func read(_ bytes: [UInt8], name: String) throws -> GrayImage {
    var words = Words(bytes: bytes, place: 2)
    guard let width = words.number(), let height = words.number(), let most = words.number() else {
      throw damaged("its header has no width, height and highest value", name)
    }
    try GrayImage.check(width: width, height: height, name: name)
    guard (1...65_535).contains(most) else {
      throw damaged("its highest value is \(most), not 1 to 65535", name)
    }
    let count = width * height
    let isRaw = bytes[1] == UInt8(ascii: "5")
    // Plain values are a digit and a space at least; nothing is asked for before this.
    let needed = isRaw ? 1 + count * (most > 255 ? 2 : 1) : 2 * count
    guard bytes.count - words.place >= needed else {
      throw damaged("\(width)x\(height) pixels do not fit into its \(bytes.count) bytes", name)
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count)
    for pixel in 0..<count {
      let value: Int
      if !isRaw {
        guard let number = words.number() else {
          throw damaged("it ends after \(pixel) of \(count) values", name)
        }
        value = number
      } else if most > 255 {
        let place = words.place + 1 + 2 * pixel
        value = Int(bytes[place]) << 8 | Int(bytes[place + 1])
      } else {
        value = Int(bytes[words.place + 1 + pixel])
      }
      guard value <= most else { throw damaged("the value \(value) is above its highest, \(most)", name) }
      pixels.append(UInt8((value * 255 + most / 2) / most))
    }
    return GrayImage(width: width, height: height, counted: pixels)
  }

  private static func damaged(_ what: String, _ name: String) -> FileError {
    FileError(path: name, reason: "this PGM is damaged: \(what)", cure: "save the picture again")
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  /// Numbers apart by white space and comments.
  private struct Words {
    let bytes: [UInt8]
    /// The place of the byte after the last number.
    var place: Int

    /// Nil where none follows, or one that no picture has.
    mutating func number() -> Int? {
      var isComment = false
      while place < bytes.count, isComment || isSpace(bytes[place]) || bytes[place] == UInt8(ascii: "#") {
        if bytes[place] == UInt8(ascii: "#") { isComment = true }
        if bytes[place] == 10 || bytes[place] == 13 { isComment = false }
        place += 1
      }
      var value: Int?
      while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
        value = (value ?? 0) * 10 + Int(bytes[place] - UInt8(ascii: "0"))
        guard let value, value < 1 << 32 else { return nil }
        place += 1
      }
      return value
    }
  }
}
