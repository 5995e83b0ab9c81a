import Learning

/// An array of unsigned bytes in the IDX format of the MNIST site, plain or packed by gzip.
///
/// ```
/// byte 0, 1      0
/// byte 2         element type; 0x08 is unsigned byte, the only one read here
/// byte 3         rank, the number of dimensions
/// 4 bytes each   dimensions, big-endian
/// the rest       values, the last dimension running fastest
/// ```
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section "File
/// formats".
public struct IDXFile: Sendable {
  /// Slowest first: [count, rows, columns] for images, [count] for labels.
  public let dimensions: [Int]
  /// As many as the product of the dimensions.
  public let values: [UInt8]
  /// CRC-32 of the unpacked file, header included.
  public let checksum: String

  /// Bytes, packed or not, beyond which a file is refused: twenty times the largest file of MNIST.
  static let largestFile = 1 << 30

  /// - Throws: `FileError` if the file is missing, unreadable or not a whole IDX file of unsigned bytes.
  public init(contentsOf path: String) throws {
    let bytes = try FileBytes.read(path, most: Self.largestFile, cure: "give the path of an IDX file")
    try self.init(bytes: bytes, name: path)
  }

  /// - Parameter name: stands for the file in error messages.
  /// - Throws: `FileError` if the bytes are not exactly one IDX array of unsigned bytes.
  public init(bytes: [UInt8], name: String) throws {
    var unpacked = bytes
    if Gzip.isPacked(bytes) {
      unpacked = try Gzip.unpack(bytes, name: name) { try Header($0, name: name)?.fileSize }
    }
    guard let header = try Header(unpacked, name: name) else {
      throw FileError(
        name, expected: "a whole IDX header, 4 bytes and 4 for each dimension",
        found: "the end of the file after \(unpacked.count) bytes", cure: "fetch the file again")
    }
    guard unpacked.count == header.fileSize else {
      throw FileError(
        name, expected: "\(header.fileSize) bytes for an array of \(header.shape)",
        found: "\(unpacked.count)", cure: "fetch the file again")
    }
    checksum = Checksum.crc32(unpacked)
    unpacked.removeFirst(header.size)
    dimensions = header.dimensions
    values = unpacked
  }

  /// What stands before the values.
  private struct Header {
    let dimensions: [Int]
    /// Bytes of the header itself.
    let size: Int
    /// Bytes of header and values together.
    let fileSize: Int

    var shape: String { dimensions.map(String.init).joined(separator: "x") }

    /// Nil if the bytes end before the header does.
    init?(_ bytes: [UInt8], name: String) throws {
      guard bytes.count >= 4 else { return nil }
      guard bytes[0] == 0, bytes[1] == 0, bytes[3] > 0 else {
        let start = bytes[..<4].map(hexadecimal).joined(separator: " ")
        throw FileError(
          name, expected: "an IDX file, which starts with 00 00 08 and a rank above 0", found: start,
          cure: "give the path of an IDX file, plain or packed by gzip")
      }
      guard bytes[2] == 0x08 else {
        throw FileError(
          name, expected: "element type 08 (unsigned byte)", found: "element type \(hexadecimal(bytes[2]))",
          cure: "convert the file to unsigned bytes")
      }
      size = 4 + 4 * Int(bytes[3])
      guard bytes.count >= size else { return nil }
      dimensions = stride(from: 4, to: size, by: 4).map { start in
        bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      }
      var total = 1
      for dimension in dimensions {
        let (product, overflow) = total.multipliedReportingOverflow(by: dimension)
        total = overflow ? .max : product
        if overflow { break }
      }
      guard total <= IDXFile.largestFile else {
        throw FileError(
          name, expected: "an array of at most \(IDXFile.largestFile) bytes",
          found: "a header that claims \(dimensions.map(String.init).joined(separator: "x"))",
          cure: "fetch the file again")
      }
      fileSize = size + total
    }
  }
}

/// Two hexadecimal digits, as in "0a".
private func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

extension FileError {
  /// What a file of data should have held, what it holds, and what to do.
  init(_ path: String, expected: String, found: String, cure: String) {
    self.init(path: path, reason: "expected \(expected), found \(found)", cure: cure)
  }
}
