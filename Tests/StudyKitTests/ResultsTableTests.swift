import Foundation
import Testing

@testable import StudyKit

@Suite("The README's table") struct ResultsTableTests {
  private func write(
    _ rows: [String], _ folder: TemporaryFolder, _ place: String, task: String,
    conditions: [String]? = nil, columns: [String] = Study.runColumns
  ) throws {
    try FileManager.default.createDirectory(atPath: folder[place], withIntermediateDirectories: true)
    let runs = ([columns.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
    try runs.write(toFile: folder[place + "/runs.csv"], atomically: false, encoding: .utf8)
    let names = conditions ?? Set(rows.map { String($0.prefix { $0 != "," }) }).sorted()
    let configurations = names.map { "{\"condition\": \"\($0)\", \"task\": \"\(task)\"}" }.joined(
      separator: ", ")
    try "{\"configurations\": [\(configurations)]}".write(
      toFile: folder[place + "/provenance.json"], atomically: false, encoding: .utf8)
  }

  @Test("has the mean, its interval and the count, in the paper's order of tasks")
  func rows() throws {
    let folder = try TemporaryFolder()
    try write(
      [
        "ram-4,1,9,9,9,5.0,6.000,7.0,5.0,4.96", "ram-4,2,9,9,9,5.0,8.000,7.0,5.0,4.96",
        "own,1,9,9,9,5.0,8.000,7.0,5.0,",
      ],
      folder, "cluttered/paper", task: "cluttered digits, 60x60, 4 pieces")
    try write(
      ["fc-64,1,9,9,9,5.0,6.420,,,6.42"], folder, "translated/quick", task: "translated digits, 60x60")
    let lines = try ResultsTable(results: folder.path).markdown.split(separator: "\n")
    let cells = lines.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(cells[0] == ["task", "model", "paper, %", "ours, %", "seeds", "study"])
    #expect(
      cells[2] == [
        "translated digits, 60x60", "fully connected, 2 layers of 64", "6.42", "6.42", "1",
        "`study-translated`, [quick](Results/translated/quick/report.md)",
      ])
    #expect(
      cells[3] == [
        "cluttered digits, 60x60, 4 pieces", "RAM, 4 glimpses", "4.96", "7.00 ± 12.71", "2",
        "`study-cluttered`, [paper](Results/cluttered/paper/report.md)",
      ])
    #expect(cells.count == 4)  // 12.71: t(0.975, 1) s / √2, with s = √2
  }

  @Test("takes the paper preset before the quick one, never a smoke run, in the study's order")
  func presets() throws {
    let folder = try TemporaryFolder()
    let task = "centered digits, 28x28"
    let all = ["conv", "ram-2", "ram-3", "ram-4"]
    try write(
      ["ram-3,1,9,9,9,5.0,3.000,,,1.51", "ram-2,1,9,9,9,5.0,2.000,,,3.79"], folder, "centered/paper",
      task: task,
      conditions: all)
    try write(
      ["conv,1,9,9,9,5.0,1.000,,,1.21", "ram-3,1,9,9,9,5.0,9.000,,,1.51"], folder, "centered/quick",
      task: task, conditions: all)
    try write(["ram-4,1,9,9,9,5.0,9.000,,,1.54"], folder, "centered/smoke", task: task)
    let rows = try ResultsTable(results: folder.path).rows
    #expect(rows.map(\.condition) == ["conv", "ram-2", "ram-3"])
    #expect(rows.map(\.preset) == [.quick, .paper, .paper])
    #expect(rows.map(\.percents) == [[1], [2], [3]])
  }

  @Test("names a model of the second size as one of the first, and keeps each task's rows together")
  func twoSizes() throws {
    let folder = try TemporaryFolder()
    try write(
      ["ram-4-100,1,9,9,9,5.0,9.000,,,9.41"], folder, "cluttered/paper", task: "cluttered digits, 100x100")
    try write(
      ["ram-8-random-100,1,9,9,9,5.0,9.000,,,28.4"], folder, "cluttered/quick",
      task: "cluttered digits, 100x100")
    let rows = try ResultsTable(results: folder.path).rows
    #expect(rows.map(ResultsTable.model) == ["RAM, 4 glimpses", "RAM, 8 random glimpses"])
  }

  @Test("shows what the paper has of Catch: games caught")
  func games() throws {
    let folder = try TemporaryFolder()
    try write(
      ["learned,1,9,9,80.0,84.0,85.0", "random,1,9,9,20.0,30.0,"], folder, "catch/quick",
      task: "Catch, 24x24",
      columns: Study.gameRunColumns)
    let rows = try ResultsTable(results: folder.path).rows
    #expect(rows.map(\.task) == ["Catch, 24x24: caught, %"])
    #expect(rows.map(\.percents) == [[84]])
    #expect(rows.map(\.paperPercent) == [85])
  }

  @Test("leaves out studies that ask questions of their own")
  func otherStudies() throws {
    let folder = try TemporaryFolder()
    try write(
      ["reference,1,9,9,9,5.0,9.000,,,4.08"], folder, "gradients/paper", task: "cluttered digits, 60x60")
    #expect(try ResultsTable(results: folder.path).rows == [])
  }

  @Test("counts runs that diverged")
  func diverged() throws {
    let folder = try TemporaryFolder()
    try write(
      ["conv,1,9,9,9,,,,,8.09", "conv,2,9,9,9,5.0,8.000,,,8.09"], folder, "cluttered/quick", task: "cluttered"
    )
    #expect(try ResultsTable(results: folder.path).markdown.contains(" 8.00 (1 diverged) |     1 |"))
  }

  @Test("is refused when a table is broken, naming file and line")
  func broken() throws {
    let folder = try TemporaryFolder()
    try write(["ram-2,1,9,9,9,5.0,3.0o0,,,3.79"], folder, "centered/quick", task: "centered")
    let error = #expect(throws: CSVError.self) { try ResultsTable(results: folder.path) }
    #expect(error?.path == folder["centered/quick/runs.csv"])
    #expect(error?.line == 2)
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
