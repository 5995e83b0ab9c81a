import Testing

@testable import NumericCore

@Suite("Matrix")
struct MatrixTests {
  @Test(
    "a product is the plain loop, for every transpose, row stride and size, added or not",
    arguments: [false, true], [false, true])
  func product(transposesA: Bool, transposesB: Bool) {
    prepareThreadForArithmetic()
    let arena = Arena()
    // The last ones are thin: two columns, over whole tiles and a rest; one or two summands.
    for (m, n, k) in [
      (1, 1, 1), (3, 5, 7), (20, 33, 16), (2, 64, 129), (37, 2, 21), (16, 2, 64), (1, 2, 1), (9, 24, 2),
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
        for shard in 0..<2 {
          multiply(a.shard(shard, of: 2), b, into: halves.shard(shard, of: 2), accumulating: accumulating)
        }
        for i in 0..<20 { for j in 0..<n { #expect(whole[i, j].bitPattern == halves[i, j].bitPattern) } }
      }
    }
  }

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

@Suite("SummedAreaTable")
struct SummedAreaTableTests {
  @Test("four look-ups are the plain sum, for every rectangle of a random image", arguments: [5, 8, 19])
  func rectangles(side: Int) {
    var stream = RandomStream(seed: 8, .analysis)
    let pixels = (0..<(side * side)).map { _ in UInt8(stream.integer(below: 256)) }
    var table = [Int32](repeating: 0, count: SummedAreaTable.count(side: side))
    SummedAreaTable.fill(&table, pixels: pixels, side: side)
    func entry(_ row: Int, _ column: Int) -> Int { Int(table[row * (side + 1) + column]) }
    for top in 0..<side {
      for bottom in top...side {
        for left in 0..<side {
          for right in left...side {
            var sum = 0
            for row in top..<bottom { for column in left..<right { sum += Int(pixels[row * side + column]) } }
            #expect(entry(bottom, right) - entry(top, right) - entry(bottom, left) + entry(top, left) == sum)
          }
        }
      }
    }
  }

  @Test("a white image of 200 x 200 does not overflow, and filling again gives the same")
  func white() {
    var table = [Int32](repeating: 0, count: SummedAreaTable.count(side: 200))
    let pixels = [UInt8](repeating: 255, count: 200 * 200)
    for _ in 0..<2 {
      SummedAreaTable.fill(&table, pixels: pixels, side: 200)
      #expect(table.last == Int32(255 * 200 * 200))
    }
  }
}
