import Foundation

/// The mean over seeds with its 95 % interval, mean ± t(0.975, n-1) s / √n (Student 1908).
public struct Interval: Equatable, Sendable {
  public let mean: Double
  /// Half the interval's width; nil for one value, which says nothing about its own spread.
  public let halfWidth: Double?
  public let count: Int

  /// Nil without any value.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    self.mean = mean
    count = values.count
    halfWidth =
      values.count > 1
      ? StudentT.quantile(0.975, degreesOfFreedom: values.count - 1) * (variance / n).squareRoot() : nil
  }

  /// One that was computed before, as it stands in a table.
  package init(mean: Double, halfWidth: Double?, count: Int) {
    (self.mean, self.halfWidth, self.count) = (mean, halfWidth, count)
  }

  /// The interval's ends; the mean where there is no interval.
  public var low: Double { mean - (halfWidth ?? 0) }
  public var high: Double { mean + (halfWidth ?? 0) }

  /// Whether 0 lies outside the interval; false for one value.
  public var excludesZero: Bool { halfWidth != nil && (low > 0 || high < 0) }

  /// Digits after the point in tables: more than pages show, so that what is rounded twice is rounded correctly.
  public static let tablePlaces = 5  // ours

  /// "4.08 ± 0.12": mean and half width; "4.08" for one value.
  public func formatted(places: Int = 2) -> String {
    // From the digits of `summary.csv`, so that a page made of the table says the same.
    func text(_ number: Double) -> String { (Double(number.fixed(Self.tablePlaces)) ?? number).fixed(places) }
    return text(mean) + (halfWidth.map { " ± " + text($0) } ?? "")
  }

  /// Half the width of the 95 % interval of a share, in percent, counted over this many
  /// independent examples: 1.96 √(p (1 - p) / n).
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
    var (low, high) = (0.0, 1.0)
    while cumulative(high, degreesOfFreedom) < probability { high *= 2 }
    // Halving until the two ends are neighbours: about 60 steps, and no starting point to get wrong.
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if cumulative(middle, degreesOfFreedom) < probability { low = middle } else { high = middle }
    }
  }

  /// P(T ≤ t) for t ≥ 0 and v degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4).
  private static func cumulative(_ t: Double, _ v: Int) -> Double {
    let angle = atan(t / Double(v).squareRoot())
    let (cosine, isOdd) = (cos(angle), v % 2 == 1)
    var term = isOdd ? cosine : 1
    var sum = v > 1 ? term : 0
    for k in stride(from: isOdd ? 3 : 2, to: v, by: 2) {
      term *= Double(k - 1) / Double(k) * cosine * cosine
      sum += term
    }
    let inside = isOdd ? 2 / Double.pi * (angle + sin(angle) * sum) : sin(angle) * sum
    return (1 + inside) / 2
  }
}
