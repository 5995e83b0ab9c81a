import COneDNN

/// Transposed copies of matrices, tile by tile in registers.
///
/// Copied number by number, by one thread, a network's weights took 6 % of a training step of 20 images on one thread,
/// and more of a step on two. Copied in tiles, by all threads, that step went from 22,000 to 24,800 images per second
/// on two threads, and from 13,100 to 13,300 on one.
package enum Transposition {
  /// Rows and columns of a tile: what a vector register holds.
  package static let tile = 8

  /// copy[j, i] = matrix[i, j] for the given rows i.     matrix [m, n]   copy [n, m]
  package static func copy(_ matrix: Matrix, rows: Range<Int>, into copy: Matrix) {
    precondition(
      copy.rows == matrix.columns && copy.columns == matrix.rows && rows.upperBound <= matrix.rows,
      "\(matrix.shape) transposed does not fit into \(copy.shape)")
    let wholeRows = rows.count / tile * tile
    let wholeColumns = matrix.columns / tile * tile
    // A tile's eight destination rows stay in the cache from one band of rows to the next.
    for column in stride(from: 0, to: wholeColumns, by: tile) {
      for row in stride(from: rows.lowerBound, to: rows.lowerBound + wholeRows, by: tile) {
        copyTile(
          matrix.row(row) + column, stride: matrix.stride, into: copy.row(column) + row,
          stride: copy.stride)
      }
    }
    for row in rows {
      let first = row < rows.lowerBound + wholeRows ? wholeColumns : 0
      for column in first..<matrix.columns { copy[column, row] = matrix[row, column] }
    }
  }

  @inline(__always)
  private static func copyTile(
    _ source: UnsafeMutablePointer<Float>, stride: Int, into destination: UnsafeMutablePointer<Float>,
    stride destinationStride: Int
  ) {
    let tile = Rows { source + $0 &* stride }.columns(from: 0)
    func store(_ row: SIMD8<Float>, _ index: Int) {
      UnsafeMutableRawPointer(destination + index * destinationStride).storeBytes(
        of: row, as: SIMD8<Float>.self)
    }
    store(tile.0, 0)
    store(tile.1, 1)
    store(tile.2, 2)
    store(tile.3, 3)
    store(tile.4, 4)
    store(tile.5, 5)
    store(tile.6, 6)
    store(tile.7, 7)
  }

  typealias Tile = (
    SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>,
    SIMD8<Float>
  )

  /// Where eight rows stand.
  struct Rows {
    private let rows:
      (
        UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>,
        UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>,
        UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
      )

    @inline(__always)
    init(_ row: (Int) -> UnsafeMutablePointer<Float>) {
      rows = (row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7))
    }

    /// Eight columns from `first` on.
    ///
    /// Rows r and r + 4 share a register, a half each, so that each half is a tile of 4x4 and no number crosses
    /// over.
    @inline(__always)
    func columns(from first: Int) -> Tile {
      let low = fourColumns(from: first)
      let high = fourColumns(from: first &+ 4)
      return (low.0, low.1, low.2, low.3, high.0, high.1, high.2, high.3)
    }

    @inline(__always)
    private func fourColumns(from first: Int) -> (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>) {
      let (a, b) = (join(rows.0 + first, rows.4 + first), join(rows.1 + first, rows.5 + first))
      let (c, d) = (join(rows.2 + first, rows.6 + first), join(rows.3 + first, rows.7 + first))
      let (ab, cd) = (numeric_interleave_low(a, b), numeric_interleave_low(c, d))
      let (abHigh, cdHigh) = (numeric_interleave_high(a, b), numeric_interleave_high(c, d))
      return (
        numeric_join_low(ab, cd), numeric_join_high(ab, cd), numeric_join_low(abHigh, cdHigh),
        numeric_join_high(abHigh, cdHigh)
      )
    }
  }

  @inline(__always)
  private static func join(
    _ upper: UnsafeMutablePointer<Float>, _ lower: UnsafeMutablePointer<Float>
  ) -> SIMD8<Float> {
    SIMD8(
      lowHalf: UnsafeRawPointer(upper).loadUnaligned(as: SIMD4<Float>.self),
      highHalf: UnsafeRawPointer(lower).loadUnaligned(as: SIMD4<Float>.self))
  }
}
