import Foundation
import Learning
import StudyKit

/// The table on the README's first screen: every row of the paper's tables, from `summary.csv` of the studies.
///
/// A condition is shown with its best preset: `paper`, else `quick`. `smoke` only shows that a study runs. Rows that
/// miss the paper stay, and so do conditions that the paper's rows should be compared with.
struct ResultsTable: Sendable {
  struct Row: Sendable, Equatable {
    let group: String
    let condition: String
    let label: String
    let measure: Measure
    let paper: Double?
    /// Over the seeds that did not diverge, %; nil when there are none.
    let mean: Interval?
    let sampled: Double?
    let diverged: Int
    let study: String
    let preset: Preset

    var seeds: Int { mean?.count ?? 0 }
    /// The mean, and how many seeds diverged.
    var result: String {
      (mean?.formatted() ?? "–") + (diverged > 0 ? " (\(diverged) diverged)" : "")
    }
  }

  let rows: [Row]

  // paper: tables 1a, 1b, 2; section 4.2
  private static let studies = ["centered", "translated", "cluttered", "catch"]

  /// - Throws: `FileError` when the folder has no results, when a table is older than its records, or at the first file
  ///   that no study could have written.
  init(results folder: String) throws {
    rows = try Self.studies.flatMap { study in
      let presets = try [Preset.paper, .quick].map {
        try Self.rows(in: "\(folder)/\(study)/\($0.rawValue)", study, $0)
      }
      // Rows that the better preset lacks are taken from the other one, in the study's order.
      var merged = presets[0]
      func place(_ row: Row) -> Int? { merged.firstIndex { $0.condition == row.condition } }
      for (index, row) in presets[1].enumerated() where place(row) == nil {
        merged.insert(row, at: (presets[1][..<index].compactMap(place).last ?? -1) + 1)
      }
      return merged
    }
    guard !rows.isEmpty else {
      throw FileError(
        path: folder, reason: "holds no results of the studies \(Self.studies.joined(separator: ", "))",
        cure: "name the folder that they wrote with --results, or run them first")
    }
  }

  /// None where the study has not been run.
  private static func rows(in folder: String, _ study: String, _ preset: Preset) throws -> [Row] {
    let recorded = ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/runs")) ?? []).filter {
      $0.hasSuffix(".json")
    }
    let path = folder + "/summary.csv"
    guard !recorded.isEmpty || FileManager.default.fileExists(atPath: path) else { return [] }
    let rows = try CSVTable(reading: path).rows.map { row in
      let (measure, seeds) = (try row.text("measure"), try row.count("seeds"))
      return Row(
        group: try row.text("group")
          + (measure == Measure.error.word ? "" : ": balls \(measure) (rules partly ours)"),
        condition: try row.text("condition"), label: try row.text("label"),
        measure: measure == Measure.error.word ? .error : .caught, paper: try row.number("paper_percent"),
        mean: try row.number("mean_percent").map {
          Interval(mean: $0, halfWidth: try row.number("half_width_percent"), count: seeds)
        },
        sampled: try row.number("sampled_percent"), diverged: try row.count("diverged"), study: study,
        preset: preset)
    }
    guard rows.reduce(0, { $0 + $1.seeds + $1.diverged }) == recorded.count else {
      throw FileError(
        path: path, reason: "is not made of the \(recorded.count) records in \(folder)/runs",
        cure:
          "run 'swift run study-\(study) --preset \(preset.rawValue) --figures-only', and remove records of conditions "
          + "that the study no longer has")
    }
    return rows
  }

  var markdown: String {
    var table = TextTable(
      header: ["task", "model", "paper, %", "ours, %", "sampled, %", "seeds", "study"],
      alignments: [.left, .left, .right, .right, .right, .right, .left])
    for (index, row) in rows.enumerated() {
      let isFirst = index == 0 || rows[index - 1].group != row.group
      table.append([
        isFirst ? row.group : "", row.label, row.paper?.fixed(2) ?? "–",
        row.result, row.sampled?.fixed(2) ?? "–", String(row.seeds),
        "`study-\(row.study)`, [\(row.preset.rawValue)](Results/\(row.study)/\(row.preset.rawValue)/report.md)",
      ])
    }
    return table.markdown
  }
}
