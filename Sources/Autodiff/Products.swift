import COneDNN
import Numerics

/// The precision to which the factors of a network's large products are rounded. Sums, weights and everything else stay
/// in single precision.
public enum ProductPrecision: String, Sendable, Codable {
  case single
  /// The upper half of a single: 8 bits of exponent, 7 of mantissa.
  case bfloat16

  /// A sentence that says why this machine lacks it; nil when it has it.
  public var obstacle: String? {
    guard self == .bfloat16 else { return nil }
    if Products.routine == nil {
      return "This oneDNN (\(oneDNNVersion())) has no products of bfloat16 numbers."
    }
    let needed = dnnl_cpu_isa_avx512_core_bf16.rawValue
    return dnnl_get_effective_cpu_isa().rawValue & needed == needed
      ? nil : "This processor has no instructions for bfloat16 numbers (avx512_bf16)."
  }
}

/// The products of a graph or of a gradient, in the precision of their parameters.
///
/// In bfloat16 the weights' rounded copies are the parameters' own; other factors are rounded for each product. A product
/// with fewer than 16 rows, columns or summands stays in single precision: the heads of two and ten columns, and everything
/// in shards of fewer than 16 examples.
public final class Products {
  /// As `dnnl_sgemm`, for bfloat16 factors. oneDNN 2 and 3 export it, though their headers do not name it.
  fileprivate static let routine = numeric_find_bfloat16_gemm()
  private static let narrowest = 16

  private let parameters: Parameters
  private var left = RoundedMemory()
  private var right = RoundedMemory()

  init(for parameters: Parameters) { self.parameters = parameters }

  deinit {
    left.free()
    right.free()
  }

  /// C = A B, or C += A B when `accumulating`: as the free function of this name.
  public func multiply(_ a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool = false) {
    let inner = a.isTransposed ? a.rows : a.columns
    guard parameters.precision == .bfloat16, min(c.rows, c.columns, inner) >= Self.narrowest,
      let routine = Self.routine
    else { return Numerics.multiply(a, b, into: c, accumulating: accumulating) }
    requireShapes(a, b, into: c)
    let (roundedA, strideA) = (left.round(a), a.columns)
    let weight = parameters.rounded(b)
    let (roundedB, strideB) = weight.map { ($0, b.stride) } ?? (right.round(b), b.columns)
    let status = routine(
      a.letter, b.letter, dnnl_dim_t(c.rows), dnnl_dim_t(c.columns), dnnl_dim_t(inner), 1, roundedA,
      dnnl_dim_t(strideA), roundedB, dnnl_dim_t(strideB), accumulating ? 1 : 0, c.pointer,
      dnnl_dim_t(c.stride))
    require(
      status == dnnl_success, "oneDNN refused a product \(a.shape) \(b.shape), status \(status.rawValue)")
  }
}

/// Room for one rounded factor; it grows with the largest.
private struct RoundedMemory {
  private var memory: UnsafeMutablePointer<UInt16>?
  private var capacity = 0

  /// The matrix without gaps between its rows.
  mutating func round(_ matrix: Matrix) -> UnsafeMutablePointer<UInt16> {
    let count = matrix.rows * matrix.columns
    if count > capacity || memory == nil {
      free()
      memory = .allocate(capacity: count)
      capacity = count
    }
    guard let memory else { fatalError("there is no memory for a rounded factor") }
    for row in 0..<matrix.rows {
      roundToBFloat16(matrix.row(row), into: memory + row * matrix.columns, count: matrix.columns)
    }
    return memory
  }

  func free() { memory?.deallocate() }
}
