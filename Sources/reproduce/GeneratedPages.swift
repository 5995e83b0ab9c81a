import Foundation
import Learning
import StudyKit

/// The parts of the documentation that are made from the tables of the studies.
struct GeneratedPages {
  let results: String

  /// Writes them, or with `isCheck` fails at the first that is out of date.
  ///
  /// - Throws: `FileError`, also if a study's tables have fewer conditions than its records.
  func update(isCheck: Bool) throws {
    try checkRecords()
    let table = try ResultsTable(results: results)
    try replace("results", of: "README.md", with: table.markdown, isCheck: isCheck)
    try replace(
      "claims", of: "Documentation/reproduction.md", with: ClaimsTable(table).markdown, isCheck: isCheck)
    try replace("columns", of: "Documentation/columns.md", with: ColumnsPage().markdown, isCheck: isCheck)
  }

  private func replace(_ part: String, of path: String, with text: String, isCheck: Bool) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, reason: "is not here", cure: "run this from the folder of README.md")
    }
    let page = String(decoding: data, as: UTF8.self)
    let made = try GeneratedPart(part).replaced(in: page, of: path, with: text)
    if made == page { return }
    if isCheck {
      throw FileError(
        path: path, reason: "its part '\(part)' is out of date",
        cure: "run 'swift run reproduce --table' and commit the change")
    }
    try AtomicFile.write(made, to: path)
    print("\(path): the part '\(part)' was written.")
  }

  /// Every recorded condition must be in its study's tables, and there must be at least one.
  private func checkRecords() throws {
    var count = 0
    for study in Self.names(in: results) {
      for preset in [Preset.quick, .paper] {
        let folder = "\(results)/\(study)/\(preset.rawValue)"
        let summary = String(
          decoding: FileManager.default.contents(atPath: folder + "/summary.csv") ?? Data(), as: UTF8.self)
        let shown = Set(summary.split(separator: "\n").map { String($0.prefix { $0 != "," }) })
        for record in Self.names(in: folder + "/runs") where record.hasSuffix(".json") {
          let condition = record.components(separatedBy: "-seed").dropLast().joined(separator: "-seed")
          count += 1
          guard !shown.contains(condition) else { continue }
          throw FileError(
            path: folder + "/summary.csv", reason: "lacks '\(condition)', which is recorded",
            cure: "run 'swift run study-\(study) --preset \(preset.rawValue) --figures-only'")
        }
      }
    }
    guard count > 0 else {
      throw FileError(
        path: results, reason: "holds no records of preset quick or paper, so there is no table to make",
        cure: "name the folder that the studies wrote with --results")
    }
  }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
      .sorted()
  }
}
