import CZlib

/// CRC-32, as in gzip: finds accidental changes by disks, transfers and editors. The only checksum of the package.
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
