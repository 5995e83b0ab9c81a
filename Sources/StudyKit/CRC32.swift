import CZlib
import Foundation

/// The checksum of gzip and PNG, as `zlib.crc32` of Python has it: finds what changed by accident.
enum CRC32 {
  /// Eight hexadecimal digits.
  static func digits(of bytes: ArraySlice<UInt8>) -> String {
    let value = bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    return String(format: "%08x", UInt32(truncatingIfNeeded: value))
  }
}
