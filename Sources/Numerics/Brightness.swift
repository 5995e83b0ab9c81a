/// A pixel as a number from 0, black, to 1, white: x = byte / 255.
@inlinable @inline(__always)
public func brightness(_ byte: UInt8) -> Float { Float(byte) * (1 / 255) }

/// x_i = byte_i / 255.
@inlinable
public func brightness(
  _ bytes: UnsafePointer<UInt8>, into x: UnsafeMutablePointer<Float>, count: Int
) {
  for i in 0..<count { x[i] = brightness(bytes[i]) }
}
