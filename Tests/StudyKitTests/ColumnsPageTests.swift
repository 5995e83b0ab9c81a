import Foundation
import Testing

@testable import StudyKit

/// The committed page and tables; the package's folder is two above this file's.
private let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized.path

/// A column as the page has it.
private struct Described {
  let range: ClosedRange<Double>
  let isText: Bool
  let mayBeEmpty: Bool

  /// - Parameter cells: column, what it is, unit, range, empty.
  init(_ cells: [String]) {
    isText = cells[2] == "text"
    mayBeEmpty = cells[4] != "never"
    let bounds = cells[3].split(separator: " ").compactMap { Double($0) }
    let least = cells[3].hasSuffix("or less") ? nil : bounds.first
    let most = cells[3].hasSuffix("or more") ? nil : bounds.last
    range = (least ?? -.infinity)...(most ?? .infinity)
  }
}

@Suite("Documentation/columns.md")
struct ColumnsPageTests {
  /// By table, then by column; tables of one name that differ in kind count as one.
  private func described() throws -> [String: [String: [Described]]] {
    let page = try String(contentsOfFile: package + "/Documentation/columns.md", encoding: .utf8)
    var tables: [String: [String: [Described]]] = [:]
    for section in page.components(separatedBy: "\n## ").dropFirst() {
      let table = String(section.prefix { $0 != "." })
      for line in section.split(separator: "\n") where line.hasPrefix("| `") {
        let cells = line.dropFirst(2).components(separatedBy: " | ").map {
          $0.trimmingCharacters(in: .whitespaces)
        }
        tables[table, default: [:]][cells[0].trimmingCharacters(in: ["`"]), default: []].append(
          Described(cells))
      }
    }
    return tables
  }

  @Test("describes every column of every committed table, and no cell breaks what it says")
  func committedTables() throws {
    let tables = try described()
    #expect(tables.count > 10)
    let files =
      FileManager.default.enumerator(atPath: package + "/Results")?.compactMap { $0 as? String } ?? []
    var cells = 0
    for file in files
    where file.hasSuffix(".csv") && !file.contains("/smoke/") && !file.contains("/selected/") {
      let name = String(((file as NSString).lastPathComponent).prefix { $0 != "." && $0 != "-" })
      let table = try CSVTable(reading: "\(package)/Results/\(file)")
      for (position, column) in table.header.enumerated() {
        let kinds = tables[name]?[column] ?? []
        #expect(!kinds.isEmpty, "\(file): '\(column)' is not described")
        let wrong = table.rows.first { row in
          cells += 1
          let text = row.cells[position]
          return !kinds.contains { kind in
            if text.isEmpty { return kind.mayBeEmpty }
            return kind.isText || CSV.number(text).map(kind.range.contains) == true
          }
        }
        #expect(wrong == nil, "\(file):\(wrong?.line ?? 0): '\(column)' breaks its description")
      }
    }
    #expect(cells > 10_000)
  }
}
