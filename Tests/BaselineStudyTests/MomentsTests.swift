import Numerics
import Testing

@testable import study_baseline

@Test("of the draws (1, 0), (-1, 0), (0, 3), (0, 1): mean (0, 1), trace 8/3, squared mean 1 - 2/3")
func momentsByHand() throws {
  let draws: [[Float]] = [[1, 0], [-1, 0], [0, 3], [0, 1]]
  let moments = GradientMoments(
    draws, reference: draws.map { $0.map { 2 * $0 } }, unbiased: draws.map { _ in [0, 0] })
  // Squared distances from (0, 1): 2, 2, 4, 0; their sum over 3; the mean's length less a quarter of it.
  #expect(abs(moments.trace - 8.0 / 3) < 1e-12)
  #expect(abs(moments.meanSquare - (1 - 2.0 / 3)) < 1e-12)
  #expect(abs(try #require(moments.signalToNoise).value - 1.0 / 8) < 1e-12)
  #expect(abs(try #require(moments.bias).ratio - 1.5) < 1e-12)
  // Twice the draws have four times the trace, whichever is left out.
  let relative = try #require(moments.relativeTrace)
  #expect(abs(relative.value - 0.25) < 1e-12 && relative.halfWidth < 1e-12)
}

@Test("the jackknife's interval of a mean is ± 1.96 standard errors")
func jackknifeOfMean() throws {
  let values = [1.0, 2, 4, 9]
  let interval = try #require(
    Estimate(jackknife: 4) { left in
      let kept = values.indices.filter { $0 != left }.map { values[$0] }
      return kept.reduce(0, +) / Double(kept.count)
    })
  // Squared distances from 4: 9, 4, 0, 25; over 3 for the variance and over 4 for that of the mean.
  #expect(interval.value == 4)
  #expect(abs(interval.halfWidth - 1.96 * (38.0 / 12).squareRoot()) < 1e-12)
}

@Test("draws that are all equal have no noise, and nothing to compare their mean with")
func equalDraws() {
  let draws: [[Float]] = [[3, 4], [3, 4], [3, 4]]
  let moments = GradientMoments(draws, reference: draws, unbiased: draws)
  #expect(moments.trace == 0 && moments.meanSquare == 25)
  #expect(moments.signalToNoise == nil && moments.relativeTrace == nil && moments.bias == nil)
}

/// Draws as uneven as gradients: two thirds of the variance in four of forty directions, and each times a random length.
private func draws(_ count: Int, mean: Float, seed: UInt64) -> [[Float]] {
  (0..<count).map { index in
    var stream = RandomStream(seed: seed, .analysis, example: index)
    let length = stream.normal()
    return (0..<40).map { (direction: Int) in
      let deviation: Float = direction < 4 ? 1 : 0.25
      return length * deviation * stream.normal() + (direction == 0 ? mean : 0)
    }
  }
}

/// 4 + 36/16.
private let exactTrace = 6.25

@Test("a mean of 0 passes the bound in 2.5 of 100 measurements, with fewer draws than numbers")
func boundIsCalibrated() throws {
  let measurements = 4_000
  let passed = try (0..<measurements).count { index in
    let test = try #require(ZeroMeanTest(draws(24, mean: 0, seed: UInt64(index)), seed: UInt64(index)))
    return test.ratio > test.limit
  }
  // Four standard errors of a share of 0.025: 0.0099.
  #expect(abs(Double(passed) / Double(measurements) - 0.025) < 0.0099)
}

@Test("a mean that is not 0 passes the bound")
func biasIsFound() throws {
  let shifted = try #require(ZeroMeanTest(draws(200, mean: 0.5, seed: 1)))
  #expect(shifted.ratio > shifted.limit)
}

@Test("intervals hold signal to noise and relative trace in 95 of 100 measurements", arguments: [0, 0.3, 1])
func intervalsCover(mean: Float) throws {
  let measurements = 400
  var (signals, traces) = (0, 0)
  for index in 0..<measurements {
    let own = draws(64, mean: mean, seed: UInt64(index))
    // The same noise, with twice the length, as estimators have it on the same episodes; and half of it anew.
    let other = zip(own, draws(64, mean: 0, seed: UInt64(index + measurements))).map { a, b in
      zip(a, b).map { 2 * $0 + $1 }
    }
    let moments = GradientMoments(own, reference: other, unbiased: own)
    let (signal, trace) = try (#require(moments.signalToNoise), #require(moments.relativeTrace))
    let exact = Double(mean * mean) / exactTrace
    signals += signal.low...signal.high ~= exact ? 1 : 0
    traces += trace.low...trace.high ~= 1.0 / 5 ? 1 : 0
  }
  // Four standard errors below 0.95 are 0.906; of 64 draws with long tails the jackknife misses a little more.
  #expect(signals >= 362 && traces >= 362, "\(signals) and \(traces) of 400")
}

@Test("least squares finds the line that observations lie on")
func leastSquares() {
  var fit = LeastSquares(inputs: 2)
  for (a, b) in [(0, 0), (1, 0), (0, 1), (2, 5), (-3, 1)] as [(Float, Float)] {
    fit.add([a, b], target: 2 * a - b + 3)
  }
  for (found, exact) in zip(fit.solution(ridge: 0), [2, -1, 3] as [Float]) {
    #expect(abs(found - exact) < 1e-5)
  }
  #expect(LeastSquares(inputs: 2).solution() == [0, 0, 0])
}
