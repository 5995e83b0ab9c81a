import Foundation
import Testing

/// The folder of README.md.
let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized.path

/// A page in Markdown, by its path in the package.
struct Page: CustomTestStringConvertible {
  let path: String
  let text: String

  var testDescription: String { path }
  var folder: String { (path as NSString).deletingLastPathComponent }

  init(_ path: String) throws {
    self.path = path
    text = try String(contentsOfFile: "\(package)/\(path)", encoding: .utf8)
  }

  /// What is read as documentation: everything but the results' reports, which are generated.
  static var all: [Page] {
    get throws {
      let folders = ["", "Benchmarks", "Documentation", "Sources", "Studies"]
      let files = FileManager.default
      return try folders.flatMap { folder -> [String] in
        let names =
          folder.isEmpty
          ? try files.contentsOfDirectory(atPath: package)
          : files.enumerator(atPath: "\(package)/\(folder)")?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".md") }.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
      }.sorted().map(Page.init)
    }
  }

  /// A path that the page names, seen from the package's folder.
  func resolved(_ relative: String) -> String {
    URL(fileURLWithPath: "\(package)/\(folder)/\(relative)").standardized.path
  }

  /// GitHub's anchors of the headings.
  var anchors: Set<String> {
    Set(
      text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        String(
          line.drop { $0 == "#" || $0 == " " }.lowercased()
            .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
            .map { $0 == " " ? "-" : $0 })
      })
  }

  /// The targets of links and pictures outside of code, and the titles of links.
  var links: [(target: Substring, title: Substring?)] {
    var isCode = false
    return text.split(separator: "\n").flatMap { line -> [(target: Substring, title: Substring?)] in
      if line.hasPrefix("```") { isCode.toggle() }
      return isCode
        ? [] : line.matches(of: /\]\(([^)\s]+)(?: "([^"]*)")?\)/).map { ($0.output.1, $0.output.2) }
    }
  }

  /// Why a link such as `Agent.swift#L66-L80 "public func run"` does not lead to lines of which the first has the text in
  /// its title; nil where it does.
  static func fault(ofLines anchor: Substring, title: Substring?, in text: String) -> String? {
    guard let range = anchor.wholeMatch(of: /L(\d+)(?:-L(\d+))?/)?.output, let first = Int(range.1),
      let last = Int(range.2 ?? range.1)
    else { return "is no range of lines" }
    guard let title, !title.isEmpty else { return "has no title with a text of its first line" }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard 1 <= first, first <= last, last <= lines.count else { return "has \(lines.count) lines" }
    guard !lines[first - 1].contains(title) else { return nil }
    let now = lines.indices.filter { lines[$0].contains(title) }.map { String($0 + 1) }
    return "'\(title)' is now on line \(now.isEmpty ? "none" : now.joined(separator: ", "))"
  }

  /// Code that is quoted from a file: the file's path as the page names it, and the lines.
  var quotations: [(source: String, lines: [Substring])] {
    text.matches(of: /<!-- quoted from (\S+) -->\n```swift\n((?:.*\n)*?)```/).map {
      (String($0.output.1), $0.output.2.split(separator: "\n"))
    }
  }
}
