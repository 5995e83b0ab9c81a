import Foundation
import Testing

@testable import Numerics

/// Sweeps against double precision; the bounds are those that the functions' comments promise.
@Suite("Elementary")
struct ElementaryTests {
  /// The largest error over evenly spaced arguments, ends included.
  private func worst(
    from low: Double, to high: Double, count: Int = 400_000, error: (Float) -> Double
  ) -> (error: Double, at: Float) {
    var worst = (error: 0.0, at: Float(low))
    for index in 0...count {
      let x = Float(low + (high - low) * Double(index) / Double(count))
      let e = error(x)
      if e.isNaN { return (.infinity, x) }
      if e > worst.error { worst = (e, x) }
    }
    return worst
  }

  private func relative(_ value: Float, _ exact: Double) -> Double { abs(Double(value) - exact) / abs(exact) }

  @Test("exp: relative error below 2e-7 on [-87, 88]")
  func exponential() {
    #expect(worst(from: -87, to: 88) { relative(Elementary.exp($0), exp(Double($0))) }.error < 2e-7)
    #expect(worst(from: -1, to: 1) { relative(Elementary.exp($0), exp(Double($0))) }.error < 2e-7)
    #expect(Elementary.exp(0) == 1)
  }

  @Test("exp is flushed outside of its range and keeps NaN")
  func exponentialEnds() {
    #expect(Elementary.exp(-1000) == Elementary.exp(-87) && Elementary.exp(-.infinity) == Elementary.exp(-87))
    #expect(Elementary.exp(1000) == Elementary.exp(88) && Elementary.exp(.infinity).isFinite)
    #expect(Elementary.exp(.nan).isNaN)
  }

  @Test("log: relative error below 3e-7 over all normal numbers, and near 1")
  func logarithm() {
    // The exponent of 2 runs over the normal numbers.
    let all = worst(from: -126, to: 127.99) {
      let x = Float(exp2(Double($0)))
      return x == 1 ? 0 : relative(Elementary.log(x), log(Double(x)))
    }
    #expect(all.error < 3e-7, "\(all)")
    let near = worst(from: 0.5, to: 2) { $0 == 1 ? 0 : relative(Elementary.log($0), log(Double($0))) }
    #expect(near.error < 3e-7, "\(near)")
    #expect(Elementary.log(1) == 0)
  }

  @Test("tanh: absolute error below 2e-7, within ±1")
  func hyperbolicTangent() {
    let result = worst(from: -12, to: 12) { abs(Double(Elementary.tanh($0)) - tanh(Double($0))) }
    #expect(result.error < 2e-7, "\(result)")
    #expect(abs(Elementary.tanh(.infinity) - 1) < 1e-7 && abs(Elementary.tanh(-100) + 1) < 1e-7)
    #expect(Elementary.tanh(.nan).isNaN)
  }

  @Test("sigmoid: relative error below 2.5e-7 on [-87, 87]")
  func sigmoid() {
    let result = worst(from: -87, to: 87) { relative(Elementary.sigmoid($0), 1 / (1 + exp(-Double($0)))) }
    #expect(result.error < 2.5e-7, "\(result)")
    #expect(
      Elementary.sigmoid(1000) == 1 && Elementary.sigmoid(-1000) >= 0 && Elementary.sigmoid(-1000) < 2e-38)
  }

  @Test("sine and cosine of turns in [0, 1): absolute error below 3e-7")
  func sineAndCosine() {
    let end = Double((1 as Float).nextDown)
    let sine = worst(from: 0, to: end) {
      abs(Double(Elementary.sineAndCosine(turns: $0).sine) - sin(2 * .pi * Double($0)))
    }
    let cosine = worst(from: 0, to: end) {
      abs(Double(Elementary.sineAndCosine(turns: $0).cosine) - cos(2 * .pi * Double($0)))
    }
    #expect(sine.error < 3e-7 && cosine.error < 3e-7, "\(sine) \(cosine)")
  }
}
