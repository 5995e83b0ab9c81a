import Foundation
import StudyKit
import Testing

@testable import reproduce

private func row(
  _ mean: Double?, _ halfWidth: Double?, paper: Double? = nil, measure: Measure = .error,
  diverged: Int = 0, preset: Preset = .paper
) -> ResultsTable.Row {
  ResultsTable.Row(
    group: "a world", condition: "a", label: "a", measure: measure, paper: paper,
    mean: mean.map { Interval(mean: $0, halfWidth: halfWidth, count: halfWidth == nil ? 1 : 3) },
    sampled: nil, diverged: diverged, study: "centered", preset: preset)
}

@Suite("A claim of the paper")
struct ClaimsTableTests {
  @Test("holds or fails only where two intervals of the same preset lie apart")
  func claims() {
    let cases: [(ResultsTable.Row?, ResultsTable.Row?, ClaimsTable.Verdict)] = [
      (row(2, 0.5), row(4, 0.5), .holds), (row(4, 0.5), row(2, 0.5), .fails),
      (row(2, 1), row(4, 1), .overlap), (row(4, 1), row(2, 1), .overlap),
      (row(2, nil), row(4, 0.5), .seeds), (row(2, 0.5), row(4, nil), .seeds),
      (row(2, 0.5, preset: .quick), row(4, 0.5), .presets), (nil, row(4, 0.5), .missing),
      (row(2, 0.5), row(nil, nil), .diverged),
    ]
    for (less, more, verdict) in cases { #expect(ClaimsTable.verdict(less, more) == verdict) }
    #expect(row(2, 0.5).result == "2.00 ± 0.50" && row(nil, nil, diverged: 3).result == "– (3 diverged)")
  }

  @Test("about one number is judged by our interval, and a single seed has no verdict")
  func numbers() {
    #expect(ClaimsTable.verdict(row(4, 0.5, paper: 4.5)) == .inside)
    #expect(ClaimsTable.verdict(row(4, 0.5, paper: 4.6)) == .better)
    #expect(ClaimsTable.verdict(row(4, 0.5, paper: 3.4)) == .worse)
    #expect(ClaimsTable.verdict(row(90, 1, paper: 85, measure: .caught)) == .otherRules)
    #expect(ClaimsTable.verdict(row(4, nil, paper: 4)) == .open)
    #expect(ClaimsTable.verdict(row(nil, nil, paper: 4)) == .diverged)
    #expect(ClaimsTable.verdict(row(4, 0.5)) == nil)
  }
}

@Test("a claim is about rows of its own study, though others have conditions of the same name")
func ownStudy() throws {
  let folder = NSTemporaryDirectory() + "claims-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: folder) }
  for (study, ram, conv) in [("translated", 1, 2), ("cluttered", 4, 3)] {
    let place = "\(folder)/\(study)/paper"
    try FileManager.default.createDirectory(atPath: place + "/runs", withIntermediateDirectories: true)
    let header =
      "condition,label,group,measure,paper_percent,mean_percent,half_width_percent,sampled_percent,seeds,diverged\n"
    let rows = [("ram-8", ram), ("conv", conv)].map { "\($0),\($0),\(study),error,,\($1),0.1,,1,0\n" }
    try (header + rows.joined()).write(toFile: place + "/summary.csv", atomically: true, encoding: .utf8)
    for name in ["ram-8", "conv"] {
      _ = FileManager.default.createFile(atPath: "\(place)/runs/\(name)-seed1.json", contents: nil)
    }
  }
  let table = ClaimsTable(results: try ResultsTable(results: folder))
  let lines = table.markdown.split(separator: "\n")
  func line(_ claim: String) throws -> Substring { try #require(lines.first { $0.contains(claim) }) }
  #expect(try line("Translated: 8 glimpses beat the conv").contains("| holds"))
  #expect(try line("Cluttered 60x60: 8 glimpses beat the conv").contains("| does not hold"))
}
