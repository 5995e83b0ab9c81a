import Foundation
import Learning

/// A part of a page that a program writes, between two comments that are invisible on the page.
struct GeneratedPart: Sendable {
  let begin: String
  let end: String

  init(_ name: String) {
    begin = "<!-- \(name):begin -->\n"
    end = "<!-- \(name):end -->"
  }

  /// `page` with the part replaced.
  ///
  /// - Throws: `FileError` when the page does not have both comments, once and in order.
  func replaced(in page: String, of path: String, with part: String) throws -> String {
    let before = page.components(separatedBy: begin)
    let after = before.count == 2 ? before[1].components(separatedBy: end) : []
    guard after.count == 2 else {
      throw FileError(
        path: path, reason: "the place of a generated part is not marked",
        cure: "write '\(begin.dropLast())' and '\(end)' around it, each once and on its own line")
    }
    return before[0] + begin + part + end + after[1]
  }
}
