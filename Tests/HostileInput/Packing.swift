import CZlib

/// An IDX file of unsigned bytes, written by hand.
public func idx(_ dimensions: [Int], _ values: [UInt8], type: UInt8 = 0x08) -> [UInt8] {
  var bytes: [UInt8] = [0, 0, type, UInt8(dimensions.count)]
  for dimension in dimensions {
    bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: dimension >> $0) }
  }
  return bytes + values
}

/// Packs bytes by zlib, as the command gzip does.
public func gzip(_ bytes: [UInt8]) -> [UInt8] { deflated(bytes, window: 15 + 16) }

/// - Parameter window: zlib's: 15 for its own wrapping, as PNG has it, and 16 more for that of gzip.
private func deflated(_ bytes: [UInt8], window: Int32) -> [UInt8] {
  var stream = z_stream()
  let started = deflateInit2_(
    &stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  precondition(started == Z_OK, "zlib starts")
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  let status = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      return deflate(&stream, Z_FINISH)
    }
  }
  precondition(status == Z_STREAM_END, "a buffer of deflateBound is large enough")
  return Array(output.prefix(Int(stream.total_out)))
}

/// A PNG, written by hand (PNG specification, 5.3 and 11.2).
///
/// - Parameters:
///   - colour: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
///   - rows: the bytes of each row, without filter.
///   - chunks: what stands between header and pixels, such as a palette.
public func png(
  width: Int, height: Int, depth: UInt8 = 8, colour: UInt8 = 0, rows: [[UInt8]],
  chunks: [(name: String, data: [UInt8])] = []
) -> [UInt8] {
  func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
  func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + data
    return number(data.count) + named + number(Int(crc32_z(0, named, named.count)))
  }
  let header = number(width) + number(height) + [depth, colour, 0, 0, 0]
  return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
    + chunks.flatMap { chunk($0.name, $0.data) }
    + chunk("IDAT", deflated(rows.flatMap { [0] + $0 }, window: 15))
    + chunk("IEND", [])
}
