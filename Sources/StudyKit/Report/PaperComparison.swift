/// Our numbers beside the paper's, and what can be said of the difference.
///
/// The paper gives one number a row, without a spread. A verdict is about our interval over seeds, so it takes two seeds
/// at least.
struct PaperComparison {
  enum Verdict: String {
    case inside = "in our interval"
    case better = "ours is better"
    case worse = "ours is worse"
    case open = "one seed"
    case diverged
  }

  /// Those that have a number of the paper's.
  let rows: [ConditionSummary]

  init(_ summaries: [ConditionSummary]) { rows = summaries.filter { $0.condition.paper != nil } }

  static func verdict(_ row: ConditionSummary) -> Verdict? {
    guard let paper = row.condition.paper else { return nil }
    guard let ours = row.mean else { return .diverged }
    if ours.count < 2 { return .open }
    if paper >= ours.low && paper <= ours.high { return .inside }
    return (paper > ours.high) == (row.measure == .error) ? .better : .worse
  }

  /// - Parameter comparing: whether verdicts are given at all.
  static func table(_ summaries: [ConditionSummary], comparing: Bool) -> TextTable {
    var table = TextTable(
      header: [
        "condition", "model", "paper", "ours", "seeds", "± test set", "sampled", "average of \(Run.averagedRollouts)",
        "the paper's number", "parameters",
      ], alignments: [.left, .left] + Array(repeating: .right, count: 6) + [.left, .right])
    for row in summaries {
      let isPlayer = row.condition.world.play != nil
      table.append([
        "`\(row.condition.name)`", row.condition.label, row.condition.paper?.fixed(2) ?? "–", row.mean?.formatted() ?? "–",
        "\(row.seeds)" + (row.diverged > 0 ? " (\(row.diverged) diverged)" : ""), row.examplesHalfWidth?.fixed(2) ?? "–",
        row.sampled?.formatted() ?? "–", isPlayer ? "–" : row.averaged?.formatted() ?? "–",
        comparing ? verdict(row)?.rawValue ?? "" : "", row.records.first.map { String($0.parameters) } ?? "",
      ])
    }
    return table
  }

  // MARK: - In words

  var markdown: String {
    let verdicts = rows.compactMap(Self.verdict)
    let judged = verdicts.count { [.inside, .better, .worse].contains($0) }
    func count(_ verdict: Verdict, _ one: String, _ more: String) -> String? {
      let count = verdicts.count { $0 == verdict }
      return count == 0 ? nil : "\(count) \(count == 1 ? one : more)"
    }
    var sentences = [
      "The paper gives one number for each of \(rows.count) \(rows.count == 1 ? "row" : "rows"), without a spread."
    ]
    if judged > 0 {
      let parts = [
        count(.inside, "holds the paper's number", "hold the paper's number"),
        count(.better, "lies on the better side of it", "lie on the better side of it"),
        count(.worse, "lies on the worse side of it", "lie on the worse side of it"),
      ].compactMap(\.self)
      sentences.append("Of \(judged) 95 % \(judged == 1 ? "interval" : "intervals") over seeds, \(spokenList(parts)).")
    }
    if let one = count(.open, "row has", "rows have") {
      sentences.append("\(one) a single seed, which has no interval, so there is no verdict.")
    }
    if let diverged = count(.diverged, "row has", "rows have") { sentences.append("\(diverged) diverged.") }
    return sentences.joined(separator: " ") + reversals.map { "\n\n- \($0)" }.joined()
  }

  /// Pairs of one world that stand the other way round in the paper, and whose intervals do not touch.
  var reversals: [String] {
    rows.compactMap { row in
      guard let ours = row.mean, ours.halfWidth != nil, let paper = row.condition.paper else { return nil }
      let others = rows.filter { other in
        guard let theirs = other.mean, theirs.halfWidth != nil, let theirPaper = other.condition.paper else { return false }
        return other.condition.group == row.condition.group && ours.high < theirs.low && paper > theirPaper
      }
      let names = spokenList(others.map { "`\($0.condition.name)`" })
      let (less, more) = row.measure == .error ? ("a lower error", "a higher one") : ("a lower rate", "a higher one")
      return others.isEmpty ? nil : "`\(row.condition.name)` has \(less) than \(names) here, and \(more) in the paper."
    }
  }
}
