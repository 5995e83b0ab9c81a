import Numerics

/// Gradients of all tensors of a set of `Parameters`, in the same flat layout.
///
/// A pass: `reset`, any number of `Graph.backward`, `clearUntouched`, and `flat` holds the sum of all passes.
public final class GradientBuffer {
  /// [parameters.length]; complete after `clearUntouched`, and for tensors that are used once after `BatchProducts.finish`.
  public let flat: UnsafeMutablePointer<Float>
  private let parameters: Parameters
  /// The tensors whose gradients are made here, and their places in `flat`; adjacent tensors share a range.
  private let made: [Parameter]
  private let madeRanges: [Range<Int>]
  private let products: Products
  /// For each tensor, how many rows, from the first, hold anything since `reset`.
  private let touched: UnsafeMutablePointer<Int>
  /// dWᵀ [columns, rows] of a tensor with few columns. oneDNN computes at least sixteen columns at once, so a gradient
  /// with two columns took eight times as long as its transpose with two rows (measured).
  private let narrow: UnsafeMutablePointer<Float>
  private static let fewColumns = 16
  private let arena = Arena()

  private let batch: BatchProducts?
  /// Which examples of the batch the next backward pass is over.
  public var examples = 0..<0

  /// - Parameter batch: makes the gradients of the tensors that are used once per example; nil to make them here, shard
  ///   by shard.
  public init(for parameters: Parameters, batch: BatchProducts? = nil) {
    self.parameters = parameters
    self.batch = batch
    made = parameters.tensors.filter { batch == nil || !$0.isUsedOnce }
    madeRanges = made.reduce(into: []) { ranges, tensor in
      let isNeighbour = ranges.last?.upperBound == tensor.offset
      let first = isNeighbour ? ranges.removeLast().lowerBound : tensor.offset
      ranges.append(first..<tensor.end)
    }
    products = Products(for: parameters)
    flat = arena.take(count: max(parameters.length, 1))
    touched = arena.take(count: max(parameters.tensors.count, 1))
    narrow = arena.take(
      count: parameters.tensors.filter { $0.columns < Self.fewColumns }.map(\.count).max() ?? 1)
  }

  /// Discards all gradients. Nothing is cleared here: the first addition overwrites or clears.
  public func reset() { touched.update(repeating: 0, count: parameters.tensors.count) }

  /// Sets the gradients that nothing was added to since `reset` to zero.
  public func clearUntouched() {
    for parameter in made { touch(parameter) }
  }

  /// Adds a range of other buffers' numbers to this one's, in order, except those that are made for the whole batch.
  public func combine(with others: ArraySlice<GradientBuffer>, _ range: Range<Int>) {
    for made in madeRanges {
      let numbers = made.clamped(to: range)
      for other in others {
        let (destination, source) = (flat, other.flat)
        for i in numbers { destination[i] += source[i] }
      }
    }
  }

  /// The gradient of one tensor, to add to or to read.
  public subscript(parameter: Parameter) -> Matrix {
    require(
      batch == nil || !parameter.isUsedOnce,
      "the gradient of '\(parameter.name)' is made after the passes, from its product alone")
    touch(parameter)
    return matrix(parameter)
  }

  /// Adds a product to a tensor's gradient, or to some rows of it, dW += A B.     A [rows, k]   B [k, columns]
  ///
  /// For a layer z = x W over all steps, that is `add(x.allValues.transposed, dz, to: weight)`.
  ///
  /// - Parameter bytes: what A was made of, if it is of `Pixels`; a tensor that is used `onceOnPixels` needs them.
  public func add(
    _ a: Matrix, _ b: Matrix, to parameter: Parameter, rows: Range<Int>? = nil,
    bytes: UnsafePointer<UInt8>? = nil
  ) {
    let rows = rows ?? 0..<parameter.rows
    require(
      rows.lowerBound >= 0 && rows.upperBound <= parameter.rows,
      "rows \(rows) of '\(parameter.name)', which has \(parameter.rows)")
    if let batch, parameter.isUsedOnce {
      // Passes go through the examples in order.
      require(
        a.isTransposed && !b.isTransposed && rows.count == parameter.rows && b.rows == examples.count
          && touched[parameter.index] <= examples.lowerBound,
        "'\(parameter.name)' is declared as used once per example, in one product x W, but is used otherwise")
      touched[parameter.index] = examples.upperBound
      return batch.keep(
        x: a.transposed, bytes: bytes, dz: b, of: parameter, first: examples.lowerBound)
    }
    let overwrites = rows.lowerBound == touched[parameter.index]
    if overwrites {
      touched[parameter.index] = rows.upperBound
    } else if rows.upperBound > touched[parameter.index] {
      touch(parameter)
    }
    let all = matrix(parameter)
    let dw = Matrix(all.row(rows.lowerBound), rows: rows.count, columns: all.columns)
    guard parameter.columns < Self.fewColumns, !b.isTransposed else {
      return products.multiply(a, b, into: dw, accumulating: !overwrites)
    }
    let transpose = Matrix(narrow, rows: dw.columns, columns: dw.rows)
    products.multiply(b.transposed, a.transposed, into: transpose)
    for j in 0..<dw.columns {
      let (source, destination) = (transpose.row(j), dw.pointer + j)
      if overwrites {
        for i in 0..<dw.rows { destination[i * dw.stride] = source[i] }
      } else {
        for i in 0..<dw.rows { destination[i * dw.stride] += source[i] }
      }
    }
  }

  /// Adds the sum of a matrix's rows to the gradient of a bias, db += Σ dz.     dz [any, columns]
  public func addRows(_ matrix: Matrix, to bias: Parameter) {
    require(
      bias.rows == 1 && matrix.columns == bias.columns,
      "rows of \(matrix.shape) do not add up to '\(bias.name)', [\(bias.rows), \(bias.columns)]")
    let sum = self[bias].pointer
    for index in 0..<matrix.rows {
      let row = matrix.row(index)
      for j in 0..<matrix.columns { sum[j] += row[j] }
    }
  }

  private func matrix(_ parameter: Parameter) -> Matrix { matrix(parameter, rows: 0..<parameter.rows) }

  func matrix(_ parameter: Parameter, rows: Range<Int>) -> Matrix {
    Matrix(
      flat + parameter.offset + rows.lowerBound * parameter.columns, rows: rows.count,
      columns: parameter.columns)
  }

  /// Clears the rows that nothing has been added to yet.
  private func touch(_ parameter: Parameter) {
    let first = touched[parameter.index]
    guard first < parameter.rows else { return }
    let missing = (parameter.rows - first) * parameter.columns
    (flat + parameter.offset + first * parameter.columns).update(repeating: 0, count: missing)
    touched[parameter.index] = parameter.rows
  }
}
