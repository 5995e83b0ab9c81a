import CPNG
import Learning

/// Reading of PNG from memory, by libpng, which also checks the file's checksums.
///
/// Colours become the grey of the same luminance (ITU-R BT.709, in linear light, as sRGB); 16 bits become 8. What is
/// partly transparent is mixed with the background as most programs show it, v = a v + (1 - a) background.
enum PNGFile {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func isPNG(_ bytes: [UInt8]) -> Bool { bytes.starts(with: signature) }

  /// - Throws: `FileError` for a damaged file.
  static func read(_ bytes: [UInt8], name: String, background: UInt8) throws -> GrayImage {
    let (width, height) = try checkedSize(bytes, name: name)
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    var pairs = [UInt8](repeating: 0, count: 2 * width * height)
    // libpng keeps the pointer from the first call to the second.
    try bytes.withUnsafeBufferPointer { bytes in
      guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0,
        Int(image.width) == width, Int(image.height) == height
      else { throw damaged(image, name) }
      image.format = UInt32(PNG_FORMAT_FLAG_ALPHA)  // grey and alpha, a byte each
      // Otherwise 16 bits that name no gamma would be taken for linear light, and come out brighter than 8.
      image.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
      guard png_image_finish_read(&image, nil, &pairs, 0, nil) != 0 else { throw damaged(image, name) }
    }
    let pixels = (0..<(width * height)).map { pixel in
      let (value, alpha) = (Int(pairs[2 * pixel]), Int(pairs[2 * pixel + 1]))
      return UInt8((value * alpha + Int(background) * (255 - alpha) + 127) / 255)
    }
    return GrayImage(width: width, height: height, counted: pixels)
  }

  /// Width and height, once it is sure that no part of the file claims more than there is: libpng asks for the memory that a
  /// chunk says it needs, before it reads it.
  private static func checkedSize(_ bytes: [UInt8], name: String) throws -> (width: Int, height: Int) {
    func number(_ place: Int) -> Int { bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) } }
    // Each chunk is its length, its name, as many bytes, and a checksum. What follows the last one is left alone.
    var (place, isEnd) = (signature.count, false)
    while place < bytes.count, !isEnd {
      guard bytes.count - place >= 12, number(place) <= bytes.count - place - 12 else {
        throw FileError(
          path: name, reason: "this PNG is damaged (it is cut off)", cure: "save the picture again")
      }
      isEnd = bytes[(place + 4)..<(place + 8)].elementsEqual("IEND".utf8)
      place += 12 + number(place)
    }
    guard bytes.count >= 33, bytes[12..<16].elementsEqual("IHDR".utf8) else {
      throw FileError(
        path: name, reason: "this PNG is damaged (it has no header)", cure: "save the picture again")
    }
    let (width, height) = (number(16), number(20))
    try GrayImage.check(width: width, height: height, name: name)
    // At its best deflate makes 1032 bytes of one, and a byte holds 8 pixels.
    guard width * height / 8 <= 1032 * bytes.count else {
      throw FileError(
        path: name,
        reason: "says that it has \(width)x\(height) pixels, which its \(bytes.count) bytes cannot hold",
        cure: "save the picture again")
    }
    return (width, height)
  }

  private static func damaged(_ image: png_image, _ name: String) -> FileError {
    let reason = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return FileError(path: name, reason: "this PNG is damaged (\(reason))", cure: "save the picture again")
  }
}
