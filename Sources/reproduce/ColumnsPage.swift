import Foundation
import StudyKit

/// The meaning of every column of every table, collected from the programs that write the tables. Each description is
/// given once.
struct ColumnsPage {
  /// A table of one name and description, whichever programs write it.
  private struct Section {
    let heading: String
    let about: String
    var programs: [String]
    /// Each with the programs whose table has it.
    var rows: [(cells: [String], programs: [String])]
  }

  private var sections: [Section] = []
  private var header: [String] = []

  init() throws {
    // The last two are no studies, but they write tables too.
    for program in try BuiltStudy.all() + ["look", "benchmark"].map(BuiltStudy.init(built:)) {
      let page = try program.output(of: ["--columns"], failing: "did not describe its tables")
      for text in page.components(separatedBy: "## ").dropFirst() { add(text, of: program.name) }
    }
  }

  private mutating func add(_ text: String, of program: String) {
    let lines = text.split(separator: "\n").map(String.init)
    let table = lines.filter { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().components(separatedBy: " | ").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    guard lines.count > 3, table.count > 2 else { return }
    header = table[0]
    let rows = table.dropFirst(2)
    guard let index = sections.firstIndex(where: { $0.heading == lines[0] && $0.about == lines[1] }) else {
      sections.append(
        Section(heading: lines[0], about: lines[1], programs: [program], rows: rows.map { ($0, [program]) }))
      return
    }
    sections[index].programs.append(program)
    var place = 0
    for cells in rows {
      if let same = sections[index].rows.firstIndex(where: { $0.cells == cells }) {
        sections[index].rows[same].programs.append(program)
        place = same + 1
      } else {
        sections[index].rows.insert((cells, [program]), at: place)
        place += 1
      }
    }
  }

  /// The tables that most programs write come first.
  var markdown: String {
    sections.enumerated().sorted {
      ($1.element.programs.count, $0.offset) < ($0.element.programs.count, $1.offset)
    }
    .map { "\n" + page($0.element) }.joined() + "\n"
  }

  private func page(_ section: Section) -> String {
    let differs = section.rows.contains { $0.programs.count < section.programs.count }
    let columns = header + (differs ? ["where"] : [])
    var table = TextTable(header: columns, alignments: columns.map { _ in .left })
    for row in section.rows {
      table.append(row.cells + (differs ? [place(of: row.programs, among: section.programs)] : []))
    }
    return
      "## \(section.heading)\n\n\(section.about) Written by \(names(section.programs)).\n\n\(table.markdown)"
  }

  /// "only `study-catch`", or "not `study-catch`", whichever is shorter.
  private func place(of programs: [String], among all: [String]) -> String {
    let others = all.filter { !programs.contains($0) }
    if others.isEmpty { return "all" }
    return others.count < programs.count ? "not \(names(others))" : "only \(names(programs))"
  }

  private func names(_ programs: [String]) -> String { spokenList(programs.map { "`\($0)`" }) }
}
