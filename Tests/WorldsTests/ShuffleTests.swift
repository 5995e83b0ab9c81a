import Testing

@testable import Worlds

@Suite("Shuffle")
struct ShuffleTests {
  @Test("every index comes once", arguments: [1, 2, 3, 17, 1000, 50_000], [0, 1])
  func bijection(count: Int, pass: Int) {
    let shuffle = Shuffle(count: count, seed: 3, pass: pass)
    var seen = [Bool](repeating: false, count: count)
    for index in 0..<count {
      #expect(!seen[shuffle[index]])
      seen[shuffle[index]] = true
    }
  }

  @Test("passes and seeds have orders that agree no more often than independent ones would")
  func different() {
    let orders = [(1, 0), (1, 1), (2, 0), (1 << 32 | 1, 0)].map { seed, pass in
      let shuffle = Shuffle(count: 50_000, seed: seed, pass: pass)
      return (0..<50_000).map { shuffle[$0] }
    }
    // Agreements of two independent orders, or of one with 0, 1, 2..., are Poisson with mean 1: above 10 once
    // in 10^8.
    for (index, order) in orders.enumerated() {
      for other in orders[..<index] + [Array(0..<50_000)] {
        #expect(zip(order, other).count { $0 == $1 } <= 10)
      }
    }
  }

  @Test("where an index goes is uniform over passes, and neighbours go to independent places")
  func uniform() {
    // 20,000 passes of 17: chi-square of 17 cells for one index, of 272 cells for two neighbours.
    var first = [Int](repeating: 0, count: 17)
    var pairs = [Int](repeating: 0, count: 17 * 17)
    for pass in 0..<20_000 {
      let shuffle = Shuffle(count: 17, seed: 8, pass: pass)
      first[shuffle[5]] += 1
      pairs[shuffle[5] * 17 + shuffle[6]] += 1
    }
    #expect(chiSquare(first) < chiSquareLimit(degrees: 16))
    let off = pairs.enumerated().filter { $0.offset / 17 != $0.offset % 17 }.map(\.element)
    #expect(off.reduce(0, +) == 20_000)
    #expect(chiSquare(off) < chiSquareLimit(degrees: 17 * 16 - 1))
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
