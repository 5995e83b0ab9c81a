/// Sums over examples, added up in a fixed order.
///
/// The learner describes what is added up in addition to errors (`Learner.metrics`). Each of these is a column of
/// `curves.csv`, as the mean over examples.
public struct Metrics: Sendable, Codable, Equatable {
  /// How many metrics a learner may have.
  public static let most = 8

  public var examples = 0
  public var errors = 0
  /// The sum of metric number i.
  public var sums = SIMD8<Double>()

  public init() {}

  public static func += (sum: inout Metrics, other: Metrics) {
    sum.examples += other.examples
    sum.errors += other.errors
    sum.sums += other.sums
  }

  public var errorPercent: Double { examples == 0 ? 0 : 100 * Double(errors) / Double(examples) }
  /// The mean of metric number `index` over the examples.
  public func mean(_ index: Int) -> Double { examples == 0 ? 0 : sums[index] / Double(examples) }
  public var isFinite: Bool { (0..<Self.most).allSatisfy { sums[$0].isFinite } }
  /// The numbers of the metrics that are not finite.
  var infinite: [Int] { (0..<Self.most).filter { !sums[$0].isFinite } }
}
