import Testing

@testable import Numerics

@Suite("RandomStream")
struct RandomStreamTests {
  // Random123 1.14, tests/kat_vectors, "philox4x32 10".
  @Test(
    "Philox4x32-10 gives the published answers",
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        Array(repeating: 0xffff_ffff, count: 4), [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
    #expect(RandomStream.philox(SIMD4(counter), key: SIMD2(key)) == SIMD4(answer))
  }

  @Test("a stream is the blocks of its key: seed in the key; block, example, epoch, purpose in the counter")
  func layout() {
    var stream = RandomStream(seed: 0x0123_4567_89ab_cdef, .scene, epoch: 3, example: 17)
    for block in 0..<3 {
      let answer = RandomStream.philox(
        SIMD4(UInt32(block), 17, 3, StreamPurpose.scene.rawValue), key: SIMD2(0x89ab_cdef, 0x0123_4567))
      for lane in 0..<4 { #expect(stream.nextBits() == answer[lane]) }
    }
  }

  @Test("streams that differ in seed, purpose, epoch or example differ; equal keys draw equal numbers")
  func distinct() {
    var seen: Set<UInt64> = []
    var streams = 0
    for seed: UInt64 in [0, 1, 2, 1 << 32, 1 << 63] {
      for purpose in [
        StreamPurpose.initialWeights, .digitOrder, .scene, .locations, .game, .analysis, .evaluation,
        .stopping, .validationScene, .testScene,
      ] {
        for epoch in [0, 1, 2, 100] {
          for example in [0, 1, 2, 3, 1 << 16, 1 << 32, 1 << 33, 1 << 40] {
            var stream = RandomStream(seed: seed, purpose, epoch: epoch, example: example)
            var same = RandomStream(seed: seed, purpose, epoch: epoch, example: example)
            let bits = UInt64(stream.nextBits()) << 32 | UInt64(stream.nextBits())
            #expect(bits == UInt64(same.nextBits()) << 32 | UInt64(same.nextBits()))
            seen.insert(bits)
            streams += 1
          }
        }
      }
    }
    #expect(seen.count == streams)  // 1,600 numbers of 64 bits: two agree once in 10^13
  }

  @Test("uniform numbers lie in [0, 1) and are uniform, alone, in pairs, and from stream to stream")
  func uniform() {
    var stream = RandomStream(seed: 5, .analysis)
    var (single, pairs, streams) = (
      [Int](repeating: 0, count: 64), [Int](repeating: 0, count: 256), [Int](repeating: 0, count: 64)
    )
    var before = 0
    for index in 0..<200_000 {
      let u = stream.uniform()
      #expect(u >= 0 && u < 1)
      single[Int(u * 64)] += 1
      if index % 2 == 1 { pairs[before * 16 + Int(u * 16)] += 1 }
      before = Int(u * 16)
    }
    for example in 0..<50_000 {
      var stream = RandomStream(seed: 5, .analysis, epoch: 1, example: example)
      streams[Int(stream.uniform() * 64)] += 1
    }
    for counts in [single, pairs, streams] {
      #expect(chiSquare(counts) < chiSquareLimit(degrees: counts.count - 1))
    }
  }

  @Test(
    "integers below an awkward bound are unbiased", arguments: [1, 3, 17, 1000, 3 << 30, Int(UInt32.max)])
  func integers(bound: Int) {
    // Of 3 × 2^30 numbers, 2^32 draws without rejection would give those divisible by 3 half of all.
    let cells = bound > 1000 ? 3 : bound
    var (counts, isInside) = ([Int](repeating: 0, count: cells), true)
    var stream = RandomStream(seed: 6, .analysis)
    for _ in 0..<100_000 {
      let value = stream.integer(below: bound)
      isInside = isInside && value >= 0 && value < bound
      counts[value % cells] += 1
    }
    #expect(isInside)
    if cells > 1 { #expect(chiSquare(counts) < chiSquareLimit(degrees: cells - 1)) }
  }

  @Test("normal numbers have the moments and tails of a standard normal, and come in independent pairs")
  func normal() {
    let n = 400_000.0
    var stream = RandomStream(seed: 7, .analysis)
    var moments = [Double](repeating: 0, count: 5)
    var (beyond2, beyond3, beyond4, pairs, before) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for index in 0..<Int(n) {
      let x = Double(stream.normal())
      var power = 1.0
      for order in 0..<5 {
        moments[order] += power / n
        power *= x
      }
      beyond2 += abs(x) > 2 ? 1 : 0
      beyond3 += abs(x) > 3 ? 1 : 0
      beyond4 += x > 4 ? 1 : 0
      if index % 2 == 1 { pairs += before * x }
      before = x
    }
    // 4.5 standard errors: the variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    for (order, (mean, variance)) in [(0, 1), (1, 2), (0, 15), (3, 96)].enumerated() {
      #expect(
        abs(moments[order + 1] - Double(mean)) < 4.5 * (Double(variance) / n).squareRoot(),
        "moment \(order + 1)")
    }
    for (count, probability) in [(beyond2, 0.045500), (beyond3, 0.0026998), (beyond4, 3.1671e-5)] {
      #expect(abs(count - n * probability) < 4.5 * (n * probability).squareRoot())
    }
    #expect(abs(pairs) < 4.5 * (n / 2).squareRoot())
  }
}

/// Pearson's statistic of counts that should be equal.
func chiSquare(_ counts: [Int]) -> Double {
  let expected = Double(counts.reduce(0, +)) / Double(counts.count)
  return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
}

/// What chi-square exceeds once in 30,000 (4 standard normal deviations), by Wilson and Hilferty's
/// approximation 1931.
func chiSquareLimit(degrees: Int) -> Double {
  let part = 2 / (9 * Double(degrees))
  let root = 1 - part + 4 * part.squareRoot()
  return Double(degrees) * root * root * root
}
