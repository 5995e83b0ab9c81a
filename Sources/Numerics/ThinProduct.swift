import COneDNN

/// Products with two columns, or over one or two numbers, for which oneDNN takes as long as for sixteen.
/// [10, 256] [256, 2] took 1.8 us and takes 0.4 here; [10, 2] [2, 128] took 0.53 us and takes 0.09. A training step of
/// 1,450 us has ten of the first and twelve of the second.
///
/// Every number of C is one chain of fused multiply-adds in the order of k, as in oneDNN, with the same last digits.
enum ThinProduct {
  /// C = A B.     A [m, k]   B [k, 2]   C [m, 2]
  ///
  /// Rows of A are the lanes of a register, transposed in tiles of 8x8. Two groups of eight rows run side by side,
  /// because a single chain would wait for its own results.
  static func twoColumns(_ a: Matrix, _ b: Matrix, into c: Matrix) {
    let k = a.columns
    let whole = k / 8 * 8
    for first in stride(from: 0, to: a.rows, by: 16) {
      // Lanes beyond the last row compute it again.
      func row(_ lane: Int) -> UnsafeMutablePointer<Float> { a.row(min(first + lane, a.rows - 1)) }
      var sums = Sums()
      var weights = b.pointer
      let (upperRows, lowerRows) = (Transposition.Rows { row($0) }, Transposition.Rows { row($0 + 8) })
      for i in stride(from: 0, to: whole, by: 8) {
        let (upper, lower) = (upperRows.columns(from: i), lowerRows.columns(from: i))
        sums.add(upper.0, lower.0, weights)
        sums.add(upper.1, lower.1, weights + b.stride)
        sums.add(upper.2, lower.2, weights + 2 &* b.stride)
        sums.add(upper.3, lower.3, weights + 3 &* b.stride)
        sums.add(upper.4, lower.4, weights + 4 &* b.stride)
        sums.add(upper.5, lower.5, weights + 5 &* b.stride)
        sums.add(upper.6, lower.6, weights + 6 &* b.stride)
        sums.add(upper.7, lower.7, weights + 7 &* b.stride)
        weights += 8 &* b.stride
      }
      for i in whole..<k {
        var (upper, lower) = (SIMD8<Float>(), SIMD8<Float>())
        for lane in 0..<8 { (upper[lane], lower[lane]) = (row(lane)[i], row(lane + 8)[i]) }
        sums.add(upper, lower, b.row(i))
      }
      for lane in 0..<min(8, a.rows - first) {
        (c[first + lane, 0], c[first + lane, 1]) = (sums.upper0[lane], sums.upper1[lane])
      }
      for lane in 0..<max(min(8, a.rows - first - 8), 0) {
        (c[first + 8 + lane, 0], c[first + 8 + lane, 1]) = (sums.lower0[lane], sums.lower1[lane])
      }
    }
  }

  /// Two columns of sixteen rows of C.
  private struct Sums {
    var (upper0, upper1, lower0, lower1) = (
      SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>()
    )

    @inline(__always)
    mutating func add(_ upper: SIMD8<Float>, _ lower: SIMD8<Float>, _ b: UnsafeMutablePointer<Float>) {
      let (b0, b1) = (SIMD8(repeating: b[0]), SIMD8(repeating: b[1]))
      upper0 = numeric_multiply_add(upper, b0, upper0)
      upper1 = numeric_multiply_add(upper, b1, upper1)
      lower0 = numeric_multiply_add(lower, b0, lower0)
      lower1 = numeric_multiply_add(lower, b1, lower1)
    }
  }

  /// C = A B.     A [m, k], k at most 2   B [k, n]   C [m, n]
  static func fewSummands(_ a: Matrix, _ b: Matrix, into c: Matrix) {
    let (k, n) = (a.columns, c.columns)
    for index in 0..<a.rows {
      let (x, y) = (a.row(index), c.row(index))
      let (x0, b0) = (x[0], b.row(0))
      if k == 1 {
        for j in 0..<n { y[j] = Float(0).addingProduct(x0, b0[j]) }
      } else {
        let (x1, b1) = (x[1], b.row(1))
        for j in 0..<n { y[j] = Float(0).addingProduct(x0, b0[j]).addingProduct(x1, b1[j]) }
      }
    }
  }
}
