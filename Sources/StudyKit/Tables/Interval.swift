import Foundation

/// The mean over seeds with its 95 % interval, mean ± t(0.975, n-1) s / √n.
///
/// Source: Student (1908); the t distribution's probability is a regularised incomplete beta function,
/// evaluated by its continued fraction (Abramowitz and Stegun 26.5.8 and 26.7.1).
public struct Interval: Equatable, Sendable {
  public let mean: Double
  /// Half the interval's width; nil for one value, which says nothing about its own spread.
  public let halfWidth: Double?
  public let count: Int

  /// Nil without any value.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let n = Double(values.count)
    mean = values.reduce(0, +) / n
    count = values.count
    guard values.count > 1 else {
      halfWidth = nil
      return
    }
    let mean = mean
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    halfWidth = StudentT.quantile(0.975, degreesOfFreedom: values.count - 1) * (variance / n).squareRoot()
  }

  /// The interval's ends; the mean where there is no interval.
  public var low: Double { mean - (halfWidth ?? 0) }
  public var high: Double { mean + (halfWidth ?? 0) }

  /// "4.08 ± 0.12": mean and half width; "4.08" for one value.
  public func formatted(places: Int = 2) -> String {
    mean.fixed(places) + (halfWidth.map { " ± " + $0.fixed(places) } ?? "")
  }

  /// Half the width of the 95 % interval of a share, in percent, of which so many independent examples were counted:
  /// 1.96 √(p (1 - p) / n).
  public static func binomialHalfWidth(percent: Double, examples: Int) -> Double {
    let share = percent / 100
    return 196 * (share * (1 - share) / Double(max(examples, 1))).squareRoot()
  }
}

/// Student's t distribution.
enum StudentT {
  /// The t below which a share `probability` of the distribution lies.
  static func quantile(_ probability: Double, degreesOfFreedom: Int) -> Double {
    precondition(probability > 0 && probability < 1, "a probability lies between 0 and 1, not \(probability)")
    precondition(degreesOfFreedom > 0, "degrees of freedom are at least 1, not \(degreesOfFreedom)")
    if probability < 0.5 { return -quantile(1 - probability, degreesOfFreedom: degreesOfFreedom) }
    var low = 0.0
    var high = 1.0
    while cumulative(high, degreesOfFreedom: degreesOfFreedom) < probability { high *= 2 }
    // Halving until the two ends are neighbours: about 60 steps, and no starting point to get wrong.
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if cumulative(middle, degreesOfFreedom: degreesOfFreedom) < probability {
        low = middle
      } else {
        high = middle
      }
    }
  }

  /// P(T ≤ t) = 1 - I(v / (v + t²); v/2, 1/2) / 2 for t ≥ 0.
  static func cumulative(_ t: Double, degreesOfFreedom: Int) -> Double {
    let v = Double(degreesOfFreedom)
    let tail = incompleteBeta(v / (v + t * t), a: v / 2, b: 0.5) / 2
    return t >= 0 ? 1 - tail : tail
  }

  /// I(x; a, b), from whichever side the continued fraction converges fast.
  private static func incompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, a: b, b: a) }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front * continuedFraction(x, a: a, b: b)
  }

  /// Lentz's method for the continued fraction of the incomplete beta function.
  private static func continuedFraction(_ x: Double, a: Double, b: Double) -> Double {
    func awayFromZero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var c = 1.0
    var d = 1 / awayFromZero(1 - (a + b) * x / (a + 1))
    var fraction = d
    for m in 1...300 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var factor = 1.0
      for coefficient in [even, odd] {
        d = 1 / awayFromZero(1 + coefficient * d)
        c = awayFromZero(1 + coefficient / c)
        factor = c * d
        fraction *= factor
      }
      if abs(factor - 1) < 1e-15 { break }
    }
    return fraction
  }
}
