import Numerics

/// Makes the gradients of the tensors that are used once per example as one product over the whole batch, dW = xᵀ dz.
///
/// Products over the few examples of a shard are slow, and a gradient that no cache holds would be read and written once
/// for each of them. So the shards leave their rows of x and dz here, and the product is made when all have.
public final class BatchProducts {
  /// x [batch, rows of W]   dz [batch, columns of W]
  private struct Factors {
    let tensor: Parameter
    let x: Rows
    let dz: Matrix
  }

  private enum Rows {
    case numbers(Matrix)
    /// Pixels, without gaps. Their numbers take four times the memory, and with 512 frames of 100 x 100 a step took a third
    /// longer (measured).
    case bytes(UnsafeMutablePointer<UInt8>)
  }

  /// What the thread that makes a band has for itself.
  private struct Band {
    let products: Products
    /// Some pixels of some pictures as numbers.
    let tile: Matrix
  }

  private let factors: [Factors]
  private let bands: [Band]
  private let batch: Int
  private let arena = Arena()
  /// A tensor's rows are cut into as many bands with any number of threads, so that it changes no digit.
  private static let bandCount = 4  // ours: as many as the trainer has groups
  /// Ours: with 512 at once, a product of 10,000 rows and 64 columns was a quarter slower (measured).
  private static let examplesAtOnce = 128
  /// Ours: with 128 examples, 256 KB of numbers, which a second-level cache holds; 256 to 2,048 were as fast (measured).
  private static let pixelsAtOnce = 512

  public init(for parameters: Parameters, batch: Int) {
    let arena = arena
    func memory(rows: Int, columns: Int) -> Matrix {
      let stride = rowStride(columns)
      return Matrix(arena.take(count: rows * stride), rows: rows, columns: columns, stride: stride)
    }
    self.batch = batch
    factors = parameters.tensors.filter { $0.isUsedOnce }.map {
      Factors(
        tensor: $0,
        x: $0.use == .onceOnPixels
          ? .bytes(arena.take(count: batch * $0.rows)) : .numbers(memory(rows: batch, columns: $0.rows)),
        dz: memory(rows: batch, columns: $0.columns))
    }
    let keepsPixels = parameters.tensors.contains { $0.use == .onceOnPixels }
    bands = (0..<Self.bandCount).map { _ in
      Band(
        products: Products(for: parameters),
        tile: memory(rows: keepsPixels ? Self.examplesAtOnce : 1, columns: Self.pixelsAtOnce))
    }
  }

  public var isEmpty: Bool { factors.isEmpty }

  /// Keeps the rows of some examples, from `first` on.
  func keep(x: Matrix, bytes: UnsafePointer<UInt8>?, dz: Matrix, of tensor: Parameter, first: Int) {
    for factors in factors where factors.tensor.index == tensor.index {
      copy(dz, to: factors.dz, first: first)
      switch (factors.x, bytes) {
      case (.numbers(let memory), _): copy(x, to: memory, first: first)
      case (.bytes(let memory), let bytes?):
        (memory + first * tensor.rows).update(from: bytes, count: x.rows * tensor.rows)
      case (.bytes, nil):
        require(false, "'\(tensor.name)' is declared as used on pixels, but its input is not")
      }
    }
  }

  private func copy(_ source: Matrix, to destination: Matrix, first: Int) {
    if source.stride == destination.stride {
      let count = (source.rows - 1) * source.stride + source.columns
      return destination.row(first).update(from: source.pointer, count: count)
    }
    for row in 0..<source.rows {
      destination.row(first + row).update(from: source.row(row), count: source.columns)
    }
  }

  /// Makes the gradients, `part` of `parts` of the work.
  public func finish(into gradients: GradientBuffer, part: Int = 0, of parts: Int = 1) {
    for factors in factors {
      let rows = factors.tensor.rows
      let size = (rows + Self.bandCount * 16 - 1) / (Self.bandCount * 16) * 16
      for band in (Self.bandCount * part / parts)..<(Self.bandCount * (part + 1) / parts)
      where band * size < rows {
        let range = (band * size)..<min((band + 1) * size, rows)
        let step = if case .bytes = factors.x { Self.pixelsAtOnce } else { size }
        for first in stride(from: range.lowerBound, to: range.upperBound, by: step) {
          sum(factors, rows: first..<min(first + step, range.upperBound), into: gradients, with: bands[band])
        }
      }
    }
  }

  /// dW = xᵀ dz for some rows of W.
  private func sum(_ factors: Factors, rows: Range<Int>, into gradients: GradientBuffer, with band: Band) {
    let dw = gradients.matrix(factors.tensor, rows: rows)
    for first in stride(from: 0, to: batch, by: Self.examplesAtOnce) {
      let examples = first..<min(first + Self.examplesAtOnce, batch)
      let x = numbers(factors, examples, rows, band.tile)
      band.products.multiply(x.transposed, factors.dz.rows(examples), into: dw, accumulating: first > 0)
    }
  }

  /// Some columns of x for some examples.
  private func numbers(
    _ factors: Factors, _ examples: Range<Int>, _ columns: Range<Int>, _ tile: Matrix
  ) -> Matrix {
    switch factors.x {
    case .numbers(let x):
      return Matrix(
        x.row(examples.lowerBound) + columns.lowerBound, rows: examples.count, columns: columns.count,
        stride: x.stride)
    case .bytes(let x):
      for (row, example) in examples.enumerated() {
        brightness(
          x + example * factors.tensor.rows + columns.lowerBound, into: tile.row(row), count: columns.count)
      }
      return Matrix(tile.pointer, rows: examples.count, columns: columns.count, stride: tile.stride)
    }
  }
}
