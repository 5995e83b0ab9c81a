// Figures drawn from tables that nobody has just written: these are read strictly first, since gnuplot would
// draw what it can of a broken one and say nothing.

import Foundation
import Training

extension Study {
  /// Reads every table in the results folder.
  ///
  /// - Throws: `CSVError` with file and line of the first mistake, `FileError` when the study has not been
  ///   run.
  func checkTables() throws {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    let tables = names.filter { $0.hasSuffix(".csv") }
    guard !tables.isEmpty else {
      throw FileError(
        path: folder, reason: "has no tables to draw from", cure: "run the study without --figures-only first"
      )
    }
    for name in tables { try check(name) }
    try TableChecksum.check(tables, in: folder)
  }

  private func check(_ name: String) throws {
    let path = folder + "/" + name
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    let header = text.prefix { $0 != "\n" }.split(separator: ",", omittingEmptySubsequences: false).map(
      String.init)
    let known = Self.headers[String(name.prefix { $0 != "." && $0 != "-" })] ?? []
    if let expected = known.first(where: { $0 == header }) ?? known.first {
      _ = try CSVTable(parsing: text, of: path, expecting: expected, text: ["condition", "network", "part"])
    } else if CSVTable.isHeader(header) {
      // A study's own table: as many cells in every row as the header has; which of them are words only it
      // knows.
      _ = try CSVTable(parsing: text, of: path, expecting: header, text: Set(header))
    } else {
      throw CSVError(path: path, line: 1, problem: "this is no header of different snake_case names")
    }
  }

  /// What a table of that name may begin with; `scenes-100.csv` is one of the scenes.
  private static let headers = [
    "runs": [runColumns, gameRunColumns], "curves": [curveColumns, gameCurveColumns],
    "timing": [timingColumns, gameTimingColumns, costTimingColumns], "scenes": [sceneColumns],
    "glimpses": [glimpseColumns], "crops": [cropColumns], "fixations": [fixationColumns],
    "frames": [frameColumns],
    "costs": [costColumns],
  ]
}
