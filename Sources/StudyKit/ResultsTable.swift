// The table on the README's first screen, made from the committed tables of the studies.

import Foundation
import Training

/// Every row of the paper that a study has reproduced, from `Results/<study>/<preset>/runs.csv`.
///
/// A condition counts with its best preset: `paper`, else `quick`; `smoke` shows that a study runs and is no
/// result. Rows that miss the paper stay.
public struct ResultsTable: Sendable {
  struct Row: Sendable, Equatable {
    let task: String
    let condition: String
    let paperPercent: Double
    /// What the paper's number is compared with, one for each seed that did not diverge.
    let percents: [Double]
    let diverged: Int
    let study: String
    let preset: Preset
  }

  let rows: [Row]

  /// The studies whose conditions are rows of the paper; the others ask questions of their own.
  // paper: tables 1a, 1b, 2; section 4.2
  static let studies = ["centered", "translated", "cluttered", "catch"]

  /// - Throws: `CSVError` or `FileError` at the first table that is not as studies write it.
  public init(results folder: String) throws {
    var rows: [Row] = []
    for study in Self.studies {
      let presets = try [Preset.paper, .quick].map { preset in
        try Self.rows(in: "\(folder)/\(study)/\(preset.rawValue)", study, preset)
      }
      // In the study's order, whichever preset has which of its conditions.
      let names = presets.flatMap(\.order) + presets.flatMap { $0.rows.map(\.condition) }
      let found = names.reduce(into: [Row]()) { found, name in
        guard !found.contains(where: { $0.condition == name }) else { return }
        found += presets.flatMap(\.rows).first { $0.condition == name }.map { [$0] } ?? []
      }
      // One task after the other, also when a preset has some conditions of each.
      let tasks = found.reduce(into: [String]()) { tasks, row in
        if !tasks.contains(row.task) { tasks.append(row.task) }
      }
      rows += tasks.flatMap { task in found.filter { $0.task == task } }
    }
    self.rows = rows
  }

  // MARK: - Reading

  /// None where the study has not been run; and all its conditions, in their order.
  private static func rows(in folder: String, _ study: String, _ preset: Preset) throws -> (
    rows: [Row], order: [String]
  ) {
    let path = folder + "/runs.csv"
    guard FileManager.default.fileExists(atPath: path) else { return ([], []) }
    let isGame = study == "catch"
    let runs = try CSVTable(reading: path, expecting: isGame ? Study.gameRunColumns : Study.runColumns)
    try TableChecksum.check(["runs.csv"], in: folder)
    let conditions = try conditions(in: folder)
    let tasks = Dictionary(conditions.map { ($0.condition, $0.task) }) { first, _ in first }
    let rows = runs.names(in: "condition").compactMap { condition -> Row? in
      let seeds = runs.rows.indices.filter { runs[row: $0, "condition"] == .text(condition) }
      func values(_ column: String) -> [Double] { seeds.compactMap { runs[row: $0, column].double } }
      guard let paper = values(isGame ? "paper_caught_percent" : "paper_error_percent").first else {
        return nil
      }
      let percents = values(isGame ? "caught_greedy_percent" : "test_error_percent")
      return Row(
        task: (tasks[condition] ?? study) + (isGame ? ": caught, %" : ""), condition: condition,
        paperPercent: paper,
        percents: percents, diverged: seeds.count - percents.count, study: study, preset: preset)
    }
    return (rows, conditions.map(\.condition))
  }

  private struct Configuration: Decodable {
    let condition: String
    let task: String
  }

  /// The study's conditions and what each is trained on, as its provenance has them.
  private static func conditions(in folder: String) throws -> [Configuration] {
    struct Provenance: Decodable { let configurations: [Configuration] }
    let path = folder + "/provenance.json"
    guard let data = FileManager.default.contents(atPath: path),
      let provenance = try? JSONDecoder().decode(Provenance.self, from: data)
    else {
      throw FileError(
        path: path, reason: "the tasks of this study's conditions could not be read from it",
        cure: "run the study again to write it")
    }
    return provenance.configurations
  }

  // MARK: - Writing

  public var markdown: String {
    guard !rows.isEmpty else { return "No study has been run yet.\n" }
    var table = TextTable(
      header: ["task", "model", "paper, %", "ours, %", "seeds", "study"],
      alignments: [.left, .left, .right, .right, .right, .left])
    for (index, row) in rows.enumerated() {
      let isFirst = index == 0 || rows[index - 1].task != row.task
      table.append([
        isFirst ? row.task : "", Self.model(row), CSVValue.fixed(row.paperPercent, places: 2),
        Self.ours(row), String(row.percents.count),
        "`study-\(row.study)`, [\(row.preset.rawValue)](Results/\(row.study)/\(row.preset.rawValue)/report.md)",
      ])
    }
    return table.markdown
  }

  private static func ours(_ row: Row) -> String {
    guard let interval = Interval(row.percents) else { return "diverged" }
    let spread = interval.halfWidth.map { " ± " + CSVValue.fixed($0, places: 2) } ?? ""
    return CSVValue.fixed(interval.mean, places: 2) + spread
      + (row.diverged > 0 ? " (\(row.diverged) diverged)" : "")
  }

  /// "ram-6" as the paper's tables name it; names of another form stay as they are.
  static func model(_ row: Row) -> String {
    var words = row.condition.split(separator: "-").map(String.init)
    // A study of two sizes tells its conditions apart by the side.
    if let side = words.last, words.count > 1, row.task.contains(", \(side)x\(side)") { words.removeLast() }
    switch (words.first, words.count, words.dropFirst().first.flatMap { Int($0) }) {
    case ("ram", 2, let glimpses?): return "RAM, \(glimpses) glimpses"
    case ("ram", 3, let glimpses?) where words[2] == "random": return "RAM, \(glimpses) random glimpses"
    case ("fc", 2, let units?): return "fully connected, 2 layers of \(units)"
    case ("conv", 1, _): return "convolutional"
    case ("learned", 1, _): return "RAM with LSTM, 24 glimpses"
    default: return "`\(row.condition)`"
    }
  }
}

/// A part of a page that a program writes, between two comments that no reader of the page sees.
public struct GeneratedPart: Sendable {
  let begin: String
  let end: String

  public init(_ name: String) {
    begin = "<!-- \(name):begin -->\n"
    end = "<!-- \(name):end -->"
  }

  /// `page` with the part replaced.
  ///
  /// - Throws: `FileError` when the page does not have both comments, once and in order.
  public func replaced(in page: String, of path: String, with part: String) throws -> String {
    let before = page.components(separatedBy: begin)
    let after = before.count == 2 ? before[1].components(separatedBy: end) : []
    guard after.count == 2 else {
      throw FileError(
        path: path, reason: "the place of the table is not marked",
        cure: "write '\(begin.dropLast())' and '\(end)' around it, each once and on its own line")
    }
    return before[0] + begin + part + end + after[1]
  }
}
