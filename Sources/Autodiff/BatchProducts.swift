import Numerics

/// Makes the gradients of the tensors that are used once per example as one product over the whole batch, dW = xᵀ dz.
///
/// Products over the few examples of a shard are slow, and a gradient that no cache holds would be read and written once
/// for each of them. So the shards leave their rows of x and dz here, and the product is made when all have.
public final class BatchProducts {
  /// x [batch, rows of W]   dz [batch, columns of W]
  private struct Factors {
    let tensor: Parameter
    let x: Matrix
    let dz: Matrix
  }

  private let factors: [Factors]
  /// One for each band, because bands are made by different threads.
  private let products: [Products]
  private let arena = Arena()
  /// A tensor's rows are cut into as many bands with any number of threads, so that it changes no digit.
  private static let bands = 4  // ours: as many as the trainer has groups
  /// Ours: with 512 at once, a product of 10,000 rows and 64 columns was a quarter slower (measured).
  private static let examplesAtOnce = 128

  public init(for parameters: Parameters, batch: Int) {
    let arena = arena
    func memory(_ columns: Int) -> Matrix {
      let stride = rowStride(columns)
      return Matrix(arena.take(count: batch * stride), rows: batch, columns: columns, stride: stride)
    }
    factors = parameters.tensors.filter { $0.isUsedOnce }.map {
      Factors(tensor: $0, x: memory($0.rows), dz: memory($0.columns))
    }
    products = (0..<Self.bands).map { _ in Products(for: parameters) }
  }

  public var isEmpty: Bool { factors.isEmpty }

  /// Keeps the rows of some examples, from `first` on.
  func keep(x: Matrix, dz: Matrix, of tensor: Parameter, first: Int) {
    for factors in factors where factors.tensor.index == tensor.index {
      copy(x, to: factors.x, first: first)
      copy(dz, to: factors.dz, first: first)
    }
  }

  private func copy(_ source: Matrix, to destination: Matrix, first: Int) {
    for row in 0..<source.rows {
      destination.row(first + row).update(from: source.row(row), count: source.columns)
    }
  }

  /// Makes the gradients, `part` of `parts` of the work.
  public func finish(into gradients: GradientBuffer, part: Int = 0, of parts: Int = 1) {
    for factors in factors {
      let (rows, batch) = (factors.tensor.rows, factors.x.rows)
      let size = (rows + Self.bands * 16 - 1) / (Self.bands * 16) * 16
      for band in (Self.bands * part / parts)..<(Self.bands * (part + 1) / parts) where band * size < rows {
        let range = (band * size)..<min((band + 1) * size, rows)
        let sum = gradients.matrix(factors.tensor, rows: range)
        for first in stride(from: 0, to: batch, by: Self.examplesAtOnce) {
          let count = min(Self.examplesAtOnce, batch - first)
          let x = Matrix(
            factors.x.row(first) + range.lowerBound, rows: count, columns: range.count,
            stride: factors.x.stride)
          let dz = Matrix(
            factors.dz.row(first), rows: count, columns: factors.dz.columns, stride: factors.dz.stride)
          products[band].multiply(x.transposed, dz, into: sum, accumulating: first > 0)
        }
      }
    }
  }
}
