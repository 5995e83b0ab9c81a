import Numerics

/// Rows of words under a header, aligned for the terminal or as GitHub's markdown for a page.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case left, right }

  public let header: [String]
  public let alignments: [Alignment]
  public private(set) var rows: [[String]] = []

  /// Without alignments, the first column is aligned left and the others, being numbers, right.
  public init(header: [String], alignments: [Alignment]? = nil) {
    let alignments = alignments ?? header.indices.map { $0 == 0 ? .left : .right }
    require(alignments.count == header.count, "\(alignments.count) alignments, \(header.count) columns")
    self.header = header
    self.alignments = alignments
  }

  public mutating func append(_ row: [String]) {
    require(row.count == header.count, "\(row.count) cells for \(header.count) columns")
    rows.append(row)
  }

  /// Columns two spaces apart under a rule; no line ends in spaces.
  public var terminal: String {
    let widths = widths(of: [header] + rows)
    return ([header, widths.map { String(repeating: "-", count: $0) }] + rows).map { row in
      String(padded(row, to: widths).joined(separator: "  ").reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }

  /// A GitHub table. A bar within a cell is escaped, or it would start a new one.
  public var markdown: String {
    let cells = ([header] + rows).map { row in
      row.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
    }
    let widths = widths(of: cells).map { max(3, $0) }
    let rule = zip(widths, alignments).map {
      String(repeating: "-", count: $0 - 1) + ($1 == .right ? ":" : "-")
    }
    return ([padded(cells[0], to: widths), rule] + cells.dropFirst().map { padded($0, to: widths) })
      .map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  private func widths(of rows: [[String]]) -> [Int] {
    header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  }

  private func padded(_ row: [String], to widths: [Int]) -> [String] {
    row.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - row[column].count)
      return alignments[column] == .left ? row[column] + space : space + row[column]
    }
  }
}
