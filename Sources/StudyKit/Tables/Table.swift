import Foundation
import Learning

/// One kind of table: what a row is, and its columns. The same definition writes the file and describes it
/// (`Documentation/columns.md`).
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
  /// - Throws: `DefinitionError` for names that no table can have, `CSVError` for a cell that breaks what its column
  ///   promises.
  public func text(of rows: [Row], reportedAs path: String = "table") throws -> String {
    try description.check()
    var text = columns.map(\.name).joined(separator: ",") + "\n"
    var line = 1
    for row in rows {
      line += 1
      // Not enumerated(): in generic code its tuples are slow, and tables of pixels have 100,000 rows.
      for position in columns.indices {
        if position > 0 { text += "," }
        do {
          text += try CSV.quotedIfNeeded(columns[position].cell(row))
        } catch let error as CellError {
          throw CSVError(path: path, line: line, problem: "'\(columns[position].name)' is \(error.problem)")
        }
      }
      text += "\n"
    }
    return text
  }

  /// The description for readers.
  public var description: TableDescription {
    TableDescription(name: name, about: about, columns: columns.map(\.description))
  }
}

/// One column of a table: what stands in it for a row, and what that means.
///
/// A cell that breaks what its column promises, by its range or by being empty, is not written.
public struct Column<Row>: Sendable {
  public var name: String { description.name }
  let description: ColumnDescription
  let cell: @Sendable (Row) throws -> String

  private init(_ description: ColumnDescription, _ cell: @escaping @Sendable (Row) throws -> String) {
    self.description = description
    self.cell = cell
  }

  /// A word or a few; never empty.
  ///
  /// - Parameter about: what it is, in one sentence.
  public static func text(
    _ name: String, _ about: String, _ value: @escaping @Sendable (Row) -> String
  ) -> Column {
    let description = ColumnDescription(name: name, about: about, quantity: nil, empty: nil)
    return Column(description) { row in
      let text = value(row)
      if text.utf8.contains(where: { $0 == 10 || $0 == 13 }) {
        throw CellError(problem: "text with a line break")
      }
      if text.isEmpty { try description.checkMayBeEmpty() }
      return text
    }
  }

  /// A whole number; nil where there is none.
  ///
  /// - Parameter empty: where there is none: "without a paper's number"; nil when there is always one.
  public static func count(
    _ name: String, _ about: String, in quantity: Quantity = .positive, empty: String? = nil,
    _ value: @escaping @Sendable (Row) -> Int?
  ) -> Column {
    let description = ColumnDescription(name: name, about: about, quantity: quantity, empty: empty)
    return Column(description) { row in
      try description.check(value(row).map(Double.init))
      return value(row).map(String.init) ?? ""
    }
  }

  /// A number with this many digits after the point, or with the fewest that give it back; nil where it was not measured.
  public static func number(
    _ name: String, _ about: String, in quantity: Quantity = .any, empty: String? = nil, places: Int? = nil,
    _ value: @escaping @Sendable (Row) -> Double?
  ) -> Column {
    let description = ColumnDescription(name: name, about: about, quantity: quantity, empty: empty)
    return Column(description) { row in
      let value = value(row)
      try description.check(value)
      return value.map { number in places.map { number.fixed($0) } ?? number.description } ?? ""
    }
  }
}

extension Table {
  /// Two columns: a mean over seeds, and half of its interval. `error_percent` goes with `error_half_width`, unless the
  /// second has a name of its own.
  ///
  /// - Parameters:
  ///   - about: what the mean is of.
  ///   - half: the quantity of half an interval.
  public static func overSeeds(
    _ name: String, _ about: String, in quantity: Quantity = .percent, half: Quantity = .percentagePoints,
    halfWidth: String? = nil, empty: String? = nil, places: Int = Interval.tablePlaces,
    _ value: @escaping @Sendable (Row) -> Interval?
  ) -> [Column<Row>] {
    [
      .number(name, "\(about), mean over seeds.", in: quantity, empty: empty, places: places) {
        value($0)?.mean
      },
      .number(
        halfWidth ?? name.replacing("_percent", with: "") + "_half_width",
        "Half the 95 % interval of that mean over seeds (Student's t).", in: half, empty: "below two seeds",
        places: places
      ) { value($0)?.halfWidth },
    ]
  }
}

/// Why a cell must not be written.
struct CellError: Error {
  let problem: String
}

extension Double {
  /// With this many digits after the point, whatever the locale; never "-0.00".
  public func fixed(_ places: Int) -> String {
    let text = String(format: "%.\(places)f", self)
    let isZero = !text.contains { $0 != "-" && $0 != "0" && $0 != "." }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }
}
