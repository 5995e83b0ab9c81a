import Foundation
import Learning

/// The bytes of a file, read piece by piece, so that only what is there takes memory.
enum FileBytes {
  /// - Parameters:
  ///   - most: bytes beyond which it is refused.
  ///   - cure: what to do about a file that is larger.
  static func read(_ path: String, most: Int, cure: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      throw FileError(
        path, expected: "a readable file", found: String(cString: strerror(errno)).lowercased(),
        cure: "check the path and its permissions")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      bytes.append(contentsOf: piece[..<count])
      guard bytes.count <= most else {
        throw FileError(path, expected: "a file of at most \(most) bytes", found: "more", cure: cure)
      }
      if count < piece.count { break }
    }
    guard ferror(file) == 0 else {
      throw FileError(
        path, expected: "a readable file",
        found: errno == EISDIR ? "a folder" : String(cString: strerror(errno)).lowercased(),
        cure: "check that it is a plain file on a sound disk")
    }
    return bytes
  }
}
