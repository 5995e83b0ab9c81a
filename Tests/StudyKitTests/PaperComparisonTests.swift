import Learning
import Testing

@testable import StudyKit

@Suite("Beside the paper") struct PaperComparisonTests {
  @Test("a verdict is about the interval over seeds; one seed gives none")
  func verdicts() throws {
    #expect(PaperComparison.verdict(try summary("one", paper: 4, 5)) == .open)
    #expect(PaperComparison.verdict(try summary("one", paper: 4, 3)) == .open)
    // t(0.975, 1) s / √2 = 12.7 / 2 for two seeds that are 1 apart
    #expect(PaperComparison.verdict(try summary("wide", paper: 4, 9.5, 10.5)) == .inside)
    #expect(PaperComparison.verdict(try summary("narrow", paper: 4, 9.99, 10.01)) == .worse)
    #expect(PaperComparison.verdict(try summary("narrow", paper: 11, 9.99, 10.01)) == .better)
    #expect(PaperComparison.verdict(try summary("gone", paper: 4, nil)) == .diverged)
    #expect(PaperComparison.verdict(try summary("own", 4, 4)) == nil)
  }

  @Test("a game whose rules are partly ours has no verdict")
  func caught() throws {
    let rows = [try summary("a", paper: 85, 66, 66.02, measure: .caught)]
    #expect(PaperComparison.verdict(rows[0]) == .otherRules)
    #expect(PaperComparison(rows).markdown.hasSuffix("1 is of a game whose rules it leaves open."))
  }

  @Test("the page counts the rows by verdict")
  func page() throws {
    let rows = [
      try summary("a", paper: 4, 5, 5.02), try summary("b", paper: 4, 3.9), try summary("c", paper: 4, 3.9),
      try summary("d", 1),
    ]
    #expect(
      PaperComparison(rows).markdown
        == "The paper gives a number, without a spread, for 3 of these conditions: 1 is worse "
        + "here and 2 have a single seed and so no interval and no verdict.")
    let table = PaperComparison.table(rows).rows.map { [$0[2], $0[3], $0[4], $0[8]] }
    #expect(table[0] == ["4.00", "5.01 ± 0.13", "2", "worse"])
    #expect(table[1] == ["4.00", "3.90", "1", "open: one seed"])
    #expect(table[3] == ["–", "1.00", "1", ""])
  }

  @Test(
    "pairs in the reverse order of the paper are named when their intervals do not overlap, within one world")
  func reversals() throws {
    let rows = [
      try summary("fc", paper: 1.69, 1.5, 1.51), try summary("ram-2", paper: 3.79, 6.6, 6.61),
      try summary("ram-3", paper: 1.51, 5.2, 5.21), try summary("ram-4", paper: 1.54, 4.2, 9),
      try summary("big", paper: 9, 1, 1.01, world: FakeWorld(noise: 2)), try summary("one", paper: 2, 1),
    ]
    #expect(
      PaperComparison(rows).reversals == [
        "`fc` has a lower error than `ram-3` here, and a higher one in the paper."
      ])
  }
}

@Test("counts are spoken in full below a million, never as 0.00 million")
func spokenCounts() {
  #expect(
    [0, 640, 2_560, 364_800, 1_000_000, 11_980_800].map(spokenCount) == [
      "0", "640", "2,560", "364,800", "1.00 million", "11.98 million",
    ])
  #expect(spokenList([]) == "" && spokenList(["a"]) == "a" && spokenList(["a", "b", "c"]) == "a, b and c")
}
