// Where a study's numbers part from the paper's, in words made from its tables.

import Foundation

/// The rows of one study that the paper has too, and in which of them the two differ.
///
/// A row agrees when the 95 % interval over seeds holds the paper's number. One seed has no interval, so every
/// difference that two digits after the point show counts.
struct PaperComparison {
  struct Row: Equatable {
    let condition: String
    let task: String
    let paper: Double
    /// One for each seed that did not diverge.
    let values: [Double]

    var ours: Interval? { Interval(values) }
  }

  enum Verdict: String {
    case misses
    case agrees
    case isBetter = "is better"
    case diverged
  }

  let rows: [Row]
  /// Of errors less is better, of balls caught more.
  let lessIsBetter: Bool

  init(_ rows: [Row], lessIsBetter: Bool = true) {
    self.rows = rows
    self.lessIsBetter = lessIsBetter
  }

  /// Conditions of `runs` that have a number in the `paper` column.
  init(_ runs: CSVTable, ours: String, paper: String, tasks: [String: String], lessIsBetter: Bool = true) {
    let rows = runs.names(in: "condition").compactMap { condition -> Row? in
      let seeds = runs.rows.indices.filter { runs[row: $0, "condition"] == .text(condition) }
      guard let number = seeds.compactMap({ runs[row: $0, paper].double }).first else { return nil }
      return Row(
        condition: condition, task: tasks[condition] ?? "", paper: number,
        values: seeds.compactMap { runs[row: $0, ours].double })
    }
    self.init(rows, lessIsBetter: lessIsBetter)
  }

  func verdict(_ row: Row) -> Verdict {
    guard let ours = row.ours else { return .diverged }
    let difference = ours.mean - row.paper
    guard abs(difference) > max(0.005, ours.halfWidth ?? 0) else { return .agrees }
    return (difference < 0) == lessIsBetter ? .isBetter : .misses
  }

  // MARK: - In words

  /// The paragraphs of the section; empty when the paper has none of these rows.
  var markdown: String {
    guard !rows.isEmpty else { return "" }
    let verdicts = rows.map(verdict)
    let differing = zip(rows, verdicts).filter { $0.1 != .agrees }
    guard !differing.isEmpty else {
      return "Nothing: of all \(rows.count) rows the paper's number lies in the interval over seeds.\n"
    }
    let counts = [Verdict.misses, .agrees, .isBetter, .diverged].compactMap { kind -> String? in
      let count = verdicts.count { $0 == kind }
      switch kind {
      case _ where count == 0: return nil
      case .misses: return "\(count) \(count == 1 ? "misses" : "miss") it"
      case .agrees: return "\(count) \(count == 1 ? "has" : "have") it in the interval over seeds"
      case .isBetter: return "\(count) \(count == 1 ? "is" : "are") better"
      case .diverged: return "\(count) diverged"
      }
    }
    var table = TextTable(
      header: ["condition", "paper", "ours", "difference", "this row"],
      alignments: [.left, .right, .right, .right, .left])
    for (row, verdict) in differing {
      let difference = row.ours.map { $0.mean - row.paper }
      table.append([
        row.condition, CSVValue.fixed(row.paper, places: 2), row.ours?.formatted() ?? "–",
        difference.map { ($0 > 0 ? "+" : "") + CSVValue.fixed($0, places: 2) } ?? "–", verdict.rawValue,
      ])
    }
    let seeds = rows.map(\.values.count).max() ?? 0
    return "Of \(rows.count) \(rows.count == 1 ? "row" : "rows") with a number of the paper's, "
      + spokenList(counts) + "; differences are in percentage points."
      + (seeds == 1 ? " One seed has no interval, so chance is not told from effect." : "")
      + "\n\n" + table.markdown + reversals.map { "\n- \($0)" }.joined() + (reversals.isEmpty ? "" : "\n")
  }

  /// Pairs of one task that stand the other way round in the paper, by their means.
  var reversals: [String] {
    rows.compactMap { row in
      guard let mean = row.ours?.mean else { return nil }
      let others = rows.filter { other in
        guard other.task == row.task, let theirs = other.ours?.mean else { return false }
        return mean < theirs && row.paper > other.paper
      }
      guard !others.isEmpty else { return nil }
      let names = spokenList(others.map { "`\($0.condition)`" })
      let (less, more) = lessIsBetter ? ("errs less", "more") : ("catches fewer", "more")
      return "`\(row.condition)` \(less) than \(names) here, and \(more) in the paper."
    }
  }
}

/// "a, b and c".
func spokenList(_ words: [String]) -> String {
  guard let last = words.last else { return "" }
  return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
}

extension Study {
  /// The report's section on what is not as in the paper; empty where the paper has no numbers.
  ///
  /// - Parameters:
  ///   - trained: the most that a run saw, in `unit`s.
  ///   - size: `unit`s in one example of a plan.
  func differencesPage(_ comparison: PaperComparison, trained: Double, unit: String, size: Int = 1) -> String
  {
    guard !comparison.rows.isEmpty else { return "" }
    var page = "\n## Where this differs from the paper\n\n"
    if let full = paperPlan?.training, options.preset != .paper {
      let budget = Double(full.steps * full.batchSize * size)
      page +=
        "This is a short training: at most \(Self.millions(trained)) million \(unit) per run, where the "
        + "preset `paper` has \(Self.millions(budget)) million. The paper does not say how long it trained.\n\n"
    }
    return page + comparison.markdown
  }

  static func millions(_ count: Double) -> String { CSVValue.fixed(count / 1e6, places: count < 1e4 ? 4 : 2) }

  var taskNames: [String: String] {
    Dictionary(conditions.map { ($0.name, $0.task.summary) }) { first, _ in first }
  }
}
