import Numerics
import Testing

@testable import Autodiff

@Suite("Products in bfloat16", .enabled(if: ProductPrecision.bfloat16.obstacle == nil))
struct ProductsTests {
  /// The number that a bfloat16 stands for.
  private func number(_ rounded: UInt16) -> Float { Float(bitPattern: UInt32(rounded) << 16) }

  private func rounded(_ value: Float) -> Float {
    var (source, result): (Float, UInt16) = (value, 0)
    roundToBFloat16(&source, into: &result, count: 1)
    return number(result)
  }

  @Test(
    "a product is the plain loop over rounded factors, kept ones too", arguments: [false, true],
    [false, true])
  func product(isWeight: Bool, accumulating: Bool) throws {
    prepareThreadForArithmetic()
    let (parameters, arena) = (Parameters(), Arena())
    let weight = parameters.declare("weight", rows: 40, columns: 33, keepsTransposedCopy: true)
    fill(parameters, seed: 1)
    parameters.precision = .bfloat16
    let products = Products(for: parameters)
    func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
      let matrix = Matrix(
        arena.take(count: rows * (columns + 3)), rows: rows, columns: columns, stride: columns + 3)
      fill(matrix, seed: seed)
      return matrix
    }
    let transposedWeight = try #require(parameters.transposed(weight))
    for (b, seed) in [
      (isWeight ? parameters[weight] : matrix(40, 33, seed: 2), 3),
      (isWeight ? transposedWeight : matrix(33, 40, seed: 4), 5),
    ] as [(Matrix, UInt64)] {
      for transposesA in [false, true] {
        let a = transposesA ? matrix(b.rows, 20, seed: seed) : matrix(20, b.rows, seed: seed)
        let c = matrix(20, b.columns, seed: 6)
        let before = (0..<20).map { i in (0..<b.columns).map { c[i, $0] } }
        products.multiply(transposesA ? a.transposed : a, b, into: c, accumulating: accumulating)
        var largest = 0.0
        for i in 0..<20 {
          for j in 0..<b.columns {
            var (sum, size, exact) = (accumulating ? Double(before[i][j]) : 0, 1.0, 0.0)
            for l in 0..<b.rows {
              let factor = transposesA ? a[l, i] : a[i, l]
              let product = Double(rounded(factor)) * Double(rounded(b[l, j]))
              sum += product
              size += abs(product)
              exact += Double(factor) * Double(b[l, j]) - product
            }
            #expect(abs(Double(c[i, j]) - sum) <= Double(b.rows + 1) * 0x1p-24 * size)
            largest = max(largest, abs(exact))
          }
        }
        #expect(largest > 1e-4)  // so that single precision would not pass
      }
    }
  }

  @Test("kept weights follow their originals, refreshed in any number of parts")
  func weights() throws {
    for parts in 1...3 {
      let parameters = Parameters()
      let tensors = [
        parameters.declare("first", rows: 37, columns: 50, keepsTransposedCopy: true),
        parameters.declare("second", rows: 3, columns: 5),
      ]
      fill(parameters, seed: 7)
      parameters.precision = .bfloat16
      fill(parameters, seed: 8)
      for part in 0..<parts { parameters.refreshCopies(part: part, of: parts) }
      for tensor in tensors {
        for matrix in [parameters[tensor], parameters.transposed(tensor)].compactMap({ $0 }) {
          let copy = try #require(parameters.rounded(matrix))
          for i in 0..<matrix.rows {
            for j in 0..<matrix.columns {
              #expect(number(copy[i * matrix.stride + j]) == rounded(matrix[i, j]))
            }
          }
        }
      }
      parameters.precision = .single
      #expect(parameters.rounded(parameters[tensors[0]]) == nil)
    }
  }
}

@Suite("Transposed copies")
struct TransposedCopyTests {
  @Test("a transposed copy of a parameter is its transpose, made in any number of parts")
  func transposedCopies() throws {
    for parts in 1...3 {
      let parameters = Parameters()
      _ = parameters.declare("none", rows: 3, columns: 5)
      let tensors = [
        parameters.declare("small", rows: 2, columns: 3, keepsTransposedCopy: true),
        parameters.declare("large", rows: 37, columns: 50, keepsTransposedCopy: true),
      ]
      fill(parameters, seed: 4)
      for part in 0..<parts { parameters.refreshCopies(part: part, of: parts) }
      for tensor in tensors {
        let copy = try #require(parameters.transposed(tensor))
        let same = (0..<tensor.rows).allSatisfy { row in
          (0..<tensor.columns).allSatisfy { copy[$0, row] == parameters[tensor][row, $0] }
        }
        #expect(same)
      }
      #expect(parameters.count == 15 + 6 + 37 * 50)
    }
  }
}
