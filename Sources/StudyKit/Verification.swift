// One recorded run trained again, and its rows beside the recorded ones.

import Foundation
import Training

/// Rows of tables as they were recorded and as they come out now.
struct Verification {
  /// "runs.csv, line 3: test_error_percent is 5.130 where it was recorded as 5.120".
  private(set) var differences: [String] = []
  /// Rows compared, by table.
  private(set) var rows: [(table: String, count: Int)] = []

  /// - Parameters:
  ///   - recorded: the whole recorded table.
  ///   - key: the cells that the rows to compare begin with; all rows when empty.
  mutating func compare(_ table: String, recorded: CSVTable, with new: CSVTable, key: [CSVValue] = []) {
    let old = recorded.rows.indices.filter { Array(recorded.rows[$0].prefix(key.count)) == key }
    rows.append((table, new.rows.count))
    for (index, row) in zip(old, new.rows) {
      for (column, cells) in zip(recorded.header, zip(recorded.rows[index], row)) {
        let (was, now) = (Self.text(cells.0), Self.text(cells.1))
        guard was != now else { continue }
        differences.append(
          "\(table), line \(index + 2): \(column) is \(now) where it was recorded as \(was)")
      }
    }
    if old.count != new.rows.count {
      differences.append("\(table): \(new.rows.count) rows where \(old.count) were recorded")
    }
  }

  private static func text(_ value: CSVValue) -> String {
    let text = (try? value.rendered()) ?? "not a number"
    return text.isEmpty ? "empty" : text
  }

  /// "1 row of runs.csv and 2 rows of curves.csv"
  var compared: String {
    rows.map { "\($0.count) row\($0.count == 1 ? "" : "s") of \($0.table)" }.joined(separator: " and ")
  }
}

/// What was recorded did not come out again.
struct VerificationError: Error, CustomStringConvertible, LocalizedError {
  let description: String
  var errorDescription: String? { description }
}

extension Study {
  private static let shownDifferences = 10  // ours: more say no more

  /// Trains one recorded run again from its recorded configuration, in a folder of its own, and compares its
  /// rows.
  ///
  /// - Throws: `Finished` when they are the same, `VerificationError` when they are not.
  func verify(_ conditions: [Condition], _ recorded: RecordedStudy, tables: () -> RunTables) throws -> Never {
    try checkTables()
    let again = FileManager.default.temporaryDirectory.path + "/verify-\(name)-\(UUID().uuidString)"
    try AtomicFile.makeFolder(again)
    defer { try? FileManager.default.removeItem(atPath: again) }
    let run = try chosenRun(conditions, recorded, header: tables().runs.header, checkpoints: again)
    self.conditions = conditions
    runs = [run]
    print("Training \(run.name) again as recorded in \(folder): \(Int(run.work)) scenes.")
    try execute(runs)
    runs.removeAll { records[$0.name] == nil }
    let new = tables()
    var verification = Verification()
    for (table, rows) in [("runs.csv", new.runs), ("curves.csv", new.curves)] {
      let old = try CSVTable(reading: "\(folder)/\(table)", expecting: rows.header)
      verification.compare(
        table, recorded: old, with: rows, key: [.text(run.condition.name), .integer(Int(run.seed))])
    }
    try conclude(verification, of: run.name, recorded)
  }

  /// Says how it went and leaves.
  func conclude(_ verification: Verification, of subject: String, _ recorded: RecordedStudy) throws -> Never {
    let circumstances = recorded.origin(of: subject).differences(from: .current)
    for difference in verification.differences.prefix(Self.shownDifferences) { print(difference) }
    let rest = verification.differences.count - Self.shownDifferences
    if rest > 0 { print("and \(rest) more.") }
    for circumstance in circumstances { print("Differs from the recording: \(circumstance).") }
    guard verification.differences.isEmpty else {
      let why =
        circumstances.isEmpty
        ? "source, versions and processor are the recorded ones, so the tables were changed, or other source was built"
        : "what differs from the recording may be why: another processor or library gives other last digits"
      throw VerificationError(
        description: "NOT VERIFIED: \(subject) of \(folder) came out otherwise in "
          + "\(verification.differences.count) cells of \(verification.compared); \(why).")
    }
    print("VERIFIED: \(subject) of \(folder) came out the same, to the last digit: \(verification.compared).")
    throw Finished()
  }

  /// The cheapest of the recorded runs, or of those that `--only` names, as it was recorded.
  private func chosenRun(
    _ conditions: [Condition], _ recorded: RecordedStudy, header: [String], checkpoints: String
  ) throws -> Run {
    let provenance = recorded.folder + "/provenance.json"
    let finished = try CSVTable(reading: folder + "/runs.csv", expecting: header).names(in: "condition")
    let seed = recorded.provenance.seeds.min() ?? 1
    let names = try options.selected(from: conditions.map(\.name)).filter(finished.contains)
    let configurations = recorded.provenance.configurations.filter { names.contains($0.condition) }
    let runs = try configurations.compactMap { old -> Run? in
      guard let condition = conditions.first(where: { $0.name == old.condition }) else { return nil }
      guard condition.task.summary == old.task else {
        throw FileError(
          path: provenance,
          reason: "\(old.condition) was trained on \(old.task), and is on \(condition.task.summary) now",
          cure: "build the commit that stands in it")
      }
      guard old.data == checksums else {
        throw FileError(
          path: provenance, reason: "these results are of other digits than those read here",
          cure: "name the folder that holds them with --mnist")
      }
      return try Run(
        Condition(
          condition.name, on: condition.task, paper: condition.paperErrorPercent, old.network),
        seed: UInt64(seed), preset: old.training, data: checksums, folder: checkpoints)
    }
    guard let cheapest = runs.min(by: { $0.cost < $1.cost }) else {
      throw FileError(
        path: folder + "/runs.csv", reason: "has no finished run of the conditions asked for",
        cure: "choose with --only among " + finished.joined(separator: ", "))
    }
    return cheapest
  }
}
