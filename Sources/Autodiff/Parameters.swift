import Numerics

/// One trained tensor, [rows, columns], in a set of `Parameters`.
public struct Parameter: Sendable {
  public let name: String
  public let rows: Int
  public let columns: Int
  public let use: Use
  /// Where it starts in the flat memory, in numbers.
  let offset: Int
  let index: Int
  /// Where its transposed copy starts, for products with many columns and few rows; nil when it has none.
  let transposedOffset: Int?

  /// How examples meet a tensor, which decides how its gradient is made.
  public enum Use: Sendable {
    /// In any products.
    case any
    /// Every example in exactly one product, x W, so the gradient can be one product over the batch.
    case once
    /// As `once`, and x are pixels: they are kept as bytes, which take a quarter of the memory.
    case onceOnPixels
  }

  public var count: Int { rows * columns }
  var isUsedOnce: Bool { use != .any }
  /// Where the next tensor starts: every one starts on a cache line.
  var end: Int { offset + (count + 15) / 16 * 16 }
}

/// All trained numbers of a network in one flat memory, so that an optimiser can pass over them at once.
public final class Parameters {
  public private(set) var tensors: [Parameter] = []
  /// Length of the flat memory, numbers: every tensor starts on a cache line.
  public private(set) var length = 0
  private var transposedLength = 0
  private var values: UnsafeMutablePointer<Float>?
  private var transposedValues: UnsafeMutablePointer<Float>?
  private var rounded: (values: UnsafeMutablePointer<UInt16>, transposed: UnsafeMutablePointer<UInt16>)?
  private let arena = Arena()

  public init() {}

  /// Declares a tensor. All tensors must be declared before the first one is read.
  ///
  /// - Parameters:
  ///   - keepsTransposedCopy: whether backward products read a transposed copy. When the left factor has few
  ///     rows, oneDNN reads a transposed right factor at only 70 to 90 % of its usual rate (measured), and adds in
  ///     another order, so the number of rows would change the last digits.
  ///   - use: how examples meet it, which decides how its gradient is made.
  public func declare(
    _ name: String, rows: Int, columns: Int, keepsTransposedCopy: Bool = false, use: Parameter.Use = .any
  ) -> Parameter {
    require(values == nil, "tensor '\(name)' is declared after the memory was laid out")
    require(!tensors.contains { $0.name == name }, "two tensors are named '\(name)'")
    let parameter = Parameter(
      name: name, rows: rows, columns: columns, use: use, offset: length, index: tensors.count,
      transposedOffset: keepsTransposedCopy ? transposedLength : nil)
    tensors.append(parameter)
    length = parameter.end
    if keepsTransposedCopy { transposedLength += (parameter.count + 15) / 16 * 16 }
    return parameter
  }

  /// How many numbers are trained.
  public var count: Int { tensors.reduce(0) { $0 + $1.count } }

  /// The flat memory, [length]; the gaps between tensors stay zero.
  public var flat: UnsafeMutablePointer<Float> {
    if let values { return values }
    let memory = arena.take(Float.self, count: max(length, 1))
    values = memory
    transposedValues = arena.take(Float.self, count: max(transposedLength, 1))
    return memory
  }

  public subscript(parameter: Parameter) -> Matrix {
    Matrix(flat + parameter.offset, rows: parameter.rows, columns: parameter.columns)
  }

  /// The transposed copy [columns, rows] as of the last `refreshCopies`, if the tensor keeps one.
  public func transposed(_ parameter: Parameter) -> Matrix? {
    guard let offset = parameter.transposedOffset else { return nil }
    _ = flat
    return transposedValues.map { Matrix($0 + offset, rows: parameter.columns, columns: parameter.rows) }
  }

  /// The precision of products with these numbers; setting it makes the rounded copies.
  public var precision = ProductPrecision.single {
    didSet {
      guard precision == .bfloat16 else { return rounded = nil }
      rounded = (arena.take(count: max(length, 1)), arena.take(count: max(transposedLength, 1)))
      refreshCopies()
    }
  }

  /// The rounded copy of a matrix that is a part of these numbers or of their transposed copies, with the same row
  /// stride, if they keep one.
  func rounded(_ matrix: Matrix) -> UnsafeMutablePointer<UInt16>? {
    guard let rounded, let transposedValues else { return nil }
    let (offset, transposedOffset) = (matrix.pointer - flat, matrix.pointer - transposedValues)
    if offset >= 0 && offset < length { return rounded.values + offset }
    if transposedOffset >= 0 && transposedOffset < transposedLength {
      return rounded.transposed + transposedOffset
    }
    return nil
  }

  /// Brings the transposed and rounded copies up to date, `part` of `parts` of the work: after every change of the
  /// values.
  public func refreshCopies(part: Int = 0, of parts: Int = 1) {
    for parameter in tensors {
      let bands = (parameter.rows + Transposition.tile - 1) / Transposition.tile
      let first = bands * part / parts * Transposition.tile
      let end = min(bands * (part + 1) / parts * Transposition.tile, parameter.rows)
      guard first < end else { continue }
      let values = self[parameter]
      if let rounded {
        roundToBFloat16(
          values.row(first), into: rounded.values + parameter.offset + first * parameter.columns,
          count: (end - first) * parameter.columns)
      }
      guard let copy = transposed(parameter) else { continue }
      Transposition.copy(values, rows: first..<end, into: copy)
      guard let rounded, let offset = parameter.transposedOffset else { continue }
      for row in 0..<copy.rows {
        roundToBFloat16(
          copy.row(row) + first, into: rounded.transposed + offset + row * copy.columns + first,
          count: end - first)
      }
    }
  }
}
