import Foundation
import Learning
import Testing

@testable import StudyKit

/// The fake world with the digits of MNIST in its configuration, or others.
private struct DigitWorld: StillWorld {
  var trainingImages = "e9f4d8b3"
  let side = 1
  let classCount = 2
  let summary = "digits"
  var configuration: Configuration {
    Configuration("fake").with(
      "digits",
      Configuration("digits").with("train-images-idx3-ubyte", trainingImages)
        .with("train-labels-idx1-ubyte", "e0cb4ad2").with("t10k-images-idx3-ubyte", "91373bdf")
        .with("t10k-labels-idx1-ubyte", "4ab9eff9"))
  }
  func count(of split: Split) -> Int { 10 }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 { 0 }
}

@Suite("A study's report") struct ReportTests {
  private let folder: TemporaryFolder
  private var place: String { folder["fake/smoke"] }

  init() throws { folder = try TemporaryFolder() }

  /// Trains what the arguments say of two conditions, and reports.
  private func page(_ arguments: String..., leavesOut: Set<String> = []) throws -> String {
    let options = try StudyOptions.parse(["--preset", "smoke", "--results", folder.path] + arguments)
    let study = try Study(
      "fake", title: "Fake", question: "Why?",
      plans: [
        .smoke: Plan(seeds: 2, fakeTraining(), leavesOut: leavesOut),
        .paper: Plan(seeds: 2, fakeTraining { $0.epochs = 2_000 }),
      ], options: options, script: "/nowhere/main.swift")
    try study.train([
      Condition("a", "model A", on: FakeWorld(), paper: 5, FakeNetwork()),
      Condition("b", on: FakeWorld(), FakeNetwork(start: 1)) { $0.weightDecay = 0.5 },
    ])
    study.ours = ["A choice."]
    try study.report()
    return try folder.text("fake/smoke/report.md")
  }

  @Test("says the command with its options, what was trained, and what is ours")
  func whole() throws {
    let page = try page("--seeds", "1")
    #expect(
      page.hasPrefix(
        "# Fake\n\nWhy?\n\nThese are the runs of `swift run study-fake --preset smoke --seeds 1` (preset `smoke`)."
      ))
    #expect(page.contains("trained on 1,280 scenes "))
    #expect(page.contains("with at most 1,280 scenes each; preset `paper` trains longer"))
    #expect(
      page.contains("for 1 of these conditions: 1 has a single seed and so no interval and no verdict."))
    #expect(page.contains("\n- A choice.\n- Adam, batches of 32"))
    #expect(page.contains(". (Only `a`.)\n") && page.contains("weight decay 0.5. (Only `b`.)\n"))
    #expect(!page.contains("Not trained"))
  }

  @Test("says what is missing and why")
  func missing() throws {
    let leftOut = try page(leavesOut: ["b"])
    #expect(leftOut.contains("Left out to keep the preset short: `b`"))
    #expect(try page("--only", "b", leavesOut: ["b"]).contains("Not trained") == false)
  }

  @Test("of a command that trains one condition, the tables keep the other")
  func keeps() throws {
    _ = try page()
    let page = try page("--only", "a", "--seeds", "3")
    #expect(
      page.contains(
        "the runs of `swift run study-fake --preset smoke` and `swift run study-fake --preset smoke --seeds 3 --only a` (preset `smoke`)."
      ))
    let rows = try CSVTable(reading: place + "/summary.csv").rows
    #expect(try rows.map { try $0.number("seeds") } == [3, 2])
  }

  @Test("knows MNIST by its checksums, and other digits are not compared with the paper")
  func data() throws {
    func sources(_ world: DigitWorld) throws -> [DataSource] {
      DataSource.all(of: [
        try Condition("a", on: world, FakeNetwork()), try Condition("b", on: world, FakeNetwork()),
      ])
    }
    #expect(try sources(DigitWorld()) == [.mnist])
    #expect(try sources(DigitWorld(trainingImages: "0")) == [.other("0")])
    #expect(DataSource.all(of: [try Condition("a", on: FakeWorld(), FakeNetwork())]) == [])
  }
}

@Test("networks that differ in numbers share a hue, from light to dark; the largest family has the first")
func colours() throws {
  let world = FakeWorld()
  let colours = Palette.colours(of: [
    try Condition("plain", on: world, FakeNetwork(isStochastic: false)),
    try Condition("a", on: world, FakeNetwork(start: 1)),
    try Condition("b", on: world, FakeNetwork(start: 2)),
    try Condition("other", on: FakeWorld(noise: 2), FakeNetwork(start: 3)),
  ])
  #expect(colours == ["plain": "#7a7a7a", "a": "#74c7b0", "b": "#1a2868", "other": "#2a80bf"])
}

@Test("twelve conditions have marks of their own, none of them the paper's diamond")
func marks() throws {
  let conditions = try (1...13).map { try Condition("c-\($0)", on: FakeWorld(), FakeNetwork()) }
  let marks = Palette.marks(of: conditions)
  let first = conditions.prefix(12).compactMap { marks[$0.name] }
  #expect(Set(first).count == 12)
  #expect(Set(first).isDisjoint(with: [12, 13]))
  #expect(marks["c-13"] == marks["c-1"])
}
