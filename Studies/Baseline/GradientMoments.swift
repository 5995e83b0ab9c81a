import Numerics

/// Mean and covariance of a random vector, from K independent draws of it.
///
///     ḡ = 1/K Σ g_k                          estimates E g
///     T = 1/(K-1) Σ ‖g_k - ḡ‖²               estimates tr Cov g, without bias
///     S = ‖ḡ‖² - T/K                         estimates ‖E g‖², without bias: chance lengthens ḡ by T/K on average
///
/// Intervals are the bootstrap's (Efron 1979): draws are chosen anew with replacement, and the middle 95 % of
/// the results, moved so that their mean is the estimate, is the interval.
struct GradientMoments: Sendable {
  let draws: Int
  /// S; below 0 when the mean is lost in the noise.
  let meanSquare: Double
  /// T.
  let trace: Double
  let traceInterval: ClosedRange<Double>
  /// S / T, of one draw.
  let signalToNoise: Double
  let signalToNoiseInterval: ClosedRange<Double>
  /// ‖ḡ‖² / (T/K), which is 1 on average when E g is 0; nil when all draws are equal.
  let meanRatio: Double?
  /// What `meanRatio` stays below with probability 0.975 when E g is 0.
  let meanRatioLimit: Double?

  /// - Parameters:
  ///   - draws: at least two vectors of one length.
  ///   - resamplings: of the bootstrap.
  init(_ draws: [[Float]], resamplings: Int = 400, seed: UInt64 = 1) {
    precondition(
      draws.count > 1 && draws.allSatisfy { $0.count == draws[0].count }, "two or more draws of one length")
    let (count, k) = (draws.count, Double(draws.count))
    let mean = Self.weightedSum(draws, weights: Array(repeating: 1, count: count)).map { $0 / k }
    // About their own mean: the sums then cancel without loss, and the bootstrap of a mean of 0 comes free.
    let centred = draws.map { draw in zip(draw, mean).map { Float(Double($0) - $1) } }
    let squares = centred.map { $0.reduce(0) { $0 + Double($1) * Double($1) } }
    let meanLength = mean.reduce(0) { $0 + $1 * $1 }
    let trace = squares.reduce(0, +) / (k - 1)
    let meanSquare = meanLength - trace / k

    var stream = RandomStream(seed: seed, .analysis)
    var traces: [Double] = []
    var ratios: [Double] = []
    var meanRatios: [Double] = []
    for _ in 0..<resamplings {
      var weights = [Float](repeating: 0, count: count)
      for _ in 0..<count { weights[stream.integer(below: count)] += 1 }
      let shift = Self.weightedSum(centred, weights: weights).map { $0 / k }
      let shiftLength = shift.reduce(0) { $0 + $1 * $1 }
      let sum = zip(weights, squares).reduce(0) { $0 + Double($1.0) * $1.1 }
      let newTrace = (sum - k * shiftLength) / (k - 1)
      // One draw chosen K times has no spread, but for rounding.
      guard newTrace > 1e-9 * trace else { continue }
      let newLength = zip(mean, shift).reduce(0) { $0 + ($1.0 + $1.1) * ($1.0 + $1.1) }
      traces.append(newTrace)
      ratios.append((newLength - newTrace / k) / newTrace)
      meanRatios.append(shiftLength / (newTrace / k))
    }
    self.draws = count
    self.meanSquare = meanSquare
    self.trace = trace
    traceInterval = Self.interval(traces, around: trace)
    signalToNoise = trace > 0 ? meanSquare / trace : 0
    signalToNoiseInterval = Self.interval(ratios, around: signalToNoise)
    meanRatio = trace > 0 ? meanLength / (trace / k) : nil
    meanRatioLimit = trace > 0 ? Self.quantile(0.975, of: meanRatios) : nil
  }

  private static func weightedSum(_ vectors: [[Float]], weights: [Float]) -> [Double] {
    var sum = [Double](repeating: 0, count: vectors[0].count)
    for (vector, weight) in zip(vectors, weights) where weight != 0 {
      for i in sum.indices { sum[i] += Double(weight) * Double(vector[i]) }
    }
    return sum
  }

  private static func interval(_ values: [Double], around estimate: Double) -> ClosedRange<Double> {
    guard !values.isEmpty else { return estimate...estimate }
    let shift = estimate - values.reduce(0, +) / Double(values.count)
    return (quantile(0.025, of: values) + shift)...(quantile(0.975, of: values) + shift)
  }

  private static func quantile(_ share: Double, of values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }
}
