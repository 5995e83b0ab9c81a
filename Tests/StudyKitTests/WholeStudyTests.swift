import Foundation
import Learning
import Testing

@testable import StudyKit

@Suite("A study, from its command line to its report")
struct WholeStudyTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func study(_ name: String, _ arguments: String..., measure: Measure = .error) throws -> Study {
    try study(name, arguments, measure: measure)
  }

  private func study(_ name: String, _ arguments: [String], measure: Measure = .error) throws -> Study {
    let options = try StudyOptions.parse(["--preset", "smoke", "--results", folder.path] + arguments)
    return try Study(
      name, title: "Fake", question: "?", measure: measure, plans: [.smoke: Plan(seeds: 1, fakeTraining())],
      options: options, script: "/nowhere/main.swift")
  }

  private func page(_ measure: Measure = .error, paper: Double? = nil) throws -> String {
    let study = try study("fake", measure: measure)
    try study.train([
      Condition("a", on: FakeWorld(), paper: paper, FakeNetwork()),
      Condition("plain", on: FakeWorld(), FakeNetwork(isStochastic: false)) { $0.epochs = 1 },
    ])
    try study.report()
    return try folder.text("fake/smoke/report.md")
  }

  @Test(
    "a report says between which numbers of examples runs were trained, and what stands beside the paper's")
  func span() throws {
    let page = try page(paper: 5)
    #expect(page.contains("Each was trained on 640 to 1,280 scenes"))
    #expect(page.contains("## Test error beside the paper's, %\n") && page.contains("*average of 10*"))
    #expect(!page.contains("most probable actions"))
  }

  @Test("a report without the paper's numbers does not claim any; of a game, it names the actions")
  func game() throws {
    let page = try page(.caught)
    #expect(page.contains("## Caught, %\n") && page.contains("at their means and the most probable actions"))
  }

  @Test("a report in which nothing is sampled does not explain an average")
  func nothingSampled() throws {
    let study = try study("fake")
    try study.train([Condition("plain", on: FakeWorld(), FakeNetwork(isStochastic: false))])
    try study.report()
    #expect(try !folder.text("fake/smoke/report.md").contains("*average of"))
  }

  @Test("a figure whose table has no rows is no mistake until its conditions have been run and tested")
  func lackingTable() throws {
    for arguments in [["--only", "a"], []] {
      let study = try study("fake", arguments)
      let conditions = try ["a", "b"].map { try Condition($0, on: FakeWorld(), FakeNetwork()) }
      try study.train(conditions)
      try study.draw("by-glimpse", caption: "")
      // The study never writes this table, so with all conditions run it is one.
      #expect(study.figures.isEmpty && study.hasUndrawnFigures == arguments.isEmpty)
    }
  }

  @Test("rounded factors of products are a choice that is said")
  func precision() throws {
    let study = try study("fake", "--columns")
    try study.train([Condition("a", on: FakeWorld(), FakeNetwork()) { $0.precision = .bfloat16 }])
    #expect(study.trainingChoices[0].contains("factors of products rounded to bfloat16"))
  }

  @Test("a run is not taken from a folder whose weights are not those of its record")
  func damagedWeights() throws {
    let a = try Condition("a", on: FakeWorld(), FakeNetwork())
    try study("fake").train([a])
    let weights = folder["fake/smoke/weights/a-seed1.safetensors"]
    let good = try folder.bytes("fake/smoke/weights/a-seed1.safetensors")
    try Data(good.dropLast()).write(to: URL(fileURLWithPath: weights))
    let other = try study("other")
    try other.train([a])
    #expect(try folder.bytes("other/smoke/weights/a-seed1.safetensors") == good)
    #expect(try other.learner(of: a) != nil)
  }

  @Test("--missing trains a run again whose published weights are gone")
  func lostWeights() throws {
    let a = try Condition("a", on: FakeWorld(), FakeNetwork())
    try study("fake").train([a])
    let weights = try folder.bytes("fake/smoke/weights/a-seed1.safetensors")
    for part in ["weights", "checkpoints"] {
      try FileManager.default.removeItem(atPath: folder["fake/smoke/" + part])
    }
    let again = try study("fake", "--missing")
    try again.train([a])
    #expect(again.asked.map(\.identifier) == ["a-seed1"])
    #expect(try folder.bytes("fake/smoke/weights/a-seed1.safetensors") == weights)
  }

  @Test("a table that is in one of the two folders only is stale", arguments: ["old", "now"])
  func tableInOne(place: String) throws {
    for place in ["old", "now"] { try AtomicFile.makeFolder(folder[place + "/figures"]) }
    try AtomicFile.write("a\n1\n", to: folder[place + "/extra.csv"])
    #expect(
      try StaleFile.all(in: folder["old"], comparedWith: folder["now"]).map(\.name) == ["extra.csv"])
  }
}
