// Long-format tables of numbers, as gnuplot, pandas and R read them without being told how.

import Foundation
import Training

/// One cell: a word, a number, or nothing because it was not measured.
public enum CSVValue: Equatable, Sendable {
  case text(String)
  case integer(Int)
  /// A fixed count of digits after the point, for columns that people compare by eye.
  case decimal(Double, places: Int)
  /// The fewest digits that give the same `Double` when read back.
  case number(Double)
  case notMeasured

  /// A measurement that may be missing.
  public init(_ value: Double?, places: Int) {
    self = value.map { .decimal($0, places: places) } ?? .notMeasured
  }

  /// The value of a number cell, nil for words and empty cells.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .decimal(let value, _), .number(let value): value
    case .text, .notMeasured: nil
    }
  }

  /// The cell as it stands in the file, before any quoting, or why it must not be written.
  func rendered() throws(CSVCellError) -> String {
    switch self {
    case .text(let text):
      guard !text.utf8.contains(where: { $0 == 10 || $0 == 13 }) else { throw .newline }
      return text
    case .integer(let value): return String(value)
    case .decimal(let value, let places):
      guard value.isFinite else { throw .notFinite(value) }
      return Self.fixed(value, places: places)
    case .number(let value):
      guard value.isFinite else { throw .notFinite(value) }
      return value.description
    case .notMeasured: return ""
    }
  }

  /// `value` with `places` digits after a point, whatever the locale; never "-0.00".
  static func fixed(_ value: Double, places: Int) -> String {
    let text = String(format: "%.\(places)f", value)
    let isZero = !text.contains { $0 != "-" && $0 != "0" && $0 != "." }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// Reads a number in one of the forms we write: no padding, no sign but minus, no "nan", no hexadecimal.
  init?(parsing cell: String) {
    guard !cell.isEmpty else {
      self = .notMeasured
      return
    }
    guard cell.utf8.allSatisfy({ "0123456789.-+eE".utf8.contains($0) }), !cell.hasPrefix("+") else {
      return nil
    }
    // Digits on both sides of a point, as we write them.
    let halves = cell.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count < 2 || (halves[0].last?.isNumber == true && halves[1].first?.isNumber == true) else {
      return nil
    }
    if let value = Int(cell) {
      self = .integer(value)
    } else if let value = Double(cell), value.isFinite {
      // The digits after the point are kept, so that a table read and written again has the same bytes.
      let places = cell.firstIndex(of: ".").map { cell[$0...].utf8.count - 1 } ?? 0
      self =
        value.description == cell || cell.contains { $0 == "e" || $0 == "E" }
        ? .number(value) : .decimal(value, places: places)
    } else {
      return nil
    }
  }
}

enum CSVCellError: Error, Equatable {
  case newline
  case notFinite(Double)
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

/// A table in long format: one observation a row, one number a cell, a snake_case header, no comments.
///
/// Writing and reading are both strict: what a figure or a report reads later was checked when it was
/// written.
public struct CSVTable: Equatable, Sendable {
  public let header: [String]
  public var rows: [[CSVValue]] = []

  public init(header: [String]) {
    precondition(Self.isHeader(header), "columns are named once each, in snake_case, not \(header)")
    self.header = header
  }

  static func isHeader(_ names: [String]) -> Bool {
    !names.isEmpty && Set(names).count == names.count
      && names.allSatisfy { name in
        !name.isEmpty && name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_".utf8.contains($0) }
      }
  }

  /// The cell of that row in the column of that name.
  public subscript(row row: Int, name: String) -> CSVValue {
    guard let column = header.firstIndex(of: name) else {
      preconditionFailure("no column '\(name)' among \(header)")
    }
    return rows[row][column]
  }

  // MARK: - Writing

  public func write(to path: String) throws {
    try AtomicFile.write(text(reportedAs: path), to: path)
  }

  /// The file's text. `path` only names the table in errors.
  public func text(reportedAs path: String = "table") throws -> String {
    var text = header.joined(separator: ",") + "\n"
    for (index, row) in rows.enumerated() {
      func refuse(_ problem: String) -> CSVError { CSVError(path: path, line: index + 2, problem: problem) }
      guard row.count == header.count else {
        throw refuse("\(row.count) cells where the header has \(header.count) columns")
      }
      for (column, value) in row.enumerated() {
        if column > 0 { text += "," }
        do {
          text += Self.quotedIfNeeded(try value.rendered())
        } catch .newline {
          throw refuse("the text of '\(header[column])' has a line break; write it on one line")
        } catch .notFinite(let number) {
          throw refuse("'\(header[column])' is \(number); write an empty cell for what was not measured")
        }
      }
      text += "\n"
    }
    return text
  }

  private static func quotedIfNeeded(_ cell: String) -> String {
    // By bytes, as they are read: a quotation mark and an accent after it are one character of another name.
    let (comma, quote, space) = (UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: " "))
    let bytes = cell.utf8
    guard bytes.contains(where: { $0 == comma || $0 == quote }) || bytes.first == space || bytes.last == space
    else {
      return cell
    }
    let doubled = bytes.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
  }
}
