import Numerics

/// The products of one tensor's gradient that a `GradientBuffer` puts off: copies of their factors, dW = Σ xᵀ dz.
///
/// Room for them grows in the first pass and is used again in all later ones.
struct PostponedProducts {
  /// x [k, rows of W]   dz [k, columns of W]
  typealias Term = (x: Matrix, dz: Matrix)

  private var rooms: [Term] = []
  private var count = 0
  private let arena = Arena()

  var bytes: Int { arena.bytes }
  /// In the order in which they were kept.
  var terms: ArraySlice<Term> { rooms[..<count] }

  mutating func forget() { count = 0 }

  mutating func keep(x: Matrix, dz: Matrix) {
    if count == rooms.count { rooms.append((room(for: x), room(for: dz))) }
    if rooms[count].x.rows != x.rows { rooms[count] = (room(for: x), room(for: dz)) }
    copy(x, to: rooms[count].x)
    copy(dz, to: rooms[count].dz)
    count += 1
  }

  private func room(for matrix: Matrix) -> Matrix {
    Matrix(
      arena.take(count: matrix.rows * matrix.stride), rows: matrix.rows, columns: matrix.columns,
      stride: matrix.stride)
  }

  private func copy(_ source: Matrix, to destination: Matrix) {
    for row in 0..<source.rows { destination.row(row).update(from: source.row(row), count: source.columns) }
  }

  /// Some rows of Σ xᵀ dz, the products in order.
  static func multiply(
    _ terms: ArraySlice<Term>, rows: Range<Int>, into c: Matrix, accumulating: Bool = false
  ) {
    for (index, (x, dz)) in terms.enumerated() {
      let band = Matrix(x.pointer + rows.lowerBound, rows: x.rows, columns: rows.count, stride: x.stride)
      Numerics.multiply(band.transposed, dz, into: c, accumulating: accumulating || index > 0)
    }
  }
}
