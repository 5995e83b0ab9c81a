import Numerics
import TestProcesses
import Testing

@testable import Autodiff

@Suite("Products over a whole batch")
struct BatchProductsTests {
  private let parameters = Parameters()
  private let once: [Parameter]
  private let other: Parameter
  private static let batch = 260  // two products of 128 examples and a rest
  private let factors: [(x: Matrix, dz: Matrix)]
  private let pixels: UnsafeMutablePointer<UInt8>  // that x of the first tensor was made of
  private let arena = Arena()

  init() {
    prepareThreadForArithmetic()
    // Bands of two tiles of pixels, rows that are no whole number of bands, fewer rows than bands, and another tensor.
    let first = parameters.declare("first", rows: 2100, columns: 24, use: .onceOnPixels)
    let second = parameters.declare("second", rows: 700, columns: 40, use: .once)
    other = parameters.declare("other", rows: 30, columns: 20)
    once = [first, second, parameters.declare("third", rows: 20, columns: 64, use: .once)]
    _ = parameters.flat
    let arena = arena
    factors = parameters.tensors.enumerated().map { index, tensor in
      func factor(_ columns: Int, seed: Int) -> Matrix {
        let matrix = Matrix(arena.take(count: Self.batch * columns), rows: Self.batch, columns: columns)
        fill(matrix, seed: UInt64(seed))
        return matrix
      }
      return (factor(tensor.rows, seed: 2 * index), factor(tensor.columns, seed: 2 * index + 1))
    }
    let x = factors[0].x
    pixels = arena.take(count: Self.batch * x.columns)
    for i in 0..<(Self.batch * x.columns) { pixels[i] = UInt8(127.5 * (1 + x.pointer[i])) }
    brightness(pixels, into: x.pointer, count: Self.batch * x.columns)
  }

  /// The gradient of the batch, from one group of examples after the other and in so many parts.
  private func gradient(groups: [Range<Int>], together: Bool, parts: Int = 1) -> GradientBuffer {
    let products = together ? BatchProducts(for: parameters, batch: Self.batch) : nil
    let buffers = groups.map { group in
      let buffer = GradientBuffer(for: parameters, batch: products)
      buffer.flat.update(repeating: .nan, count: parameters.length)
      buffer.reset()
      buffer.examples = group
      for (tensor, (x, dz)) in zip(parameters.tensors, factors) {
        buffer.add(
          x.rows(group).transposed, dz.rows(group), to: tensor,
          bytes: tensor.use == .onceOnPixels ? pixels + group.lowerBound * tensor.rows : nil)
      }
      buffer.clearUntouched()
      return buffer
    }
    for part in (0..<parts).reversed() { products?.finish(into: buffers[0], part: part, of: parts) }
    buffers[0].combine(with: buffers.dropFirst(), 0..<parameters.length)
    return buffers[0]
  }

  private func numbers(_ buffer: GradientBuffer) -> [Float] {
    parameters.tensors.flatMap { tensor in (0..<tensor.count).map { buffer.flat[tensor.offset + $0] } }
  }

  @Test("they are the sums of the shards' products, to rounding, and leave other tensors alone")
  func sums() {
    let groups = [0..<100, 100..<260]
    let (plain, made) = (
      numbers(gradient(groups: groups, together: false)), numbers(gradient(groups: groups, together: true))
    )
    // Sums of 260 products of numbers up to 1, added up in another order: 260 roundings of at most 260 x 2^-24.
    let largest = zip(plain, made).map { abs($0 - $1) }.max() ?? .infinity
    #expect(largest < 260 * 260 * 0x1p-24 && plain.contains { abs($0) > 1 })
    let first = once[0].count + once[1].count
    let between = first..<(first + other.count)
    let isSame = plain[between] == made[between]
    #expect(isSame)
  }

  @Test("a tensor that is declared as used on pixels, and is not, stops the program", .promptly)
  func noPixels() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameters = Parameters()
      let tensor = parameters.declare("tensor", rows: 3, columns: 16, use: .onceOnPixels)
      let memory = Arena()
      let buffer = GradientBuffer(for: parameters, batch: BatchProducts(for: parameters, batch: 2))
      buffer.reset()
      buffer.examples = 0..<2
      buffer.add(
        Matrix(memory.take(count: 6), rows: 2, columns: 3).transposed,
        Matrix(memory.take(count: 32), rows: 2, columns: 16), to: tensor)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("'tensor' is declared as used on pixels, but its input is not"))
  }

  @Test(
    "a tensor that is used twice stops the program", .promptly, arguments: [[0..<2, 0..<2], [0..<2, 2..<3]])
  func usedTwice(passes: [Range<Int>]) async {
    await #expect(processExitsWith: .failure) { [passes] in
      let parameters = Parameters()
      let tensor = parameters.declare("tensor", rows: 3, columns: 16, use: .once)
      let memory = Arena()
      let (x, dz) = (
        Matrix(memory.take(count: 6), rows: 2, columns: 3),
        Matrix(memory.take(count: 32), rows: 2, columns: 16)
      )
      let buffer = GradientBuffer(for: parameters, batch: BatchProducts(for: parameters, batch: 4))
      buffer.reset()
      for examples in passes {
        buffer.examples = examples
        buffer.add(x.transposed, dz, to: tensor)
      }
    }
  }

  @Test(
    "neither the cut into groups nor the number of parts changes a digit",
    arguments: [[0..<260], [0..<32, 32..<260], [0..<1, 1..<130, 130..<260]], [1, 2, 3, 5])
  func sameDigits(groups: [Range<Int>], parts: Int) {
    let one = gradient(groups: [0..<260], together: true)
    let other = gradient(groups: groups, together: true, parts: parts)
    for tensor in once {
      let isSame = (0..<tensor.count).allSatisfy {
        one.flat[tensor.offset + $0].bitPattern == other.flat[tensor.offset + $0].bitPattern
      }
      #expect(isSame)
    }
  }
}
