import StudyKit

/// The paper's claims about its tables, each with what the recorded runs say of it.
///
/// A claim compares two rows. It is judged by our intervals over seeds, which must not overlap, so it takes two seeds of
/// each, trained by the same preset. That is stricter than an interval of their difference, paired by seed.
struct ClaimsTable: Sendable {
  enum Verdict: String {
    case holds = "holds"
    case fails = "does not hold"
    case overlap = "open: the intervals overlap"
    case seeds = "open: one seed"
    case presets = "open: different presets"
    case diverged = "open: diverged"
    case missing = "open: not trained yet"
  }

  /// Each says that one row of a study has a lower error than another.
  // paper: tables 1 and 2, and what section 4.1 concludes from them
  static let claims: [(study: String, less: String, more: String, sentence: String)] = [
    ("centered", "ram-7", "conv", "Centered: 7 glimpses beat the convolutional network."),
    ("centered", "ram-7", "fc-256", "Centered: 7 glimpses beat the fully connected network."),
    ("centered", "ram-7", "ram-2", "Centered: 7 glimpses beat 2."),
    ("translated", "ram-8", "conv", "Translated: 8 glimpses beat the convolutional network."),
    ("translated", "ram-8", "fc-256", "Translated: 8 glimpses beat the fully connected network."),
    ("translated", "ram-8", "ram-4", "Translated: 8 glimpses beat 4."),
    ("cluttered", "ram-8", "conv", "Cluttered 60x60: 8 glimpses beat the convolutional network."),
    ("cluttered", "ram-8", "fc-256", "Cluttered 60x60: 8 glimpses beat the fully connected network."),
    ("cluttered", "ram-8", "ram-4", "Cluttered 60x60: 8 glimpses beat 4."),
    ("cluttered", "ram-8", "ram-8-random", "Cluttered 60x60: learned glimpses beat random ones."),
    ("cluttered", "ram-8-100", "conv-100", "Cluttered 100x100: 8 glimpses beat the convolutional network."),
    ("cluttered", "ram-8-100", "ram-4-100", "Cluttered 100x100: 8 glimpses beat 4."),
    ("cluttered", "ram-8-100", "ram-8-random-100", "Cluttered 100x100: learned glimpses beat random ones."),
  ]

  let results: ResultsTable

  // MARK: - Verdicts

  static func verdict(_ less: ResultsTable.Row?, _ more: ResultsTable.Row?) -> Verdict {
    guard let less, let more else { return .missing }
    guard let error = less.mean, let other = more.mean else { return .diverged }
    guard less.preset == more.preset else { return .presets }
    guard error.halfWidth != nil, other.halfWidth != nil else { return .seeds }
    return error.high < other.low ? .holds : error.low > other.high ? .fails : .overlap
  }

  /// The verdict on one number beside the paper's.
  static func verdict(_ row: ResultsTable.Row) -> PaperVerdict? {
    PaperVerdict(paper: row.paper, row.mean, row.measure)
  }

  // MARK: - On a page

  var markdown: String { "\(comparisons.markdown)\n\(numbers.markdown)" }

  private var comparisons: TextTable {
    var table = TextTable(
      header: ["claim", "paper, %", "ours, %", "seeds", "preset", "verdict"],
      alignments: [.left, .left, .left, .left, .left, .left])
    for claim in Self.claims {
      func row(_ condition: String) -> ResultsTable.Row? {
        results.rows.first { $0.study == claim.study && $0.condition == condition }
      }
      let pair = [row(claim.less), row(claim.more)]
      func both(_ text: (ResultsTable.Row) -> String?, _ joint: String) -> String {
        let words = pair.map { $0.flatMap(text) ?? "–" }
        return words[0] == words[1] && joint == ", " ? words[0] : words.joined(separator: joint)
      }
      table.append([
        claim.sentence, both({ $0.paper?.fixed(2) }, " < "), both(\.result, " and "),
        both({ String($0.seeds) }, ", "), both({ $0.preset.rawValue }, ", "),
        Self.verdict(pair[0], pair[1]).rawValue,
      ])
    }
    return table
  }

  private var numbers: TextTable {
    var table = TextTable(
      header: ["task", "model", "paper, %", "ours, %", "seeds", "preset", "ours beside the paper's"],
      alignments: [.left, .left, .right, .right, .right, .left, .left])
    let rows = results.rows.filter { $0.paper != nil }
    for (index, row) in rows.enumerated() {
      let isFirst = index == 0 || rows[index - 1].group != row.group
      table.append([
        isFirst ? row.group : "", row.label, row.paper?.fixed(2) ?? "–", row.result,
        String(row.seeds), row.preset.rawValue, Self.verdict(row)?.rawValue ?? "",
      ])
    }
    return table
  }
}
