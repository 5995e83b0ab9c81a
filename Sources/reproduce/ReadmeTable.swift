import Foundation
import Learning
import StudyKit

/// The table on the README's first screen, made from the tables of the studies.
struct ReadmeTable {
  let results: String
  private let path = "README.md"

  init(results: String) { self.results = results }

  /// Writes it, or fails when it is not what the results make it.
  ///
  /// - Throws: `FileError` also where a study's tables have fewer conditions than its records.
  func update(isCheck: Bool) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, reason: "is not here", cure: "run this from the folder that holds it")
    }
    try checkRecords()
    let page = String(decoding: data, as: UTF8.self)
    let made = try GeneratedPart("results").replaced(
      in: page, of: path, with: ResultsTable(results: results).markdown)
    if isCheck, made != page {
      throw FileError(
        path: path, reason: "its table is not what \(results)/ makes it",
        cure: "run 'swift run reproduce --table' and commit the change")
    } else if made != page {
      try AtomicFile.write(made, to: path)
      print("README.md: the table was written.")
    }
  }

  /// Every recorded condition must be in its study's tables, and there must be some.
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
