import Learning
import RecurrentAttention
import StudyKit
import Worlds

/// How often one of a model's glimpses is on the digit, and the error after it, over many test scenes with the policy at
/// its mean.
public struct GlimpseStatistics: Sendable {
  /// Counted from 1.
  public let glimpse: Int
  public let scenes: Int
  /// Wrong answers after it, %, by the action network that was trained for the last glimpse.
  public let errorPercent: Double
  /// Scenes in which the centre of the finest patch lies in the digit's box, %; nil where its place is not known.
  public let onDigitPercent: Double?

  /// One for every glimpse.
  ///
  /// - Parameter seed: for a policy that has no mean, such as random places.
  /// - Throws: `DefinitionError` in a world whose scenes have no label, or without scenes.
  public static func all(
    of model: RecurrentAttentionModel, on world: any World, scenes: Int, seed: UInt64, threads: Int
  ) throws -> [GlimpseStatistics] {
    guard !world.classCounts.isEmpty, scenes > 0 else {
      throw DefinitionError(
        "the world and the number of scenes", "\(world.summary), \(scenes)",
        "statistics of glimpses need labels and at least one scene", cure: "choose a world with a label")
    }
    let (side, located) = (world.side, world as? any LocatedWorld)
    let scenesRead = try model.readPaths(on: world, scenes: 0..<scenes, seed: seed, threads: threads) {
      scene, path in
      let box = located?.digitBox(.test, index: scene, seed: seed)
      return path.glimpses.map { glimpse in
        let (column, row) = glimpse.location.pixel(on: side)
        return (
          isWrong: glimpse.prediction != path.label, isFound: box?.holds(column: column, row: row) ?? false
        )
      }
    }
    return (0..<model.network.steps(on: world)).map { glimpse in
      func percent(_ isCounted: (_ glimpse: (isWrong: Bool, isFound: Bool)) -> Bool) -> Double {
        100 * Double(scenesRead.count { isCounted($0[glimpse]) }) / Double(scenes)
      }
      return GlimpseStatistics(
        glimpse: glimpse + 1, scenes: scenes, errorPercent: percent(\.isWrong),
        onDigitPercent: located == nil ? nil : percent(\.isFound))
    }
  }
}

/// A row of `by_glimpse.csv`: the same for a condition, over its seeds.
struct ConditionGlimpse {
  let condition: String
  let glimpse: Int
  let scenes: Int
  let error: Interval?
  let onDigit: Interval?

  /// One for each glimpse.
  ///
  /// - Parameter seeds: the statistics of each model.
  static func all(_ condition: String, seeds: [[GlimpseStatistics]]) -> [ConditionGlimpse] {
    (seeds.first ?? []).indices.map { index in
      let all = seeds.map { $0[index] }
      return ConditionGlimpse(
        condition: condition, glimpse: index + 1, scenes: all[0].scenes,
        error: Interval(all.map(\.errorPercent)), onDigit: Interval(all.compactMap(\.onDigitPercent)))
    }
  }
}

extension Study {
  /// One list for each model of a condition, with an entry for each glimpse, over at most 10,000 test scenes.
  public func glimpseStatistics(of condition: Condition) throws -> [[GlimpseStatistics]] {
    try forEveryModel(of: condition) { model, record in
      try GlimpseStatistics.all(
        of: model, on: condition.world, scenes: min(record.test?.examples ?? 0, 10_000), seed: record.seed,
        threads: options.threadCount)
    }
  }

  /// Writes `by_glimpse.csv`, or `by_glimpse-<part>.csv`: how often the models of some conditions have found the digit, and
  /// their error, after each glimpse, over at most 10,000 test scenes and all seeds whose weights are published.
  public func writeGlimpseStatistics(of conditions: [Condition], part: String? = nil) throws {
    try analyse(.byGlimpse, part: part, of: conditions) {
      let rows = try conditions.flatMap {
        ConditionGlimpse.all($0.name, seeds: try glimpseStatistics(of: $0))
      }
      return rows.isEmpty ? nil : rows
    }
  }
}

extension Study {
  /// A figure's finding: how often the finest patch is on the digit with the first glimpse, the second and the last, and
  /// the error after the first.
  public func findingByGlimpse(of conditions: [Condition], part: String? = nil) throws -> String? {
    let groups = try table("by_glimpse", part: part).groups(by: "condition").filter { group in
      conditions.contains { $0.name == group.name }
    }
    guard let count = groups.map(\.rows.count).max(), count > 0 else { return nil }
    func list(_ column: String, _ glimpse: Int) throws -> String {
      spokenList(
        try groups.compactMap { name, rows in
          guard glimpse <= rows.count, let value = try rows[glimpse - 1].number(column) else { return nil }
          return "\(value.fixed(1)) % for `\(name)`"
        })
    }
    let seeds = try groups.compactMap { try $0.rows.first?.number("seeds") }
    let models = seeds.max() == 1 ? " (seed \(Study.shownSeed))" : ""
    let shares = try Array(Set([1, min(2, count), count])).sorted().map {
      "at glimpse \($0), \(try list("on_digit_percent", $0))"
    }
    return "Scenes in which the finest patch is on the digit\(models): " + shares.joined(separator: "; ")
      + ". After the first glimpse, the action network, which is trained for the last one, has an error of "
      + "\(try list("error_percent", 1))."
  }
}

extension Table where Row == ConditionGlimpse {
  static var byGlimpse: Table {
    Table(
      "by_glimpse", "One row for each condition and glimpse, with the policy at its mean.",
      [
        .text("condition", "Name of the models' condition.", \.condition),
        .count("glimpse", "Counted from 1.", in: .ordinal, \.glimpse),
        .count("scenes", "Number of test scenes that each model looks at.", in: .ordinal, \.scenes),
        .count("seeds", "Number of models: those whose weights are published.", in: .ordinal, \.error?.count),
      ]
        + overSeeds(
          "error_percent",
          "Scenes with a wrong answer after this glimpse, by the action network trained for the last one",
          \.error)
        + overSeeds(
          "on_digit_percent", "Scenes in which the centre of the glimpse lies in the digit's box",
          empty: "where the digit's place is not known", \.onDigit))
  }
}
