import Testing

@testable import reproduce

@Test("a run that studies share is trained by the first of them, and counts once")
func sharedRuns() {
  func run(_ key: String, _ seconds: Double) -> BuiltStudy.MissingRun {
    BuiltStudy.MissingRun(key: key, seconds: seconds)
  }
  let studies = [[run("a", 1), run("b", 2)], [run("b", 2), run("c", 4), run("c", 4)], [run("a", 1)]]
  #expect(studies.map(\.seconds) == [3, 10, 1])
  #expect(studies.withoutShared.map { $0.map(\.key) } == [["a", "b"], ["c"], []])
  #expect(studies.withoutShared.map(\.seconds) == [3, 4, 0])
}
