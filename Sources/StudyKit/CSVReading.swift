// The strict reader of our own tables: anything unexpected stops, with the file and the line.

import Foundation
import Training

extension CSVTable {
  /// Reads a table that must have exactly this header. Cells are numbers or empty, but for the `text`
  /// columns.
  public init(reading path: String, expecting header: [String], text columns: Set<String> = ["condition"])
    throws
  {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(
        path: path, reason: "could not be read",
        cure: "check that it is there, or run the study again to write it")
    }
    try self.init(parsing: String(decoding: data, as: UTF8.self), of: path, expecting: header, text: columns)
  }

  /// The same for text that is already in memory; `path` only names it in errors.
  public init(parsing text: String, of path: String, expecting header: [String], text columns: Set<String>)
    throws
  {
    self.init(header: header)
    // Split by bytes: Swift takes a carriage return and a line feed for one character.
    var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(Substring($0)) }
    let last = lines.count
    guard lines.removeLast().isEmpty, !lines.isEmpty else {
      throw CSVError(
        path: path, line: last,
        problem: "the last line has no end, so the file may be cut off; run the study again to write it")
    }
    let expected = header.joined(separator: ",")
    guard lines[0] == expected else {
      throw CSVError(
        path: path, line: 1, problem: "the header is '\(lines[0])' where '\(expected)' was expected")
    }
    for (index, line) in lines.enumerated().dropFirst() {
      rows.append(
        try Self.row(line, CSVError.Place(path: path, line: index + 1), header: header, text: columns))
    }
  }

  private static func row(
    _ line: String, _ place: CSVError.Place, header: [String], text columns: Set<String>
  ) throws -> [CSVValue] {
    guard !line.utf8.contains(13) else { throw place.error("a carriage return stands in the line") }
    guard let cells = cells(of: line) else {
      throw place.error("a quotation mark is not closed or stands in a cell")
    }
    guard cells.count == header.count else {
      throw place.error("\(cells.count) cells where the header has \(header.count) columns")
    }
    return try zip(header, cells).map { name, cell in
      if columns.contains(name) { return .text(cell) }
      guard let value = CSVValue(parsing: cell) else {
        throw place.error("'\(cell)' in '\(name)' is not a number")
      }
      return value
    }
  }

  /// The cells of one line; a quoted cell doubles the quotation marks in it. Nil when the quoting is broken.
  static func cells(of line: String) -> [String]? {
    var cells: [String] = []
    var cell: [UInt8] = []
    var bytes = line.utf8.makeIterator()
    var next = bytes.next()
    while true {
      if next == UInt8(ascii: "\""), cell.isEmpty {
        while true {
          next = bytes.next()
          guard let byte = next else { return nil }
          if byte == UInt8(ascii: "\"") {
            next = bytes.next()
            guard next == UInt8(ascii: "\"") else { break }
          }
          cell.append(next ?? 0)
        }
        guard next == nil || next == UInt8(ascii: ",") else { return nil }
      } else {
        while let byte = next, byte != UInt8(ascii: ",") {
          guard byte != UInt8(ascii: "\"") else { return nil }
          cell.append(byte)
          next = bytes.next()
        }
      }
      cells.append(String(decoding: cell, as: UTF8.self))
      cell.removeAll()
      guard next != nil else { return cells }
      next = bytes.next()
    }
  }
}

extension CSVError {
  /// Where the reader stands.
  struct Place {
    let path: String
    let line: Int

    func error(_ problem: String) -> CSVError { CSVError(path: path, line: line, problem: problem) }
  }
}
