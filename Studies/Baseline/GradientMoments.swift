/// Mean and covariance of a random gradient, from K independent draws of it, beside those of others.
///
///     ḡ = 1/K Σ g_k                          estimates E g
///     T = 1/(K-1) Σ ‖g_k - ḡ‖²               estimates tr Cov g, without bias
///     S = ‖ḡ‖² - T/K                         estimates ‖E g‖², without bias: chance lengthens ḡ by T/K on average
struct GradientMoments: Sendable {
  let draws: Int
  /// T.
  let trace: Double
  /// S; below 0 when the mean is lost in the noise.
  let meanSquare: Double
  /// S / T; nil when all draws are equal.
  let signalToNoise: Estimate?
  /// T over that of the reference; nil when the reference has none.
  let relativeTrace: Estimate?
  /// Whether the mean equals that of an unbiased estimator; nil when all draws differ from its draws by the same
  /// vector.
  let bias: ZeroMeanTest?

  /// - Parameters:
  ///   - draws: three or more vectors of one length.
  ///   - reference: as many draws, whose trace is the unit.
  ///   - unbiased: as many draws, whose mean is known to be the gradient. Draw k of all three may use the same
  ///     episodes.
  init(_ draws: [[Float]], reference: [[Float]], unbiased: [[Float]]) {
    precondition(
      draws.count > 2 && draws.count == reference.count && draws.count == unbiased.count
        && (draws + reference + unbiased).allSatisfy { $0.count == draws[0].count },
      "three or more draws of one length")
    let (own, other) = (Sums(draws), Sums(reference))
    self.draws = draws.count
    (trace, meanSquare) = own.spread()
    // Where the mean is nearly 0, the jackknife underestimates the spread when S happens to be small.
    let chance = ZeroMeanTest(draws).map { ($0.limit - 1) / Double(draws.count) } ?? 0
    signalToNoise = Estimate(jackknife: draws.count, atLeast: chance) { left in
      let (trace, square) = own.spread(without: left)
      return square / trace
    }
    relativeTrace = Estimate(jackknife: draws.count) { left in
      own.spread(without: left).trace / other.spread(without: left).trace
    }
    bias = ZeroMeanTest(zip(draws, unbiased).map { a, b in zip(a, b).map { $0 - $1 } })
  }
}

/// A number with its 95 % interval.
struct Estimate: Sendable {
  let value: Double
  let halfWidth: Double
  var low: Double { value - halfWidth }
  var high: Double { value + halfWidth }

  /// The interval by the jackknife (Tukey 1958), value ± 1.96 √((K-1)/K Σ (θ_k - θ̄)²), θ_k without draw k; nil where
  /// there is no value.
  ///
  /// - Parameter atLeast: the smallest half-width it may have.
  init?(jackknife count: Int, atLeast least: Double = 0, _ statistic: (_ left: Int?) -> Double) {
    value = statistic(nil)
    let values = (0..<count).map { statistic($0) }
    guard value.isFinite, values.allSatisfy(\.isFinite) else { return nil }
    let (k, mean) = (Double(count), values.reduce(0, +) / Double(count))
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    halfWidth = max(least, 1.96 * ((k - 1) / k * squares).squareRoot())
  }
}

/// The sums that give T and S: squared lengths of the draws, of their mean, and of the mean without one of them.
private struct Sums {
  /// ‖g_k‖².
  let squares: [Double]
  /// Σ ‖g_k‖².
  let total: Double
  /// ‖ḡ‖².
  let mean: Double
  /// ‖mean of the other draws‖², for every k.
  let meansWithout: [Double]

  init(_ draws: [[Float]]) {
    let k = Double(draws.count)
    let mean = sum(of: draws).map { $0 / k }
    let squares = draws.map { draw in draw.reduce(0) { $0 + Double($1) * Double($1) } }
    let length = mean.reduce(0) { $0 + $1 * $1 }
    self.squares = squares
    total = squares.reduce(0, +)
    self.mean = length
    meansWithout = draws.indices.map { index in
      let product = zip(draws[index], mean).reduce(0) { $0 + Double($1.0) * $1.1 }
      return (k * k * length - 2 * k * product + squares[index]) / ((k - 1) * (k - 1))
    }
  }

  /// T and S of all draws, or of all but one.
  func spread(without left: Int? = nil) -> (trace: Double, meanSquare: Double) {
    let k = Double(squares.count - (left == nil ? 0 : 1))
    let length = left.map { meansWithout[$0] } ?? mean
    let trace = max(0, (total - (left.map { squares[$0] } ?? 0) - k * length) / (k - 1))
    return (trace, length - trace / k)
  }
}

/// The sum of vectors of one length.
func sum(of vectors: [[Float]]) -> [Double] {
  vectors.reduce(into: [Double](repeating: 0, count: vectors[0].count)) { sum, vector in
    for i in vector.indices { sum[i] += Double(vector[i]) }
  }
}
