/// Rounds to the nearest bfloat16, and ties to the one whose last bit is 0.
package func roundToBFloat16(
  _ source: UnsafePointer<Float>, into destination: UnsafeMutablePointer<UInt16>, count: Int
) {
  for i in 0..<count {
    let bits = source[i].bitPattern
    destination[i] = UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits &>> 16 & 1)) &>> 16)
  }
}
