import Foundation
import Learning
import Testing

@testable import StudyKit

/// A world of impossible size.
private struct WrongWorld: StillWorld {
  var side = 1
  var counts: [Split: Int] = [:]
  let classCount = 2
  var summary: String { "wrong" }
  var configuration: Configuration { Configuration("wrong") }
  func count(of split: Split) -> Int { counts[split] ?? 10 }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 { 0 }
}

private func table(_ name: String, columns: String...) -> Table<Int> {
  Table(name, "Numbers.", columns.map { .count($0, "A number.") { $0 } })
}

@Suite("What a study's author gets wrong is said in a sentence") struct AuthorMistakesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func study(_ name: String = "fake", _ arguments: String...) throws -> Study {
    try Study(
      name, title: "Fake", question: "?", plans: [.smoke: Plan(seeds: 1, fakeTraining())],
      options: StudyOptions.parse(["--preset", "smoke", "--results", folder.path] + arguments),
      script: "/nowhere/main.swift")
  }

  private func trained(_ condition: String = "a") throws -> Study {
    let study = try study()
    try study.train([Condition(condition, on: FakeWorld(), FakeNetwork())])
    return study
  }

  @Test("a study's name that does not suit a folder", arguments: ["", "../outside", "my study", "-x", "Ram"])
  func studyNames(name: String) throws {
    let error = #expect(throws: DefinitionError.self) { try study(name) }
    #expect(error?.setting == "a study's name" && error?.value == "'\(name)'")
    #expect(try folder.names() == [])
  }

  @Test("a plan that trains nothing, or leaves out what does not exist")
  func plans() throws {
    func mistake(seeds: Int = 1, leavesOut: Set<String> = [], _ conditions: String...) throws
      -> DefinitionError?
    {
      let study = try Study(
        "fake", title: "Fake", question: "?",
        plans: [.smoke: Plan(seeds: seeds, fakeTraining(), leavesOut: leavesOut)],
        options: StudyOptions.parse(["--preset", "smoke", "--results", folder.path]),
        script: "/nowhere/main.swift")
      let conditions = try conditions.map { try Condition($0, on: FakeWorld(), FakeNetwork()) }
      return #expect(throws: DefinitionError.self) { try study.train(conditions) }
    }
    #expect(
      try mistake()?.description
        == "the list of conditions is empty: a study trains at least one; declare one.")
    #expect(try mistake(seeds: 0, "a")?.value == "0")
    #expect(try mistake(leavesOut: ["a"], "a")?.value == "all conditions")
    #expect(try mistake(leavesOut: ["c"], "a", "b")?.value == "'c'")
    #expect(try folder.names() == [])
  }

  @Test("a metric that cannot be a column is refused before any condition is trained")
  func metricNames() throws {
    let study = try study("fake", "--jobs", "1")
    let wrong = FakeNetwork(metrics: [.crossEntropy, Metric("epoch", "Taken by the table itself.")])
    let error = #expect(throws: DefinitionError.self) {
      try study.train([
        Condition("a", on: FakeWorld(), FakeNetwork()), Condition("b", on: FakeWorld(), wrong),
      ])
    }
    #expect(error?.value == "'epoch'")
    #expect(!FileManager.default.fileExists(atPath: folder["fake/smoke/runs"]))
  }

  @Test("a column's range with its ends the wrong way round")
  func ranges() { #expect(Quantity(from: 5, to: 1).range == 1...5) }

  @Test("a second study of a name does not overwrite the results of the first")
  func secondStudy() throws {
    _ = try trained()
    let before = try folder.bytes("fake/smoke/summary.csv")
    let error = #expect(throws: FileError.self) { try trained("other") }
    #expect(error?.description.contains("only records of conditions that the study does not have") == true)
    #expect(try folder.bytes("fake/smoke/summary.csv") == before)
  }

  @Test("a world without pixels or examples")
  func worlds() throws {
    for side in [-1, 0, 5_000] {
      let error = #expect(throws: DefinitionError.self) {
        try Condition("a", on: WrongWorld(side: side), FakeNetwork())
      }
      #expect(error?.setting == "the side of wrong" && error?.value == "\(side)")
    }
    for split in Split.allCases {
      let error = #expect(throws: DefinitionError.self) {
        try Condition("a", on: WrongWorld(counts: [split: 0]), FakeNetwork())
      }
      #expect(error?.setting == "the number of \(split) examples of wrong" && error?.value == "0")
    }
  }

  @Test("a table with the name of another one", arguments: ["runs", "curves", "summary", "timing", "own"])
  func tableNames(name: String) throws {
    let study = try trained()
    try study.write(table("own", columns: "x"), [1])
    try study.write(table("own", columns: "x"), part: "small", [2])
    let error = #expect(throws: DefinitionError.self) { try study.write(table(name, columns: "y"), [3]) }
    #expect(error?.value == "'\(name)'" && error?.problem == "another table of the study has it")
    #expect(try folder.text("fake/smoke/own.csv") == "x\n1\n")
  }

  @Test("names of tables and columns that no file can have, also when columns are only asked for")
  func columnNames() throws {
    for arguments in [[], ["--columns"]] {
      for (wrong, what) in [
        (table("a/b c", columns: "x"), "a table's name"), (table("", columns: "x"), "a table's name"),
        (table("own", columns: "x", "y", "x"), "a column of the table 'own'"),
        (table("own", columns: "not this"), "a column of the table 'own'"),
      ] {
        let study = try arguments.isEmpty ? trained() : study("fake", "--columns")
        #expect(throws: DefinitionError.self) { try study.write(wrong, [1]) }
        var isMade = false
        let error = #expect(throws: DefinitionError.self) {
          try study.analyse(wrong.description, of: []) { isMade = true }
        }
        #expect(error?.setting == what && !isMade)
      }
    }
  }

  @Test("a table of trained models that is kept is named, until it is removed")
  func keptTables() throws {
    func analysed() throws -> (made: Int, kept: [String]) {
      let study = try trained()
      var made = 0
      try study.analyse(table("own", columns: "x").description, of: study.conditions) {
        made += 1
        try study.write(table("own", columns: "x"), [1])
      }
      return (made, study.keptTables)
    }
    #expect(try analysed() == (1, []))
    #expect(try analysed() == (0, ["own"]))
    try FileManager.default.removeItem(atPath: folder["fake/smoke/own.csv"])
    #expect(try analysed() == (1, []))
  }

  @Test("a finding that cannot be made, with its figure; the figure stays in the report")
  func findings() throws {
    let study = try trained()
    try study.draw(
      "learning-curves", caption: "Curves.", finding: { try $0.table("misspelt").rows.first?.text("x") })
    #expect(study.hasUndrawnFigures && study.figures.map(\.caption) == ["Curves."])
  }
}
