/// Means of an image over squares of any place and width, from its summed-area table.
///
/// Inside of a pixel the sum of all that lies above and to the left of a point is linear in both of its coordinates, as a
/// pixel has one brightness. Interpolating the table between the corners of pixels therefore gives the exact integral.
public enum AreaMean {
  /// How many cells a square may have along a side: what is kept of them then fits on the stack.
  public static let mostCells = 40

  /// Cuts a square into cells × cells and writes the mean of each, row by row, in [0, 1] up to rounding; what lies
  /// outside of the image is black.
  ///
  /// - Parameters:
  ///   - table: of an image of `side` × `side` bytes.
  ///   - left: of the square's left edge, pixels; pixel i covers [i, i + 1).
  ///   - top: of its upper edge.
  ///   - width: its width and height, pixels.
  public static func read(
    _ table: UnsafePointer<Int32>, side: Int, left: Float, top: Float, width: Float, cells: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    require(cells <= mostCells, "a square is cut into at most \(mostCells) cells a side, not \(cells)")
    let (pitch, edge) = (Double(width) / Double(cells), Double(side))
    let scale = 1 / (255 * pitch * pitch)
    // For every vertical line between cells: the pixel that it lies in, how far into it, and the sum of all that is
    // left of the line and above the previous horizontal line.
    typealias Line = (pixel: Int, part: Double, above: Double)
    withUnsafeTemporaryAllocation(of: Line.self, capacity: cells + 1) { lines in
      for j in 0...cells {
        let x = min(max(Double(left) + Double(j) * pitch, 0), edge)
        let pixel = min(Int(x), side - 1)
        lines[j] = (pixel, x - Double(pixel), 0)
      }
      for i in 0...cells {
        let y = min(max(Double(top) + Double(i) * pitch, 0), edge)
        let pixel = min(Int(y), side - 1)
        let part = y - Double(pixel)
        let (upper, lower) = (table + pixel * (side + 1), table + (pixel + 1) * (side + 1))
        var before = 0.0
        for j in 0...cells {
          let line = lines[j]
          let high = mix(upper[line.pixel], upper[line.pixel + 1], line.part)
          let low = mix(lower[line.pixel], lower[line.pixel + 1], line.part)
          let sum = high + part * unwrapped(low - high)
          let band = unwrapped(sum - line.above)
          if i > 0, j > 0 { output[(i - 1) * cells + j - 1] = Float((band - before) * scale) }
          lines[j].above = sum
          before = band
        }
      }
    }
  }

  /// A difference of two sums, which is not negative, up to rounding. In a picture of more than eight million pixels the
  /// sums can exceed 32 bits; the table then has their lower 32, and a difference of up to 2^32 (17 million white pixels)
  /// can be told.
  @inline(__always)
  private static func unwrapped(_ difference: Double) -> Double {
    difference < -1 ? difference + 0x1p32 : difference
  }

  @inline(__always)
  private static func mix(_ a: Int32, _ b: Int32, _ part: Double) -> Double {
    Double(a) + part * Double(b &- a)
  }
}
