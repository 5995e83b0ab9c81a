import Foundation
import TestProcesses
import Testing

@testable import Numerics

@Suite("Matrix")
struct MatrixTests {
  @Test(
    "a product is the plain loop, for every transpose, row stride and size, added or not",
    arguments: [false, true], [false, true])
  func product(transposesA: Bool, transposesB: Bool) {
    prepareThreadForArithmetic()
    let arena = Arena()
    // Two are computed in halves. The last ones are thin: two columns, over whole tiles and a rest; one or two summands.
    for (m, n, k) in [
      (1, 1, 1), (3, 5, 7), (20, 33, 16), (2, 64, 129), (10, 64, 9), (11, 70, 3), (37, 2, 21), (16, 2, 64),
      (1, 2, 1), (9, 24, 2),
      (5, 3, 1),
    ] {
      for padding in [0, 3] {
        for accumulating in [false, true] {
          func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
            let stride = columns + padding
            let matrix = Matrix(
              arena.take(count: rows * stride), rows: rows, columns: columns, stride: stride)
            for index in 0..<(rows * stride) { matrix.pointer[index] = 1e9 }  // what lies between the rows
            fill(matrix, seed: seed)
            return matrix
          }
          let a = transposesA ? matrix(k, m, seed: 1) : matrix(m, k, seed: 1)
          let b = transposesB ? matrix(n, k, seed: 2) : matrix(k, n, seed: 2)
          let c = matrix(m, n, seed: 3)
          let before = (0..<m).map { i in (0..<n).map { c[i, $0] } }
          multiply(
            transposesA ? a.transposed : a, transposesB ? b.transposed : b, into: c,
            accumulating: accumulating)
          for i in 0..<m {
            for j in 0..<n {
              var (sum, size) = (accumulating ? Double(before[i][j]) : 0, 1.0)
              for l in 0..<k {
                let product =
                  Double(transposesA ? a[l, i] : a[i, l]) * Double(transposesB ? b[j, l] : b[l, j])
                sum += product
                size += abs(product)
              }
              // At most k + 1 roundings, each of a partial sum no larger than `size`.
              #expect(abs(Double(c[i, j]) - sum) <= Double(k + 1) * 0x1p-24 * size)
            }
            for j in n..<(n + padding) { #expect(c.row(i)[j] == 1e9) }
          }
        }
      }
    }
  }

  @Test("a row of a product has the same digits among ten rows and among twenty")
  func rowsAlone() {
    prepareThreadForArithmetic()
    let arena = Arena()
    for (n, k) in [(256, 256), (256, 512), (128, 432), (10, 256), (2, 256), (1, 256), (256, 2)] {
      // No head of one or two columns is added to anything.
      for accumulating in [false, true] where n > 2 || !accumulating {
        let a = Matrix(arena.take(count: 20 * k), rows: 20, columns: k)
        let b = Matrix(arena.take(count: k * n), rows: k, columns: n)
        let (whole, halves) = (
          Matrix(arena.take(count: 20 * n), rows: 20, columns: n),
          Matrix(arena.take(count: 20 * n), rows: 20, columns: n)
        )
        for (matrix, seed) in [(a, 1), (b, 2), (whole, 3), (halves, 3)] as [(Matrix, UInt64)] {
          fill(matrix, seed: seed)
        }
        multiply(a, b, into: whole, accumulating: accumulating)
        for first in [0, 10] {
          multiply(
            Matrix(a.row(first), rows: 10, columns: k), b,
            into: Matrix(halves.row(first), rows: 10, columns: n), accumulating: accumulating)
        }
        for i in 0..<20 { for j in 0..<n { #expect(whole[i, j].bitPattern == halves[i, j].bitPattern) } }
      }
    }
  }
}

extension MatrixTests {
  @Test("factors that do not fit are said, though the build is optimised", .promptly)
  func shapes() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let arena = Arena()
      let matrix = Matrix(arena.take(count: 6), rows: 2, columns: 3)
      multiply(matrix, matrix, into: matrix)
    }
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(message.contains("shapes do not fit: [2, 3] times [2, 3] into [2, 3]"), "\(message)")
  }
}

@Suite("Softmax")
struct SoftmaxTests {
  @Test("the greatest number is the first of equals, wherever it stands")
  func greatest() {
    #expect(argmax([1, 5, 5, -2], 4) == 1 && argmax([3], 1) == 0 && argmax([-2, -1], 2) == 1)
  }

  @Test("probabilities are those of their formula, and the logarithm of the sum is returned")
  func probabilities() {
    let x: [Float] = [2, -1, 0.5]
    var p: [Float] = [0, 0, 0]
    let logSum = softmax(x, into: &p, 3)
    let sum = x.reduce(0) { $0 + exp(Double($1)) }
    #expect(abs(Double(logSum) - log(sum)) < 1e-6)
    for j in 0..<3 { #expect(abs(Double(p[j]) - exp(Double(x[j])) / sum) < 3e-7) }
  }

  @Test("what is not a number stays one, wherever it stands", arguments: 0..<3)
  func notANumber(place: Int) {
    var (x, p): ([Float], [Float]) = ([2, -1, 0.5], [0, 0, 0])
    x[place] = .nan
    #expect(softmax(x, into: &p, 3).isNaN)
  }
}

@Suite("Rounding to bfloat16")
struct RoundingTests {
  private func rounded(_ value: Float) -> Float {
    var (source, result): (Float, UInt16) = (value, 0)
    roundToBFloat16(&source, into: &result, count: 1)
    return Float(bitPattern: UInt32(result) << 16)
  }

  @Test("a number is rounded to the nearest with seven bits after the first, of two to the even one")
  func rounding() {
    #expect(rounded(1) == 1 && rounded(-2.5) == -2.5 && rounded(0) == 0)
    #expect(rounded(1 + 0x1p-8) == 1)  // halfway between 1 and 1 + 2^-7
    #expect(rounded(1 + 0x1p-8 + 0x1p-20) == 1 + 0x1p-7)
    #expect(rounded(1 + 3 * 0x1p-8) == 1 + 0x1p-6)  // halfway too; 1 + 2^-7 is odd
    #expect(rounded(-1 - 3 * 0x1p-8) == -1 - 0x1p-6)
    #expect(rounded(.infinity) == .infinity && rounded(.nan).isNaN)
    #expect(rounded(.greatestFiniteMagnitude) == .infinity)
  }
}

/// Uniform numbers in ±1.
private func fill(_ matrix: Matrix, seed: UInt64) {
  var stream = RandomStream(seed: seed, .analysis, epoch: 1)
  for row in 0..<matrix.rows {
    for j in 0..<matrix.columns { matrix[row, j] = stream.uniform(from: -1, to: 1) }
  }
}
