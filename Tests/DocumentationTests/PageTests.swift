import Foundation
import Testing

@Suite("Pages")
struct PageTests {
  @Test("every link leads to a file of the package, and every anchor to a heading", arguments: try Page.all)
  func links(page: Page) throws {
    for link in page.links where !link.contains("://") && !link.hasPrefix("doc:") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let path = parts[0].isEmpty ? "\(package)/\(page.path)" : page.resolved(String(parts[0]))
      #expect(FileManager.default.fileExists(atPath: path), "\(page.path): \(link) is not there")
      guard parts.count == 2, path.hasSuffix(".md") else { continue }
      let target = try Page(String(path.dropFirst(package.count + 1)))
      #expect(target.anchors.contains(String(parts[1])), "\(page.path): \(link) has no such heading")
    }
  }

  @Test("quoted lines are in their source, one after the other", arguments: try Page.all)
  func quotations(page: Page) throws {
    func trimmed(_ lines: [Substring]) -> [String] {
      lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
    for quotation in page.quotations {
      let path = page.resolved(quotation.source)
      let source = trimmed(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n"))
      let quoted = trimmed(quotation.lines)
      let isThere = source.indices.contains { source[$0...].starts(with: quoted) }
      #expect(
        isThere,
        "\(page.path): \(quotation.source) no longer has these lines:\n\(quoted.joined(separator: "\n"))")
    }
  }

  @Test("the model's page quotes each part of it")
  func model() throws {
    let sources = try Page("Documentation/model.md").quotations.map(\.source)
    for part in [
      "Retina", "GlimpseNetwork", "Agent", "RectifierCore", "GaussianGaze", "GaussianScore", "Credit",
    ] {
      #expect(sources.contains { $0.hasSuffix("/\(part).swift") }, "\(part)")
    }
  }
}
