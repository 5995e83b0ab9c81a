/// What can be said of our number beside the paper's.
///
/// The paper gives one number for each row, without a spread. A verdict is about our interval over seeds, so it needs
/// at least two seeds.
package enum PaperVerdict: String {
  /// The paper's number lies in the interval.
  case inside = "within ±"
  case better
  case worse
  case open = "open: one seed"
  case diverged
  /// The paper leaves rules of the game open.
  case otherRules = "other rules"

  /// - Parameters:
  ///   - paper: %; without it there is no verdict.
  ///   - ours: %; nil when every run diverged.
  package init?(paper: Double?, _ ours: Interval?, _ measure: Measure) {
    guard let paper else { return nil }
    guard let ours else {
      self = .diverged
      return
    }
    self =
      if measure != .error {
        .otherRules
      } else if ours.halfWidth == nil {
        .open
      } else {
        paper > ours.high ? .better : paper < ours.low ? .worse : .inside
      }
  }
}

/// The rows of a study that the paper has too.
struct PaperComparison {
  /// The rows for which the paper has a number.
  let rows: [ConditionSummary]

  init(_ summaries: [ConditionSummary]) { rows = summaries.filter { $0.condition.paper != nil } }

  static func verdict(_ row: ConditionSummary) -> PaperVerdict? {
    PaperVerdict(paper: row.condition.paper, row.mean, row.measure)
  }

  static func table(_ summaries: [ConditionSummary]) -> TextTable {
    var table = TextTable(
      header: [
        "condition", "model", "paper", "ours", "seeds", "± test set", "sampled",
        "average of \(Run.averagedRollouts)", "verdict", "parameters",
      ], alignments: [.left, .left] + Array(repeating: .right, count: 6) + [.left, .right])
    for row in summaries {
      table.append([
        "`\(row.condition.name)`", row.condition.label, row.condition.paper?.fixed(2) ?? "–",
        row.mean?.formatted() ?? "–",
        "\(row.seeds)" + (row.diverged > 0 ? " (\(row.diverged) diverged)" : ""),
        row.examplesHalfWidth?.fixed(2) ?? "–",
        row.sampled?.formatted() ?? "–", row.averaged?.formatted() ?? "–",
        verdict(row)?.rawValue ?? "", row.records.first.map { String($0.parameters) } ?? "",
      ])
    }
    return table
  }

  // MARK: - In words

  var markdown: String {
    let verdicts = rows.compactMap(Self.verdict)
    func count(_ verdict: PaperVerdict, _ one: String, _ more: String) -> String? {
      let count = verdicts.count { $0 == verdict }
      return count == 0 ? nil : "\(count) \(count == 1 ? one : more)"
    }
    let parts = [
      count(
        .inside, "has it within our 95 % interval over seeds", "have it within our 95 % interval over seeds"),
      count(.better, "is better here", "are better here"), count(.worse, "is worse here", "are worse here"),
      count(
        .open, "has a single seed and so no interval and no verdict",
        "have a single seed and so no interval and no verdict"),
      count(.diverged, "diverged", "diverged"),
      count(
        .otherRules, "is of a game whose rules it leaves open", "are of games whose rules it leaves open"),
    ].compactMap(\.self)
    return
      "The paper gives a number, without a spread, for \(rows.count) of these conditions: \(spokenList(parts))."
      + reversals.map { "\n\n- \($0)" }.joined()
  }

  /// Pairs on one world whose order is reversed in the paper, and whose intervals do not overlap.
  var reversals: [String] {
    rows.compactMap { row in
      guard let ours = row.mean, ours.halfWidth != nil, let paper = row.condition.paper else { return nil }
      let others = rows.filter { other in
        guard let theirs = other.mean, theirs.halfWidth != nil, let theirPaper = other.condition.paper else {
          return false
        }
        return other.condition.group == row.condition.group && ours.high < theirs.low && paper > theirPaper
      }
      let names = spokenList(others.map { "`\($0.condition.name)`" })
      let (less, more) =
        row.measure == .error ? ("a lower error", "a higher one") : ("a lower rate", "a higher one")
      return others.isEmpty
        ? nil : "`\(row.condition.name)` has \(less) than \(names) here, and \(more) in the paper."
    }
  }
}
