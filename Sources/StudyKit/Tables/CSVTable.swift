import Foundation
import Learning

/// A table that was read from a file, addressed by the names of its columns.
///
/// The reader is strict: it refuses anything that this package would not have written, with the file and the line.
public struct CSVTable: Equatable, Sendable {
  public let header: [String]
  public let rows: [Row]

  public struct Row: Equatable, Sendable {
    let path: String
    let line: Int
    let header: [String]
    let cells: [String]

    public func text(_ column: String) throws -> String {
      guard let index = header.firstIndex(of: column) else {
        throw CSVError(path: path, line: 1, problem: "there is no column '\(column)'")
      }
      return cells[index]
    }

    /// Nil for an empty cell, which means that it was not measured.
    public func number(_ column: String) throws -> Double? {
      let cell = try text(column)
      if cell.isEmpty { return nil }
      guard let value = CSV.number(cell) else {
        throw CSVError(path: path, line: line, problem: "'\(cell)' in '\(column)' is not a number")
      }
      return value
    }

    /// A whole number; 0 for an empty cell.
    package func count(_ column: String) throws -> Int {
      guard let value = try number(column) else { return 0 }
      guard let count = Int(exactly: value) else {
        throw CSVError(path: path, line: line, problem: "\(value) in '\(column)' is not a count")
      }
      return count
    }
  }

  /// The rows grouped by the words in a column, in the order of each group's first row.
  public func groups(by column: String) throws -> [(name: String, rows: [Row])] {
    try rows.grouped { try $0.text(column) }.map { ($0.key, $0.elements) }
  }

  public init(reading path: String) throws {
    let data = try Data(ofFile: path, cure: "check that it is there, or run the study again to write it")
    try self.init(parsing: String(decoding: data, as: UTF8.self), of: path)
  }

  /// - Parameter path: names the table in errors.
  public init(parsing text: String, of path: String) throws {
    // Split by bytes, because Swift treats a carriage return and a line feed as one character.
    var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(Substring($0)) }
    let last = lines.count
    guard lines.removeLast().isEmpty, !lines.isEmpty else {
      throw CSVError(
        path: path, line: last,
        problem: "the last line has no end, so the file may be cut off; run the study again to write it")
    }
    let header = lines[0].components(separatedBy: ",")
    guard header.allSatisfy(CSV.isName), Set(header).count == header.count else {
      throw CSVError(
        path: path, line: 1, problem: "'\(lines[0])' are not distinct names of columns in snake_case")
    }
    self.header = header
    rows = try lines.enumerated().dropFirst().map { index, line in
      func error(_ problem: String) -> CSVError { CSVError(path: path, line: index + 1, problem: problem) }
      guard !line.utf8.contains(13) else { throw error("the line contains a carriage return") }
      guard let cells = CSV.cells(of: line) else {
        throw error("a quotation mark is not closed, or is in the middle of a cell")
      }
      guard cells.count == header.count else {
        throw error("\(cells.count) cells where the header has \(header.count) columns")
      }
      return Row(path: path, line: index + 1, header: header, cells: cells)
    }
  }
}

/// What is wrong with a table, and in which line of which file.
public struct CSVError: Error, CustomStringConvertible, LocalizedError, Equatable {
  public let path: String
  /// Counted from 1; the header is line 1.
  public let line: Int
  public let problem: String

  public var description: String { "\(path):\(line): \(problem)." }
  public var errorDescription: String? { description }
}

/// How cells are written and read.
enum CSV {
  /// Whether a table or a column can have this name.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_".utf8.contains($0) }
  }

  static func quotedIfNeeded(_ cell: String) -> String {
    // By bytes, as in reading: a quotation mark followed by a combining accent is a different character.
    let bytes = cell.utf8
    guard bytes.contains(where: { $0 == comma || $0 == quote }) || bytes.first == 32 || bytes.last == 32
    else { return cell }
    let doubled = bytes.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
  }

  /// The cells of one line; a quoted cell doubles the quotation marks in it. Nil when the quoting is broken.
  static func cells(of line: String) -> [String]? {
    var cells: [String] = []
    var cell: [UInt8] = []
    var bytes = line.utf8.makeIterator()
    var next = bytes.next()
    while true {
      if next == quote {
        while true {
          next = bytes.next()
          guard let byte = next else { return nil }
          if byte == quote {
            next = bytes.next()
            guard next == quote else { break }
          }
          cell.append(next ?? 0)
        }
        guard next == nil || next == comma else { return nil }
      } else {
        while let byte = next, byte != comma {
          guard byte != quote else { return nil }
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

  /// A number in one of the forms we write: no padding, no sign but minus, no "nan", no hexadecimal, digits on both
  /// sides of a point.
  static func number(_ cell: String) -> Double? {
    guard cell.utf8.allSatisfy({ "0123456789.-+eE".utf8.contains($0) }), !cell.hasPrefix("+") else {
      return nil
    }
    let halves = cell.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count < 2 || (halves[0].last?.isNumber == true && halves[1].first?.isNumber == true),
      let value = Double(cell), value.isFinite
    else { return nil }
    return value
  }

  private static let (comma, quote) = (UInt8(ascii: ","), UInt8(ascii: "\""))
}
