import Foundation
import Testing

@Test("CITATION.cff names the newest version of CHANGELOG.md, and its date")
func citedVersion() throws {
  let newest = try #require(
    try Page("CHANGELOG.md").text.firstMatch(of: /\n## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)\n/)?.output)
  let citation = try String(contentsOfFile: "\(package)/CITATION.cff", encoding: .utf8).split(separator: "\n")
  #expect(citation.contains("version: \(newest.1)"))
  #expect(citation.contains("date-released: \(newest.2)"))
}
