import StudyKit

/// The difference between the test errors of two conditions, paired by seed: the same seed gives the same scenes.
public struct Contrast: Equatable, Sendable {
  public let name: String
  public let reference: String
  /// The first error minus the second, percentage points.
  public let difference: Interval

  /// nil if no seed has both.
  public init?(_ name: String, _ errors: [UInt64: Double], less reference: String, _ others: [UInt64: Double])
  {
    let seeds = errors.keys.filter { others[$0] != nil }.sorted()
    guard let difference = Interval(seeds.map { (errors[$0] ?? 0) - (others[$0] ?? 0) }) else { return nil }
    (self.name, self.reference, self.difference) = (name, reference, difference)
  }

  /// "the error of `b` is 0.40 ± 0.12 points lower than that of `a`"; says so if the difference may be chance.
  public var sentence: String {
    let claim =
      "the error of `\(name)` is \(points(abs(difference.mean))) points \(difference.mean < 0 ? "lower" : "higher") "
      + "than that of `\(reference)`"
    guard difference.halfWidth != nil else { return claim + " (one seed, so no verdict)" }
    return difference.excludesZero ? claim : claim + ", which may be chance"
  }

  /// "0.40 ± 0.12"
  private func points(_ mean: Double) -> String {
    // A third decimal place shows on which side of 0 an interval ends where two cannot.
    let places = difference.halfWidth?.fixed(2) == abs(difference.mean).fixed(2) ? 3 : 2
    return mean.fixed(places) + (difference.halfWidth.map { " ± \($0.fixed(places))" } ?? "")
  }

  /// The sentences of those with several seeds, and how many would differ by chance; nil if there are none.
  public static func sentences(_ contrasts: [Contrast]) -> String? {
    let judged = contrasts.filter { $0.difference.halfWidth != nil }
    guard !judged.isEmpty else { return nil }
    return "Paired by seed: "
      + judged.grouped(by: \.reference).map { clause($0.elements) }.joined(separator: "; ") + "."
      + (judged.count > 1 ? " \(chance)" : "")
  }

  /// "compared with `a`, the error in points is higher for `b` (0.40 ± 0.12); ...": those with one reference.
  private static func clause(_ contrasts: [Contrast]) -> String {
    guard contrasts.count > 2 else { return contrasts.map(\.sentence).joined(separator: "; ") }
    func list(_ start: String, _ isMeant: (Interval) -> Bool) -> String? {
      let named = contrasts.filter { isMeant($0.difference) }.map {
        "`\($0.name)` (\($0.points($0.difference.mean)))"
      }
      return named.isEmpty ? nil : "\(start) \(spokenList(named))"
    }
    let parts = [
      list("higher for") { $0.excludesZero && $0.mean > 0 },
      list("lower for") { $0.excludesZero && $0.mean < 0 },
      list("not distinguishable for") { !$0.excludesZero },
    ]
    return "compared with `\(contrasts[0].reference)`, the error in points is "
      + parts.compactMap(\.self).joined(separator: "; ")
  }

  /// What must be said beside many intervals.
  public static let chance = "Of such intervals, 1 in 20 excludes 0 by chance."
}

extension Study {
  /// The test error of a condition over its seeds, %; nil if nothing is recorded.
  public func error(of condition: Condition) -> Interval? {
    Interval(records(of: condition).compactMap(\.test?.errorPercent))
  }

  /// - Returns: nil if the two have no seed in common.
  public func contrast(_ condition: Condition, with reference: Condition) -> Contrast? {
    func errors(_ condition: Condition) -> [UInt64: Double] {
      records(of: condition).reduce(into: [:]) { $0[$1.seed] = $1.test?.errorPercent }
    }
    return Contrast(condition.name, errors(condition), less: reference.name, errors(reference))
  }
}
