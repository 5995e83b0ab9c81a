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
    guard names.contains("runs.csv") else {
      throw FileError(
        path: folder + "/runs.csv", reason: "is not there, so there is nothing to draw from",
        cure: "run the study without --figures-only first")
    }
    for name in names where name.hasSuffix(".csv") {
      let path = folder + "/" + name
      if let columns = Self.columns(of: name) {
        _ = try CSVTable(reading: path, expecting: columns)
      } else {
        try checkShape(of: path)
      }
    }
  }

  /// A study's own table: as many cells in every row as the header has columns; which of them are words only
  /// it knows.
  private func checkShape(of path: String) throws {
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    let header = text.prefix { $0 != "\n" }.split(separator: ",", omittingEmptySubsequences: false).map(
      String.init)
    guard CSVTable.isHeader(header) else {
      throw CSVError(path: path, line: 1, problem: "this is no header of different snake_case names")
    }
    _ = try CSVTable(parsing: text, of: path, expecting: header, text: Set(header))
  }

  /// The columns of a table that every study writes: `scenes.csv`, or `scenes-cluttered.csv` for a part of
  /// it.
  private static func columns(of name: String) -> [String]? {
    switch name.prefix(while: { $0 != "." && $0 != "-" }) {
    case "runs": runColumns
    case "curves": curveColumns
    case "timing": timingColumns
    case "scenes": sceneColumns
    case "glimpses": glimpseColumns
    case "crops": cropColumns
    default: nil
    }
  }
}
