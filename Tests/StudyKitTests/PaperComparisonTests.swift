import Foundation
import Testing

@testable import StudyKit

private func row(_ condition: String, paper: Double, _ values: Double..., task: String = "t")
  -> PaperComparison.Row
{
  PaperComparison.Row(condition: condition, task: task, paper: paper, values: values)
}

@Suite("Where a study differs from the paper") struct PaperComparisonTests {
  @Test("a row misses when the paper's number is better and outside the interval over seeds")
  func verdicts() {
    let comparison = PaperComparison([])
    #expect(comparison.verdict(row("one seed", paper: 4, 5)) == .misses)
    #expect(comparison.verdict(row("one seed", paper: 4, 3)) == .isBetter)
    #expect(comparison.verdict(row("the same", paper: 4, 4.004)) == .agrees)
    // t(0.975, 1) s / √2 = 12.7 / 2 for two seeds that are 1 apart
    #expect(comparison.verdict(row("wide", paper: 4, 9.5, 10.5)) == .agrees)
    #expect(comparison.verdict(row("narrow", paper: 4, 9.99, 10.01)) == .misses)
    #expect(comparison.verdict(row("gone", paper: 4)) == .diverged)
  }

  @Test("of balls caught, more is better")
  func caught() {
    let comparison = PaperComparison([], lessIsBetter: false)
    #expect(comparison.verdict(row("player", paper: 85, 34)) == .misses)
    #expect(comparison.verdict(row("player", paper: 85, 95)) == .isBetter)
  }

  @Test("the page counts the rows, and lists those that differ with their difference and seeds")
  func page() {
    let text = PaperComparison([
      row("a", paper: 4, 5, 5.02), row("b", paper: 4, 3.9), row("c", paper: 4, 4),
    ]).markdown
    #expect(text.hasPrefix("Of 3 rows with a number of the paper's, 1 misses it, 1 has it in the interval"))
    #expect(text.contains("| a         |  4.00 | 5.01 ± 0.13 (2) |      +1.01 | misses    |"))
    #expect(text.contains("| b         |  4.00 |        3.90 (1) |      -0.10 | is better |"))
    #expect(!text.contains("| c "))
  }

  @Test("nothing differs where every interval holds the paper's number, and the page says so")
  func nothing() {
    #expect(PaperComparison([row("a", paper: 4, 3.9, 4.1)]).markdown.hasPrefix("Nothing: "))
    #expect(PaperComparison([]).markdown == "")
  }

  @Test("pairs that stand the other way round are named, within one task only")
  func reversals() {
    let rows = [
      row("fc", paper: 1.69, 1.5), row("ram-2", paper: 3.79, 6.6), row("ram-3", paper: 1.51, 5.2),
      row("ram-4", paper: 1.54, 4.2), row("big", paper: 9, 1, task: "other"),
    ]
    #expect(
      PaperComparison(rows).reversals == [
        "`fc` errs less than `ram-3` and `ram-4` here, and more in the paper.",
        "`ram-4` errs less than `ram-3` here, and more in the paper.",
      ])
  }
}

@Suite("What a figure shows") struct FigureFindingsTests {
  private func sentence(_ figure: String, _ tables: [String: String], of conditions: [String] = []) throws
    -> String?
  {
    let folder = try TemporaryFolder()
    for (name, text) in tables {
      try text.write(toFile: folder[name + ".csv"], atomically: false, encoding: .utf8)
    }
    return try FigureFindings(folder: folder.path, conditions: conditions, suffix: "").sentence(for: figure)
  }

  private func runs(_ rows: String...) -> [String: String] {
    ["runs": Study.runColumns.joined(separator: ",") + "\n" + rows.map { $0 + "\n" }.joined()]
  }

  @Test("the best and the worst, and what learned places gain")
  func errors() throws {
    let tables = runs(
      "conv,1,9,9,9,5.0,16.000,,,8.09", "ram-8,1,9,9,9,5.0,10.000,7.0,5.0,4.04",
      "ram-8-random,1,9,9,9,5.0,26.500,7.0,5.0,14.4")
    #expect(
      try sentence("error-by-model", tables)
        == "Here `ram-8` errs least, 10.00 %, and `ram-8-random` most, 26.50 %, from one seed each; with learned "
        + "places `ram-8` errs 16.50 points less than with random ones; the best recurrent model, `ram-8`, errs 6.00 "
        + "points less than the best network that sees every pixel, `conv`.")
    #expect(try sentence("error-by-model", tables, of: ["conv"]) == nil)
  }

  @Test("intervals that reach into that of the best are named")
  func overlap() throws {
    let tables = runs(
      "a,1,9,9,9,5.0,4.000,,,", "a,2,9,9,9,5.0,4.200,,,", "b,1,9,9,9,5.0,4.500,,,", "b,2,9,9,9,5.0,4.600,,,")
    #expect(
      try sentence("error-by-model", tables)?.hasSuffix("; the intervals of `b` reach into that of the best.")
        == true)
  }

  @Test("answers after the first and the last glimpse, and how far the gaze moves")
  func paths() throws {
    let rows = [
      "1,7,1,0.0,0.0,9,9,1,0.5", "1,7,2,0.3,0.4,9,9,7,0.5", "2,3,1,0.0,0.0,9,9,3,0.5",
      "2,3,2,0.0,0.1,9,9,5,0.5",
    ]
    let table = ([Study.glimpseColumns.joined(separator: ",")] + rows).map { $0 + "\n" }.joined()
    #expect(
      try sentence("glimpse-paths", ["glimpses": table])
        == "Here 1 of 2 answers are right after the first glimpse and 1 after the last; between two glimpses the gaze "
        + "moves 0.30 half-widths of the image on average.")
  }

  @Test("a figure that nobody knows has no finding, and words are listed with an and")
  func unknown() throws {
    #expect(try sentence("own-figure", [:]) == nil)
    #expect(spokenList([]) == "" && spokenList(["a"]) == "a" && spokenList(["a", "b", "c"]) == "a, b and c")
  }
}
