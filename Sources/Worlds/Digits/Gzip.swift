import CZlib
import Learning

/// Unpacking of gzip streams (RFC 1952) from memory, by zlib, which also checks the stream's CRC and length.
enum Gzip {
  /// Whether the bytes start as a gzip stream does.
  static func isPacked(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// Unpacks one gzip stream that must fill `bytes`.
  ///
  /// The result grows with the data that is really there, never with what a header claims. `size` sees what has come
  /// out so far, until it can say how many bytes there will be. As soon as more come out, unpacking stops.
  ///
  /// - Throws: `FileError` for a corrupt or truncated stream, for bytes after its end, and for more bytes
  ///   than `size` said; and whatever `size` throws.
  static func unpack(_ bytes: [UInt8], name: String, size: ([UInt8]) throws -> Int?) throws -> [UInt8] {
    var stream = z_stream()
    let gzipWindow: Int32 = 15 + 16  // the largest window, and gzip's header and trailer only
    guard inflateInit2_(&stream, gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FileError(
        name, expected: "zlib to start", found: "that it cannot", cure: "free some memory or reinstall zlib")
    }
    defer { inflateEnd(&stream) }

    var unpacked: [UInt8] = []
    var limit: Int?
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var consumed = 0
    var status = Z_OK
    while status != Z_STREAM_END {
      let produced = bytes.withUnsafeBufferPointer { input in
        chunk.withUnsafeMutableBufferPointer { output in
          let offered = min(input.count - consumed, 1 << 30)  // zlib counts in 32 bits
          stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + consumed) }
          stream.avail_in = UInt32(offered)
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          status = inflate(&stream, Z_NO_FLUSH)
          consumed += offered - Int(stream.avail_in)
          return output.count - Int(stream.avail_out)
        }
      }
      unpacked.append(contentsOf: chunk[..<produced])
      try check(status, stream, hasMore: consumed < bytes.count || produced > 0, name: name)
      if limit == nil { limit = try size(unpacked) }
      if let limit, unpacked.count > limit {
        throw FileError(
          name, expected: "\(limit) bytes once unpacked, as its header says", found: "more",
          cure: "fetch the file again")
      }
    }
    guard consumed == bytes.count else {
      throw FileError(
        name, expected: "the end of the file after \(consumed) bytes, where its gzip stream ends",
        found: "\(bytes.count - consumed) more bytes", cure: "fetch the file again")
    }
    return unpacked
  }

  private static func check(_ status: Int32, _ stream: z_stream, hasMore: Bool, name: String) throws {
    switch status {
    case Z_STREAM_END: return
    case Z_OK where hasMore: return
    case Z_OK, Z_BUF_ERROR:
      throw FileError(
        name, expected: "a whole gzip stream", found: "a file that ends inside of it",
        cure: "fetch the file again")
    default:
      let reason = stream.msg.map { String(cString: $0) } ?? "zlib status \(status)"
      throw FileError(
        name, expected: "an intact gzip stream", found: "a corrupt one (\(reason))",
        cure: "fetch the file again")
    }
  }
}
