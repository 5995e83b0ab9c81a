import Learning

/// What a table's columns are, for readers: made from the definition that writes the table.
public struct TableDescription: Sendable {
  public let name: String
  /// What one row is.
  public let about: String
  public let columns: [ColumnDescription]

  /// - Throws: `DefinitionError` for a name that no table or column can have.
  func check() throws {
    guard CSV.isName(name) else {
      throw DefinitionError(
        "a table's name", "'\(name)'", "it must be in snake_case", cure: "rename it")
    }
    for (index, column) in columns.enumerated()
    where !CSV.isName(column.name) || columns[..<index].contains(where: { $0.name == column.name }) {
      throw DefinitionError(
        "a column of the table '\(name)'", "'\(column.name)'", "names must be in snake_case, each only once",
        cure: "rename it")
    }
  }

  /// A section of a page.
  public var markdown: String {
    var table = TextTable(
      header: ["column", "what it is", "unit", "range", "empty"],
      alignments: Array(repeating: .left, count: 5))
    for column in columns {
      table.append([
        "`\(column.name)`", column.about, column.quantity.map { $0.unit ?? "–" } ?? "text",
        column.quantity?.rangeText ?? "–", column.empty ?? "never",
      ])
    }
    return "## \(name).csv\n\n\(about)\n\n\(table.markdown)"
  }
}

public struct ColumnDescription: Sendable {
  public let name: String
  public let about: String
  /// Nil for words.
  public let quantity: Quantity?
  /// Where its cells are empty; nil when none is.
  public let empty: String?

  /// - Throws: `CellError` when a number breaks what the column promises.
  func check(_ number: Double?) throws {
    guard let number else { return try checkMayBeEmpty() }
    guard number.isFinite else { throw CellError(problem: "\(number); leave empty what was not measured") }
    if let quantity, !quantity.range.contains(number) {
      throw CellError(problem: "\(number), and this column is \(quantity.rangeText)")
    }
  }

  func checkMayBeEmpty() throws {
    if empty == nil { throw CellError(problem: "empty, and this column never is") }
  }
}
