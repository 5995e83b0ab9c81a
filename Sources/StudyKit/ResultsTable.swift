// The table on the README's first screen, made from the committed tables of the studies.

import Foundation
import Training

/// Every row of the paper that a study has reproduced, from `Results/<study>/<preset>/runs.csv`.
///
/// A condition counts with its best preset: `paper`, else `quick`; `smoke` shows that a study runs and is no result. Rows that
/// miss the paper stay.
public struct ResultsTable: Sendable {
  struct Row: Sendable, Equatable {
    let task: String
    let condition: String
    let paperErrorPercent: Double
    let errors: [Double]
    let diverged: Int
    let study: String
    let preset: Preset
  }

  let rows: [Row]

  /// - Throws: `CSVError` or `FileError` at the first table that is not as studies write it.
  public init(results folder: String) throws {
    var rows: [Row] = []
    for study in Self.names(in: folder) {
      var named: Set<String> = []
      for preset in [Preset.paper, .quick] {
        let place = "\(folder)/\(study)/\(preset.rawValue)"
        guard let runs = try Self.runs(in: place) else { continue }
        let tasks = try Self.tasks(in: place)
        for condition in runs.names(in: "condition") where !named.contains(condition) {
          guard let row = Self.row(condition, of: runs, tasks, study, preset) else { continue }
          named.insert(condition)
          rows.append(row)
        }
      }
    }
    // The paper's order of tasks; within one, conditions stay in their study's order.
    self.rows = rows.enumerated().sorted {
      (Self.rank($0.element.task), $0.element.study, $0.offset) < (Self.rank($1.element.task), $1.element.study, $1.offset)
    }.map(\.element)
  }

  // MARK: - Reading

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Nil where a study has not been run, or compares something else than test errors with the paper.
  private static func runs(in folder: String) throws -> CSVTable? {
    let path = folder + "/runs.csv"
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    guard text.prefix(while: { $0 != "\n" }).contains("paper_error_percent") else { return nil }
    return try CSVTable(parsing: text, of: path, expecting: Study.runColumns, text: ["condition"])
  }

  /// What each condition was trained on, as the study's provenance has it.
  private static func tasks(in folder: String) throws -> [String: String] {
    struct Provenance: Decodable {
      struct Configuration: Decodable {
        let condition: String
        let task: String
      }
      let configurations: [Configuration]
    }
    let path = folder + "/provenance.json"
    guard let data = FileManager.default.contents(atPath: path),
      let provenance = try? JSONDecoder().decode(Provenance.self, from: data)
    else {
      throw FileError(
        path: path, reason: "the tasks of this study's conditions could not be read from it",
        cure: "run the study again to write it")
    }
    return Dictionary(provenance.configurations.map { ($0.condition, $0.task) }) { first, _ in first }
  }

  private static func row(
    _ condition: String, of runs: CSVTable, _ tasks: [String: String], _ study: String, _ preset: Preset
  ) -> Row? {
    let rows = runs.rows.indices.filter { runs[row: $0, "condition"] == .text(condition) }
    guard let paper = rows.lazy.compactMap({ runs[row: $0, "paper_error_percent"].double }).first else { return nil }
    let errors = rows.compactMap { runs[row: $0, "test_error_percent"].double }
    return Row(
      task: tasks[condition] ?? study, condition: condition, paperErrorPercent: paper, errors: errors,
      diverged: rows.count - errors.count, study: study, preset: preset)
  }

  private static func rank(_ task: String) -> Int {
    let order = ["centered", "translated", "cluttered digits, 60x60", "cluttered digits, 100x100"]  // paper: 1a 1b 2a 2b
    return order.firstIndex { task.hasPrefix($0) } ?? order.count
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
        isFirst ? row.task : "", Self.model(row.condition), CSVValue.fixed(row.paperErrorPercent, places: 2),
        Self.ours(row), String(row.errors.count),
        "`study-\(row.study)`, [\(row.preset.rawValue)](Results/\(row.study)/\(row.preset.rawValue)/report.md)",
      ])
    }
    return table.markdown
  }

  private static func ours(_ row: Row) -> String {
    guard let interval = Interval(row.errors) else { return "diverged" }
    let spread = interval.halfWidth.map { " ± " + CSVValue.fixed($0, places: 2) } ?? ""
    return CSVValue.fixed(interval.mean, places: 2) + spread + (row.diverged > 0 ? " (\(row.diverged) diverged)" : "")
  }

  /// "ram-6" as the paper's tables name it; names of another form stay as they are.
  static func model(_ condition: String) -> String {
    let words = condition.split(separator: "-").map(String.init)
    switch (words.first, words.count, words.dropFirst().first.flatMap({ Int($0) })) {
    case ("ram", 2, let glimpses?): return "RAM, \(glimpses) glimpses"
    case ("ram", 3, let glimpses?) where words[2] == "random": return "RAM, \(glimpses) random glimpses"
    case ("fc", 2, let units?): return "fully connected, 2 layers of \(units)"
    case ("conv", 1, _): return "convolutional"
    default: return "`\(condition)`"
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
