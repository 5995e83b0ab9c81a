import Numerics
import Testing

@testable import Autodiff

@Suite("Postponed gradients")
struct PostponedGradientsTests {
  private let parameters = Parameters()
  private let large: [Parameter]
  private let small: Parameter

  init() {
    prepareThreadForArithmetic()
    // Rows that are no whole number of bands, and another tensor between.
    let first = parameters.declare("first", rows: 700, columns: 400)
    small = parameters.declare("small", rows: 3, columns: 20)
    large = [first, parameters.declare("second", rows: 4_100, columns: 64)]
    _ = parameters.flat
  }

  /// What each group is given, factors and tensor by tensor: as a network with so many shards would.
  private func groups(_ shards: [Int], postponesLarge: Bool) -> [GradientBuffer] {
    var seed: UInt64 = 1
    return shards.map { shards in
      let group = GradientBuffer(for: parameters, postponesLarge: postponesLarge)
      group.flat.update(repeating: .nan, count: parameters.length)
      group.reset()
      for _ in 0..<shards {
        for tensor in large + [small] {
          let arena = Arena()
          defer { withExtendedLifetime(arena) {} }
          func factor(_ columns: Int) -> Matrix {
            let matrix = Matrix(arena.take(count: 10 * columns), rows: 10, columns: columns)
            fill(matrix, seed: seed)
            seed += 1
            return matrix
          }
          group.add(factor(tensor.rows).transposed, factor(tensor.columns), to: tensor)
        }
      }
      return group
    }
  }

  private func bits(_ buffer: GradientBuffer) -> [UInt32] {
    parameters.tensors.flatMap { tensor in
      (0..<tensor.count).map { buffer.flat[tensor.offset + $0].bitPattern }
    }
  }

  private func sum(_ groups: [GradientBuffer]) -> [UInt32] {
    for group in groups { group.clearUntouched() }
    groups[0].combine(with: groups.dropFirst(), 0..<parameters.length)
    return bits(groups[0])
  }

  @Test(
    "they are the sums of one buffer for each group, to the last digit, in any number of parts",
    arguments: [[1], [1, 1], [1, 1, 1, 1], [3, 1, 2], [0, 2, 0]], [1, 2, 3])
  func sameDigits(shards: [Int], parts: Int) {
    let plain = sum(groups(shards, postponesLarge: false))
    let groups = groups(shards, postponesLarge: true)
    for group in groups { group.clearUntouched() }
    let postponed = PostponedGradients(of: groups, parts: parts)
    for part in (0..<parts).reversed() { postponed.finish(part: part, of: parts) }
    // Outside the expectation, which would take forever to list how half a million numbers differ.
    let isSame = sum(groups) == plain
    #expect(isSame)
    #expect(plain.contains { $0 != 0 } && !postponed.isEmpty)
  }

  @Test("who reads a gradient or adds to it himself has everything that was put off in it")
  func readAtOnce() {
    let (plain, postponing) = (
      groups([2], postponesLarge: false)[0], groups([2], postponesLarge: true)[0]
    )
    for buffer in [plain, postponing] { buffer[large[0]][699, 399] += 1 }
    #expect(!postponing.terms(of: large[1]).isEmpty && postponing.terms(of: large[0]).isEmpty)
    for tensor in large { _ = postponing[tensor] }
    let isSame = bits(postponing) == bits(plain)
    #expect(isSame)
  }
}
