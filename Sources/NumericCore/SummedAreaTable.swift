import COneDNN

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
      var sum: Int32 = 0
      for column in 0..<side {
        sum &+= Int32(source[column])
        here[column] = above[column] &+ sum
      }
    }
  }

  /// Asks the memory for what look-ups in `rows` and `columns` will read, every `spacing`-th row, so that they
  /// need not wait for it.
  public static func prefetch(
    _ table: UnsafePointer<Int32>, side: Int, rows: ClosedRange<Int>, columns: ClosedRange<Int>, spacing: Int
  ) {
    let size = MemoryLayout<Int32>.stride
    numeric_prefetch(
      table + rows.lowerBound * (side + 1) + columns.lowerBound, (side + 1) * spacing * size,
      (rows.count - 1) / spacing + 1, columns.count * size)
  }
}
