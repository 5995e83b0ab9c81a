import COneDNN

/// A view of row-major single-precision numbers, [rows, columns]; a row starts `stride` numbers after the one
/// before.
///
/// It owns nothing: the memory belongs to an `Arena` or another owner, which must outlive it.
public struct Matrix {
  public let pointer: UnsafeMutablePointer<Float>
  public let rows: Int
  public let columns: Int
  public let stride: Int
  /// Whether a product reads its transpose; `rows` and `columns` stay those of the memory.
  public private(set) var isTransposed = false

  @inlinable
  public init(_ pointer: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    self.pointer = pointer
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
    require(self.stride >= columns, "a row stride of \(self.stride) is shorter than \(columns) columns")
  }

  @inlinable @inline(__always)
  public func row(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * stride }

  public subscript(row: Int, column: Int) -> Float {
    @inlinable @inline(__always) get { pointer[row * stride + column] }
    @inlinable @inline(__always) nonmutating set { pointer[row * stride + column] = newValue }
  }

  /// The same memory, read as the transpose by a product.
  public var transposed: Matrix {
    var copy = self
    copy.isTransposed.toggle()
    return copy
  }

  /// Some of the rows.
  package func rows(_ range: Range<Int>) -> Matrix {
    Matrix(row(range.lowerBound), rows: range.count, columns: columns, stride: stride)
  }

  /// "[rows, columns]", for messages.
  public var shape: String { "[\(rows), \(columns)]" + (isTransposed ? "ᵀ" : "") }
  /// What BLAS calls this way of reading.
  package var letter: CChar { isTransposed ? 84 : 78 }  // 'T', 'N'
}

/// C = A B, or C += A B when `accumulating`, by oneDNN on the calling thread; thin products by `ThinProduct`.
///
/// oneDNN takes eight rows at once, and one to three more take almost as long as eight. [10, 512] [512, 256] took 18.6 us,
/// and its two halves take 16.2 us together, with the same digits (measured on an Intel Xeon with AVX-512).
///
/// A is [m, k], B is [k, n] and C is [m, n]; a factor may be given `transposed`.
public func multiply(_ a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool = false) {
  requireShapes(a, b, into: c)
  let (m, k, n) = (c.rows, a.isTransposed ? a.rows : a.columns, c.columns)
  if !a.isTransposed && !b.isTransposed && !accumulating {
    if n == 2 { return ThinProduct.twoColumns(a, b, into: c) }
    if k <= 2 && n > 2 { return ThinProduct.fewSummands(a, b, into: c) }
  }
  if (9...11).contains(m) && n >= 64 && !a.isTransposed && !b.isTransposed {
    let half = (m + 1) / 2
    multiplyAtOnce(a.rows(0..<half), b, into: c.rows(0..<half), accumulating: accumulating)
    multiplyAtOnce(a.rows(half..<m), b, into: c.rows(half..<m), accumulating: accumulating)
  } else {
    multiplyAtOnce(a, b, into: c, accumulating: accumulating)
  }
}

/// Ends the program unless the factors fit each other and the product.
package func requireShapes(_ a: Matrix, _ b: Matrix, into c: Matrix) {
  let (m, k) = a.isTransposed ? (a.columns, a.rows) : (a.rows, a.columns)
  let (kOfB, n) = b.isTransposed ? (b.columns, b.rows) : (b.rows, b.columns)
  require(
    k == kOfB && c.rows == m && c.columns == n && !c.isTransposed,
    "shapes do not fit: \(a.shape) times \(b.shape) into \(c.shape)")
}

/// C = A B, or C += A B when `accumulating`, by one call of oneDNN.
private func multiplyAtOnce(_ a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool) {
  let (m, k, n) = (c.rows, a.isTransposed ? a.rows : a.columns, c.columns)
  let status = dnnl_sgemm(
    a.letter, b.letter, dnnl_dim_t(m), dnnl_dim_t(n), dnnl_dim_t(k), 1, a.pointer, dnnl_dim_t(a.stride),
    b.pointer, dnnl_dim_t(b.stride), accumulating ? 1 : 0, c.pointer, dnnl_dim_t(c.stride))
  require(
    status == dnnl_success, "oneDNN refused a product [\(m), \(k)] [\(k), \(n)], status \(status.rawValue)")
}

/// Prepares the calling thread for arithmetic. Every thread does this before its first product; once is enough.
public func prepareThreadForArithmetic() { numeric_prepare_thread() }

/// Passes some tens of nanoseconds in a loop that waits for another thread.
@inline(__always)
public func pauseWaiting() { numeric_pause() }

/// The version of oneDNN in use, and the instruction set that it chose.
public func oneDNNVersion() -> String {
  guard let version = dnnl_version()?.pointee else { return "unknown" }
  return "\(version.major).\(version.minor).\(version.patch) isa 0x"
    + String(dnnl_get_effective_cpu_isa().rawValue, radix: 16)
}
