import CZlib

/// CRC-32, as gzip has it: finds what disks, transfers and hands do by accident. The one checksum of the package.
public enum Checksum {
  /// Eight hexadecimal digits.
  public static func crc32(_ bytes: some Collection<UInt8>) -> String {
    let sum =
      bytes.withContiguousStorageIfAvailable { value(UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { value($0) }
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func value(_ bytes: UnsafeRawBufferPointer) -> UInt {
    crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
  }
}
