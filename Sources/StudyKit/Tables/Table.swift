import Foundation
import Learning

/// One kind of table: what a row is, and its columns. The same definition writes the file and describes it.
///
/// Long format, as gnuplot, pandas and R read it without being told how: one observation a row, one number a cell, a
/// snake_case header, no comments.
public struct Table<Row>: Sendable {
  /// "runs", written as `runs.csv`.
  public let name: String
  /// What one row is.
  public let about: String
  public let columns: [Column<Row>]

  public init(_ name: String, _ about: String, _ columns: [Column<Row>]) {
    self.name = name
    self.about = about
    self.columns = columns
  }

  public func write(_ rows: [Row], to path: String) throws {
    try AtomicFile.write(text(of: rows, reportedAs: path), to: path)
  }

  /// - Parameter path: names the table in errors.
  public func text(of rows: [Row], reportedAs path: String = "table") throws -> String {
    var text = columns.map(\.name).joined(separator: ",") + "\n"
    for (index, row) in rows.enumerated() {
      for (position, column) in columns.enumerated() {
        if position > 0 { text += "," }
        do {
          text += try CSV.quotedIfNeeded(column.cell(row))
        } catch let error as CellError {
          throw CSVError(path: path, line: index + 2, problem: "'\(column.name)' is \(error.problem)")
        }
      }
      text += "\n"
    }
    return text
  }

  /// The description for readers: what a row is, then column by column.
  public var markdown: String {
    var table = TextTable(header: ["column", "what it is"], alignments: [.left, .left])
    for column in columns { table.append(["`\(column.name)`", column.about]) }
    return "`\(name).csv`: \(about)\n\n\(table.markdown)"
  }
}

/// One column of a table: what stands in it for a row, and a sentence on what that means.
public struct Column<Row>: Sendable {
  public let name: String
  /// In one sentence: what it is, its unit, its range, and when it is empty.
  public let about: String
  let cell: @Sendable (Row) throws -> String

  private init(_ name: String, _ about: String, _ cell: @escaping @Sendable (Row) throws -> String) {
    precondition(CSV.isColumnName(name), "a column has a name in snake_case, not '\(name)'")
    self.name = name
    self.about = about
    self.cell = cell
  }

  /// A word or a few.
  public static func text(_ name: String, _ about: String, _ value: @escaping @Sendable (Row) -> String)
    -> Column
  {
    Column(name, about) { row in
      let text = value(row)
      if text.utf8.contains(where: { $0 == 10 || $0 == 13 }) {
        throw CellError(problem: "text with a line break")
      }
      return text
    }
  }

  /// A whole number; nil where there is none.
  public static func count(_ name: String, _ about: String, _ value: @escaping @Sendable (Row) -> Int?)
    -> Column
  {
    Column(name, about) { row in value(row).map(String.init) ?? "" }
  }

  /// A number with so many digits after the point, or with the fewest that give it back; nil where it was not measured.
  public static func number(
    _ name: String, _ about: String, places: Int? = nil, _ value: @escaping @Sendable (Row) -> Double?
  ) -> Column {
    Column(name, about) { row in
      guard let number = value(row) else { return "" }
      guard number.isFinite else { throw CellError(problem: "\(number); leave empty what was not measured") }
      return places.map { number.fixed($0) } ?? number.description
    }
  }
}

/// Why a cell must not be written.
struct CellError: Error {
  let problem: String
}

extension Double {
  /// With so many digits after a point, whatever the locale; never "-0.00".
  public func fixed(_ places: Int) -> String {
    let text = String(format: "%.\(places)f", self)
    let isZero = !text.contains { $0 != "-" && $0 != "0" && $0 != "." }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }
}
