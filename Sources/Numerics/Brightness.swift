/// Pixels as numbers from 0, black, to 1, white: x = byte / 255.
@inlinable
public func brightness(
  _ bytes: UnsafePointer<UInt8>, into x: UnsafeMutablePointer<Float>, count: Int
) {
  let scale: Float = 1 / 255
  for i in 0..<count { x[i] = Float(bytes[i]) * scale }
}
