import Foundation
import Learning
import Testing

@testable import StudyKit

@Suite("A stale file is found") struct StaleFileTests {
  private let folder: TemporaryFolder
  private let names = [
    "report.md", "summary.csv", "figures/inputs.json", "figures/a.svg", "figures/a.png", "figures/b.gif",
  ]

  /// Two folders, `old` and `now`, with the same figures and report.
  init() throws {
    folder = try TemporaryFolder()
    for place in ["old", "now"] {
      try FileManager.default.createDirectory(
        atPath: folder[place + "/figures"], withIntermediateDirectories: true)
      for name in names { try write(name, "Produced by GNUPLOT 5.4\n\(name)", in: place) }
      try write("figures/inputs.json", #"{"a": "1", "b": "2"}"#, in: place)
    }
  }

  private func write(_ name: String, _ text: String, in place: String = "old") throws {
    try text.write(toFile: folder["\(place)/\(name)"], atomically: false, encoding: .utf8)
  }

  private var found: [String] {
    get throws { try StaleFile.all(in: folder["old"], comparedWith: folder["now"]).map(\.name) }
  }

  @Test("none when nothing changed")
  func nothing() throws { #expect(try found == []) }

  @Test("when what it was drawn from changed, in each of its formats")
  func inputs() throws {
    try write("figures/inputs.json", #"{"a": "3", "b": "2"}"#, in: "now")
    #expect(try found == ["figures/a.png", "figures/a.svg"])
    try write("figures/inputs.json", #"{"a": "3", "b": "4"}"#, in: "now")
    #expect(try found == ["figures/a.png", "figures/a.svg", "figures/b.gif"])
  }

  @Test("when its inputs are not recorded")
  func noInputs() throws {
    try FileManager.default.removeItem(atPath: folder["old/figures/inputs.json"])
    #expect(try found == ["figures/a.png", "figures/a.svg", "figures/b.gif"])
  }

  @Test("when an SVG has other bytes of the same gnuplot, but not of another one")
  func bytes() throws {
    try write("figures/a.svg", "Produced by GNUPLOT 5.4\nedited")
    #expect(try found == ["figures/a.svg"])
    try write("figures/a.svg", "Produced by GNUPLOT 6.0\nother lines")
    #expect(try found == [])
  }

  @Test("when the report or a table has other bytes")
  func report() throws {
    try write("report.md", "older")
    try write("summary.csv", "older")
    #expect(try found == ["report.md", "summary.csv"])
  }

  @Test("when a table that was made with a model was changed afterwards, in both folders alike")
  func analysed() throws {
    for place in ["old", "now"] {
      try write("looks.csv", "made", in: place)
      var tables = try AnalysedTables(reading: folder[place])
      try tables.note(["looks"], sources: "1")
    }
    #expect(try found == [])
    let tables = try AnalysedTables(reading: folder["old"])
    #expect(tables.isCurrent("looks", sources: "1"))
    #expect(!tables.isCurrent("looks", sources: "2") && !tables.isCurrent("others", sources: "1"))
    for place in ["old", "now"] { try write("looks.csv", "edited", in: place) }
    #expect(!tables.isCurrent("looks", sources: "1"))
    #expect(try found == ["looks.csv"])
    try write("analyses.json", "[]")
    #expect(throws: FileError.self) { try found }
  }

  @Test("when it is missing, or no longer drawn")
  func missing() throws {
    try FileManager.default.removeItem(atPath: folder["old/figures/a.svg"])
    try write("figures/c.svg", "left over")
    #expect(try found == ["figures/a.svg", "figures/c.svg"])
  }
}

@Test("a fingerprint changes with script, what it loads, style, table and variable, and with nothing else")
func fingerprints() throws {
  let folder = try TemporaryFolder()
  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: folder[name], atomically: false, encoding: .utf8)
  }
  try write("figure.gp", "load scripts.'/shared.gp'\nplot data.'/runs.csv'\n")
  try write("shared.gp", "scenes = table('scenes')\n")
  for name in ["style.gp", "runs.csv", "scenes.csv", "scenes-100.csv", "other.csv"] { try write(name, "1\n") }
  func fingerprint(suffix: String = "") -> String {
    FigureInputs.fingerprint(
      of: FigureDrawing(data: folder.path, scripts: folder.path), script: folder["figure.gp"],
      variables: [("title", "T"), ("suffix", suffix)])
  }
  var seen = [fingerprint()]
  #expect(fingerprint() == seen[0])
  try write("other.csv", "2\n")
  try write("scenes-100.csv", "2\n")
  #expect(fingerprint() == seen[0])
  for name in ["figure.gp", "shared.gp", "style.gp", "runs.csv", "scenes.csv"] {
    try write(name, "load scripts.'/shared.gp'; plot data.'/runs.csv', table('scenes') # \(name)\n")
    seen.append(fingerprint())
  }
  seen.append(fingerprint(suffix: "-100"))
  #expect(Set(seen).count == 7)
}

@Test(
  "what a table with models was made from differs with its columns and settings, and with weights, key and test of each model"
)
func sources() throws {
  let tables = [Table.summary(.error).description]
  let model = try record("a", seed: 1, error: 5)
  let same = AnalysedTables.sources(tables, [model], "6 scenes")
  #expect(AnalysedTables.sources(tables, [model], "6 scenes") == same)
  #expect(AnalysedTables.sources(tables, [model], "3 scenes") != same)
  let changes: [(inout RunRecord) -> Void] = [
    { $0.weightsChecksum = "00000000" }, { $0.key = "00000000" }, { $0.condition = "b" }, { $0.seed = 2 },
    { $0.test = nil },
  ]
  for change in changes {
    var other = model
    change(&other)
    #expect(AnalysedTables.sources(tables, [other], "6 scenes") != same)
  }
  #expect(AnalysedTables.sources(tables + tables, [model], "6 scenes") != same)
}
