import Foundation
import Learning
import StudyKit

/// The parts of the documentation that are made from the tables of the studies.
struct GeneratedPages {
  let results: String

  /// Writes them, or with `isCheck` fails at the first that is out of date.
  ///
  /// - Throws: `FileError`, also if a study's tables are not made of its records.
  func update(isCheck: Bool) throws {
    let table = try ResultsTable(results: results)
    try replace("results", of: "README.md", with: table.markdown, isCheck: isCheck)
    try replace(
      "claims", of: "Documentation/reproduction.md", with: ClaimsTable(results: table).markdown,
      isCheck: isCheck)
    try replace("columns", of: "Documentation/columns.md", with: ColumnsPage().markdown, isCheck: isCheck)
  }

  private func replace(_ part: String, of path: String, with text: String, isCheck: Bool) throws {
    let data = try Data(ofFile: path, otherwise: "is not here", cure: "run this from the folder of README.md")
    let page = String(decoding: data, as: UTF8.self)
    let made = try Self.replaced(part, in: page, of: path, with: text)
    if made == page { return }
    if isCheck {
      throw FileError(
        path: path, reason: "its part '\(part)' is out of date",
        cure: "run 'swift run reproduce --table' and commit the change")
    }
    try AtomicFile.write(made, to: path)
    print("\(path): the part '\(part)' was written.")
  }

  /// `page` with a part replaced, between two comments that are invisible on the page.
  ///
  /// - Throws: `FileError` when the page does not have both comments, once and in order.
  static func replaced(_ part: String, in page: String, of path: String, with text: String) throws -> String {
    let (begin, end) = ("<!-- \(part):begin -->\n", "<!-- \(part):end -->")
    let before = page.components(separatedBy: begin)
    let after = before.count == 2 ? before[1].components(separatedBy: end) : []
    guard after.count == 2 else {
      throw FileError(
        path: path, reason: "the place of a generated part is not marked",
        cure: "write '\(begin.dropLast())' and '\(end)' around it, each once and on its own line")
    }
    return before[0] + begin + text + end + after[1]
  }
}
