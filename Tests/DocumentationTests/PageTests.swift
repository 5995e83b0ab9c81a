import Foundation
import Testing

@Suite("Pages")
struct PageTests {
  @Test(
    "every link leads to a file of the package, every anchor to a heading or to the lines that it quotes",
    arguments: try Page.all)
  func links(page: Page) throws {
    for (link, title) in page.links where !link.contains("://") && !link.hasPrefix("doc:") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let path = parts[0].isEmpty ? "\(package)/\(page.path)" : page.resolved(String(parts[0]))
      #expect(FileManager.default.fileExists(atPath: path), "\(page.path): \(link) is not there")
      guard parts.count == 2 else { continue }
      guard path.hasSuffix(".md") else {
        let source = try String(contentsOfFile: path, encoding: .utf8)
        let fault = Page.fault(ofLines: parts[1], title: title, in: source)
        #expect(fault == nil, "\(page.path): \(link) \(fault ?? "")")
        continue
      }
      let target = try Page(String(path.dropFirst(package.count + 1)))
      #expect(target.anchors.contains(String(parts[1])), "\(page.path): \(link) has no such heading")
    }
  }

  @Test(
    "a link to lines is found out when they have moved, are gone, or were never quoted",
    arguments: [
      ("L2-L3", "two", nil), ("L2", "two", nil), ("L1-L2", "two", "'two' is now on line 2"),
      ("L2-L3", "four", "'four' is now on line none"), ("L3-L4", "three", "has 3 lines"),
      ("L3-L2", "three", "has 3 lines"), ("L2", nil, "has no title with a text of its first line"),
      ("two", "two", "is no range of lines"),
    ] as [(Substring, Substring?, String?)])
  func lines(anchor: Substring, title: Substring?, fault: String?) {
    #expect(Page.fault(ofLines: anchor, title: title, in: "one\ntwo\nthree") == fault)
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
