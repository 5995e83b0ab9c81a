import AttentionStudies
import StudyKit

/// What the tables say, as sentences for the report.
enum StopFindings {
  /// The mean number of glimpses that the aim allows.
  static let aim = 5.0

  /// The error at each price, whether the aim is reached, and which way of stopping is better.
  ///
  /// - Parameter always: the condition that always takes all glimpses.
  static func anytime(_ study: Study, always: Condition) throws -> String? {
    let rows = try study.table("stopping").rows.map(Row.init)
    let actions = rows.filter { $0.series == StopRow.actionSeries }
    guard !actions.isEmpty else { return nil }
    let sentences = [
      outcomes(actions), best(rows, always: always.name), comparisons(rows, actions),
    ]
    return sentences.compactMap(\.self).joined(separator: " ")
  }

  /// The mean number of glimpses with the fewest and with the most pieces of clutter on the digit.
  static func difficulty(_ study: Study) throws -> String? {
    let groups = try study.table("difficulty").groups(by: "condition")
    let sentences = try groups.compactMap { name, rows -> String? in
      guard let fewest = rows.first, let most = rows.last, rows.count > 1,
        let first = try fewest.number("glimpses"), let last = try most.number("glimpses")
      else { return nil }
      return try "`\(name)` \(first.fixed(2)) with \(fewest.text("pieces")) and \(last.fixed(2)) with "
        + "\(most.text("pieces"))"
    }
    return sentences.isEmpty
      ? nil : "Mean glimpses by pieces of clutter on the digit: \(sentences.joined(separator: "; "))."
  }

  // MARK: - Sentences

  /// A row of `stopping.csv`.
  private struct Row {
    let series, condition, setting: String
    let seed: UInt64
    let validationGlimpses, validationError, glimpses, error: Double

    init(_ row: CSVTable.Row) throws {
      func number(_ column: String) throws -> Double { try row.number(column) ?? .nan }
      (series, condition) = (try row.text("series"), try row.text("condition"))
      (setting, seed) = (try row.text("setting"), UInt64(try row.text("seed")) ?? 0)
      (validationGlimpses, validationError) = (
        try number("validation_glimpses"), try number("validation_error_percent")
      )
      (glimpses, error) = (try number("glimpses"), try number("error_percent"))
    }
  }

  private static func mean(_ rows: [Row], _ value: (Row) -> Double) -> Double {
    rows.map(value).reduce(0, +) / Double(max(rows.count, 1))
  }

  /// The rows of each condition, with all its seeds.
  private static func groups(_ rows: [Row]) -> [[Row]] { rows.grouped(by: \.condition).map(\.elements) }

  private static func outcomes(_ actions: [Row]) -> String {
    let outcomes = groups(actions).map { rows in
      "`\(rows[0].condition)` \(mean(rows, \.error).fixed(2)) % with \(mean(rows, \.glimpses).fixed(2)) glimpses"
    }
    return "Test error when the model stops by its own action: \(spokenList(outcomes))."
  }

  /// The price with the lowest validation error among those that meet the aim's number of glimpses there, compared with
  /// always taking all glimpses.
  private static func best(_ rows: [Row], always name: String) -> String? {
    let always = rows.filter { $0.series == StopRow.fixedSeries && $0.condition == name }
    guard
      let best = groups(rows.filter { $0.series == StopRow.actionSeries }).filter({
        mean($0, \.validationGlimpses) <= aim
      }).min(by: { mean($0, \.validationError) < mean($1, \.validationError) })
    else { return "No price brings the mean number of glimpses on validation down to \(aim.fixed(0))." }
    let start =
      "Of the prices with at most \(aim.fixed(0)) glimpses on validation, `\(best[0].condition)` has the lowest error "
      + "there. Its test error is \(mean(best, \.error).fixed(2)) % with \(mean(best, \.glimpses).fixed(2)) glimpses"
    let contrast = Contrast(best[0].condition, errors(best), less: name, errors(always))
    guard let difference = contrast?.difference else { return start + "." }
    return start
      + "; `\(name)`, which always takes all of them, has \(mean(always, \.error).fixed(2)) %: "
      + (difference.halfWidth == nil
        ? "a difference of \(difference.formatted()) points from one seed, which decides nothing."
        : !difference.excludesZero
          ? "a difference of \(difference.formatted()) points, which may be chance."
          : difference.mean > 0
            ? "the aim, the error of all glimpses, is missed by \(difference.formatted()) points."
            : "the aim, the error of all glimpses, is reached (difference \(difference.formatted()) points).")
  }

  /// The action compared with thresholds that take as many glimpses on validation.
  private static func comparisons(_ rows: [Row], _ actions: [Row]) -> String? {
    let rivals = rows.filter { row in actions.contains { $0.condition == row.setting } }
    let contrasts = rivals.grouped(by: \.series).flatMap { series, rivals in
      groups(actions).compactMap { action in
        Contrast(
          action[0].condition, errors(action), less: series,
          errors(rivals.filter { $0.setting == action[0].condition }))
      }
    }
    return Contrast.sentences(contrasts).map {
      "Each threshold is set to take as many glimpses on validation as the action. \($0)"
    }
  }

  /// By seed, %.
  private static func errors(_ rows: [Row]) -> [UInt64: Double] {
    rows.reduce(into: [:]) { $0[$1.seed] = $1.error }
  }
}
