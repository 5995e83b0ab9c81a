import Foundation
import StudyKit
import Testing

@testable import reproduce

/// A row of a `summary.csv`, with the cells that the table reads.
private struct Summary {
  let condition: String
  var paper: Double?
  /// Test errors by seed, %; nil for one that diverged.
  let errors: [Double?]
  let measure: Measure

  init(_ condition: String, paper: Double? = nil, _ errors: Double?..., measure: Measure = .error) {
    (self.condition, self.paper, self.errors, self.measure) = (condition, paper, errors, measure)
  }

  static let header =
    "condition,label,group,measure,paper_percent,mean_percent,half_width_percent,sampled_percent,seeds,diverged"

  var line: String {
    let mean = Interval(errors.compactMap(\.self).map(measure.percent))
    let cells = [
      paper, mean?.mean, mean?.halfWidth, mean.map { $0.mean + 1 }, Double(mean?.count ?? 0),
      Double(errors.count { $0 == nil }),
    ]
    return
      (["\(condition),model \(condition),a world,\(measure.word)"] + cells.map { $0.map { "\($0)" } ?? "" })
      .joined(separator: ",")
  }
}

@Suite("The README's table") final class ResultsTableTests {
  private let folder = NSTemporaryDirectory() + "reproduce-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Writes the summary and an empty file for each record of a study's preset.
  private func write(_ place: String, _ summaries: Summary...) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/\(place)/runs", withIntermediateDirectories: true)
    let lines = [Summary.header] + summaries.map(\.line)
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: "\(folder)/\(place)/summary.csv"))
    for summary in summaries {
      for seed in 1...summary.errors.count { add("\(place)/runs/\(summary.condition)-seed\(seed).json") }
    }
  }

  private func add(_ file: String) {
    _ = FileManager.default.createFile(atPath: "\(folder)/\(file)", contents: nil)
  }

  private func cells() throws -> [[String]] {
    try ResultsTable(results: folder).markdown.split(separator: "\n").dropFirst(2).map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  @Test("has label, paper, mean with interval, sampled, and count, in the paper's order of tasks")
  func rows() throws {
    try write("cluttered/paper", Summary("ram-4", paper: 4.96, 6, 8), Summary("own", 8))
    try write("translated/quick", Summary("fc-64", paper: 6.42, 6.42))
    #expect(
      try cells() == [
        [
          "a world", "model fc-64", "6.42", "6.42", "7.42", "1",
          "`study-translated`, [quick](Results/translated/quick/report.md)",
        ],
        [
          "a world", "model ram-4", "4.96", "7.00 ± 12.71", "8.00", "2",
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
    try write("centered/paper", Summary("ram-2", 2), Summary("ram-4", 4))
    try write(
      "centered/quick", Summary("conv", 1), Summary("ram-2", 9), Summary("ram-3", 3), Summary("ram-4", 9))
    try write("centered/smoke", Summary("ram-5", 9))
    let rows = try ResultsTable(results: folder).rows
    #expect(rows.map(\.condition) == ["conv", "ram-2", "ram-3", "ram-4"])
    #expect(rows.map(\.mean?.mean) == [1, 2, 3, 4])
    #expect(rows.map(\.preset) == [.quick, .paper, .quick, .paper])
  }

  @Test("for Catch it has games caught, beside the agents that cannot choose, and says that rules are ours")
  func games() throws {
    try write(
      "catch/quick", Summary("learned", paper: 85, 16, measure: .caught),
      Summary("center", 14, measure: .caught))
    let cells = try cells()
    #expect(
      cells.map { $0[1...3] } == [["model learned", "85.00", "84.00"], ["model center", "–", "86.00"]])
    #expect(cells[0][0].hasSuffix(": balls caught (rules partly ours)"))
  }

  @Test("leaves out studies that ask questions of their own, and is refused where there is nothing else")
  func otherStudies() throws {
    try write("gradients/paper", Summary("reference", paper: 4.08, 9))
    #expect(throws: (any Error).self) { try ResultsTable(results: folder) }
  }

  @Test("counts runs that diverged")
  func diverged() throws {
    try write("cluttered/quick", Summary("conv", paper: 8.09, nil, 8))
    #expect(try cells()[0][3] == "8.00 (1 diverged)")
  }

  @Test("is refused when a record is not in the tables, naming the table")
  func olderThanRecords() throws {
    try write("cluttered/quick", Summary("conv", 8))
    add("cluttered/quick/runs/conv-seed2.json")
    #expect {
      try ResultsTable(results: folder)
    } throws: {
      "\($0)".hasPrefix("\(self.folder)/cluttered/quick/summary.csv: ")
    }
  }

  @Test("replaces what stands between its two marks and nothing else")
  func marks() throws {
    let page = "before\n<!-- results:begin -->\nold\n<!-- results:end -->\nafter\n"
    let made = try GeneratedPages.replaced("results", in: page, of: "README.md", with: "new\n")
    #expect(made == "before\n<!-- results:begin -->\nnew\n<!-- results:end -->\nafter\n")
    #expect(try GeneratedPages.replaced("results", in: made, of: "README.md", with: "new\n") == made)
    for wrong in ["no marks", page + page, "<!-- results:end -->\n<!-- results:begin -->\n"] {
      #expect(throws: (any Error).self) {
        try GeneratedPages.replaced("results", in: wrong, of: "README.md", with: "")
      }
    }
  }
}
