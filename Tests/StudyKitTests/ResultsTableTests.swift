import Foundation
import Testing

@testable import StudyKit

@Suite("The README's table") struct ResultsTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes the summary and an empty file for each record of a study's preset.
  private func write(_ place: String, _ summaries: ConditionSummary..., measure: Measure = .error) throws {
    try FileManager.default.createDirectory(
      atPath: folder[place + "/runs"], withIntermediateDirectories: true)
    try Table.summary(measure).write(summaries, to: folder[place + "/summary.csv"])
    for record in summaries.flatMap(\.records) {
      _ = FileManager.default.createFile(
        atPath: folder["\(place)/runs/\(record.identifier).json"], contents: nil)
    }
  }

  private func cells() throws -> [[String]] {
    try ResultsTable(results: folder.path).markdown.split(separator: "\n").dropFirst(2).map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  @Test("has label, paper, mean with interval, sampled, and count, in the paper's order of tasks")
  func rows() throws {
    try write("cluttered/paper", summary("ram-4", paper: 4.96, 6, 8), summary("own", 8))
    try write("translated/quick", summary("fc-64", paper: 6.42, 6.42))
    #expect(
      try cells() == [
        [
          "numbers with noise 1.0", "model fc-64", "6.42", "6.42", "7.42", "1",
          "`study-translated`, [quick](Results/translated/quick/report.md)",
        ],
        [
          "numbers with noise 1.0", "model ram-4", "4.96", "7.00 ± 12.71", "8.00", "2",
          "`study-cluttered`, [paper](Results/cluttered/paper/report.md)",
        ].enumerated().map { $0 == 0 ? "" : $1 },
        [
          "", "model own", "–", "8.00", "9.00", "1",
          "`study-cluttered`, [paper](Results/cluttered/paper/report.md)",
        ],
      ])
  }

  @Test("takes the paper preset before the quick one, never a smoke run, in the study's order")
  func presets() throws {
    try write("centered/paper", summary("ram-2", 2), summary("ram-4", 4))
    try write(
      "centered/quick", summary("conv", 1), summary("ram-2", 9), summary("ram-3", 3), summary("ram-4", 9))
    try write("centered/smoke", summary("ram-5", 9))
    let rows = try ResultsTable(results: folder.path).rows
    #expect(rows.map(\.condition) == ["conv", "ram-2", "ram-3", "ram-4"])
    #expect(rows.map(\.mean) == [1, 2, 3, 4])
    #expect(rows.map(\.preset) == [.quick, .paper, .quick, .paper])
  }

  @Test("for Catch it has games caught, beside the agents that cannot choose, and says that rules are ours")
  func games() throws {
    try write(
      "catch/quick", summary("learned", paper: 85, 16, measure: .caught),
      summary("center", 14, measure: .caught),
      measure: .caught)
    let cells = try cells()
    #expect(
      cells.map { $0[1...3] } == [["model learned", "85.00", "84.00"], ["model center", "–", "86.00"]])
    #expect(cells[0][0].hasSuffix(": balls caught (rules partly ours)"))
  }

  @Test("leaves out studies that ask questions of their own, and is refused where there is nothing else")
  func otherStudies() throws {
    try write("gradients/paper", summary("reference", paper: 4.08, 9))
    #expect(throws: (any Error).self) { try ResultsTable(results: folder.path) }
  }

  @Test("counts runs that diverged")
  func diverged() throws {
    try write("cluttered/quick", summary("conv", paper: 8.09, nil, 8))
    #expect(try cells()[0][3] == "8.00 (1 diverged)")
  }

  @Test("is refused when a record is not in the tables, naming the table")
  func olderThanRecords() throws {
    try write("cluttered/quick", summary("conv", 8))
    _ = FileManager.default.createFile(atPath: folder["cluttered/quick/runs/conv-seed2.json"], contents: nil)
    #expect {
      try ResultsTable(results: folder.path)
    } throws: {
      "\($0)".hasPrefix(folder["cluttered/quick/summary.csv"] + ": ")
    }
  }

  @Test("replaces what stands between its two marks and nothing else")
  func marks() throws {
    let part = GeneratedPart("results")
    let page = "before\n<!-- results:begin -->\nold\n<!-- results:end -->\nafter\n"
    let made = try part.replaced(in: page, of: "README.md", with: "new\n")
    #expect(made == "before\n<!-- results:begin -->\nnew\n<!-- results:end -->\nafter\n")
    #expect(try part.replaced(in: made, of: "README.md", with: "new\n") == made)
    for wrong in ["no marks", page + page, "<!-- results:end -->\n<!-- results:begin -->\n"] {
      #expect(throws: (any Error).self) { try part.replaced(in: wrong, of: "README.md", with: "") }
    }
  }
}
