/// Sums of an image over rectangles in constant time (Crow 1984).
///
/// Entry (r, c) of [side + 1, side + 1] is the sum of all pixels above row r and left of column c.
public enum SummedAreaTable {
  public static func count(side: Int) -> Int { (side + 1) * (side + 1) }

  /// Fills a table whose first row and column are zero already; they are not touched.
  public static func fill(
    _ table: UnsafeMutablePointer<Int32>, pixels: UnsafePointer<UInt8>, side: Int
  ) {
    let width = side + 1
    for row in 0..<side {
      let (above, here) = (table + row * width + 1, table + (row + 1) * width + 1)
      let source = pixels + row * side
      var sums = SIMD8<Int32>()  // the sum of everything left of `column`, eight times
      var column = 0
      while column &+ 8 <= side {
        let bytes = UnsafeRawPointer(source + column).loadUnaligned(as: SIMD8<UInt8>.self)
        let inside = prefixSums(SIMD8(truncatingIfNeeded: bytes))
        let before = UnsafeRawPointer(above + column).loadUnaligned(as: SIMD8<Int32>.self) &+ sums
        UnsafeMutableRawPointer(here + column).storeBytes(of: before &+ inside, as: SIMD8<Int32>.self)
        sums &+= SIMD8(repeating: inside[7])
        column &+= 8
      }
      var sum = sums[0]
      while column < side {
        sum &+= Int32(source[column])
        here[column] = above[column] &+ sum
        column &+= 1
      }
    }
  }

  /// The sums of the first one, two, ... eight of eight numbers.
  @inline(__always)
  private static func prefixSums(_ x: SIMD8<Int32>) -> SIMD8<Int32> {
    let pairs = x &+ SIMD8(0, x[0], x[1], x[2], x[3], x[4], x[5], x[6])
    let fours = pairs &+ SIMD8(0, 0, pairs[0], pairs[1], pairs[2], pairs[3], pairs[4], pairs[5])
    return fours &+ SIMD8(0, 0, 0, 0, fours[0], fours[1], fours[2], fours[3])
  }
}
