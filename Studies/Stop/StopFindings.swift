import StudyKit

/// What the tables say in words.
enum StopFindings {
  /// The most glimpses on average that the aim allows.
  static let aim = 5.0

  /// Which price has which error, whether the aim is reached, and which way of stopping wins.
  static func anytime(_ study: Study) throws -> String? {
    let rows = try study.table("stopping").rows.map(Row.init)
    let actions = rows.filter { $0.series == StopRow.actionSeries }
    guard !actions.isEmpty else { return nil }
    return ([outcomes(actions), best(rows)] + duels(rows, actions)).compactMap(\.self).joined(separator: " ")
  }

  /// Glimpses with most and fewest pieces of clutter on the digit.
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
      ? nil : "Mean glimpses by pieces on the digit: \(sentences.joined(separator: "; "))."
  }

  // MARK: - Sentences

  /// A row of `stopping.csv`.
  private struct Row {
    let series, condition, setting, seed: String
    let validationGlimpses, validationError, glimpses, error: Double

    init(_ row: CSVTable.Row) throws {
      func number(_ column: String) throws -> Double { try row.number(column) ?? .nan }
      (series, condition) = (try row.text("series"), try row.text("condition"))
      (setting, seed) = (try row.text("setting"), try row.text("seed"))
      (validationGlimpses, validationError) = (
        try number("validation_glimpses"), try number("validation_error_percent")
      )
      (glimpses, error) = (try number("glimpses"), try number("error_percent"))
    }
  }

  private static func mean(_ rows: [Row], _ value: (Row) -> Double) -> Double {
    rows.map(value).reduce(0, +) / Double(max(rows.count, 1))
  }

  /// The rows of one way of stopping, over seeds.
  private static func groups(_ rows: [Row]) -> [[Row]] {
    rows.reduce(into: []) { groups, row in
      if let index = groups.firstIndex(where: {
        $0[0].series == row.series && $0[0].condition == row.condition && $0[0].setting == row.setting
          && $0[0].setting != "budget"
      }) {
        groups[index].append(row)
      } else {
        groups.append([row])
      }
    }
  }

  private static func outcomes(_ actions: [Row]) -> String {
    let outcomes = groups(actions).map { rows in
      "`\(rows[0].condition)` \(mean(rows, \.error).fixed(2)) % with \(mean(rows, \.glimpses).fixed(2)) glimpses"
    }
    return "Test error where the action stops: \(spokenList(outcomes))."
  }

  /// Of the ways that stop at five glimpses or fewer on validation, the one with the lowest error there, beside looking
  /// always.
  private static func best(_ rows: [Row]) -> String? {
    let always = rows.filter { $0.series == StopRow.fixedSeries && $0.condition.hasPrefix("fixed") }
    guard
      let best = groups(rows.filter { $0.series == StopRow.actionSeries }).filter({
        mean($0, \.validationGlimpses) <= aim
      }).min(by: { mean($0, \.validationError) < mean($1, \.validationError) })
    else {
      return "With no price does the action stop after \(aim.fixed(0)) glimpses or fewer on validation."
    }
    let start =
      "Of the prices with at most \(aim.fixed(0)) glimpses on validation, `\(best[0].condition)` has the lowest error "
      + "there; in test it makes \(mean(best, \.error).fixed(2)) % with \(mean(best, \.glimpses).fixed(2)) glimpses"
    guard let difference = difference(best, less: always) else { return start + "." }
    return start + ", where `\(always[0].condition)` makes \(mean(always, \.error).fixed(2)) % with all: "
      + (isTold(difference) && difference.mean > 0
        ? "the aim, the error of all glimpses, is missed by \(difference.formatted()) points."
        : difference.halfWidth == nil
          ? "a difference of \(difference.formatted()) points, of one seed, so that nothing is decided."
          : "the aim, the error of all glimpses, is reached (difference \(difference.formatted()) points).")
  }

  /// The action beside thresholds that are as fast.
  private static func duels(_ rows: [Row], _ actions: [Row]) -> [String] {
    let rivals = rows.filter { row in actions.contains { $0.condition == row.setting } }
    let series = rivals.reduce(into: [String]()) { if !$0.contains($1.series) { $0.append($1.series) } }
    return series.map { name in
      var verdicts: [(word: String, prices: [String])] = [
        ("lower", []), ("higher", []), ("not told apart", []), ("of one seed", []),
      ]
      for action in groups(actions) {
        let rival = rivals.filter { $0.series == name && $0.setting == action[0].condition }
        guard let difference = difference(action, less: rival) else { continue }
        let verdict = difference.halfWidth == nil ? 3 : !isTold(difference) ? 2 : difference.mean < 0 ? 0 : 1
        verdicts[verdict].prices.append("`\(action[0].condition)` (\(difference.formatted()))")
      }
      let parts = verdicts.filter { !$0.prices.isEmpty }.map { "\($0.word) for \(spokenList($0.prices))" }
      let word = verdicts.indices.max { verdicts[$0].prices.count < verdicts[$1].prices.count } ?? 3
      let winner = [
        "the stop action wins", "the threshold wins", "neither wins", "one seed does not say who wins",
      ][word]
      return
        "Beside \"\(name)\", as fast on validation, \(winner): the action's error less the threshold's, in points, is "
        + "\(parts.joined(separator: "; "))."
    }
  }

  /// Seed by seed, percentage points; nil where no seed has both.
  private static func difference(_ rows: [Row], less others: [Row]) -> Interval? {
    Interval(
      rows.compactMap { row in others.first { $0.seed == row.seed }.map { row.error - $0.error } })
  }

  private static func isTold(_ difference: Interval) -> Bool {
    difference.halfWidth != nil && (difference.low > 0 || difference.high < 0)
  }
}
