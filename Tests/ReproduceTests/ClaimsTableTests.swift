import StudyKit
import Testing

@testable import reproduce

private func row(
  _ mean: Double?, _ halfWidth: Double?, paper: Double? = nil, measure: Measure = .error,
  preset: Preset = .paper
) -> ResultsTable.Row {
  ResultsTable.Row(
    group: "a world", condition: "a", label: "a", measure: measure, paper: paper, mean: mean,
    halfWidth: halfWidth,
    sampled: nil, seeds: halfWidth == nil ? 1 : 3, diverged: 0, study: "centered", preset: preset)
}

@Suite("A claim of the paper")
struct ClaimsTableTests {
  @Test("holds or fails only where two intervals of the same preset lie apart")
  func claims() {
    let cases: [(ResultsTable.Row?, ResultsTable.Row?, ClaimsTable.Verdict)] = [
      (row(2, 0.5), row(4, 0.5), .holds), (row(4, 0.5), row(2, 0.5), .fails),
      (row(2, 1), row(4, 1), .overlap), (row(4, 1), row(2, 1), .overlap),
      (row(2, nil), row(4, 0.5), .seeds), (row(2, 0.5), row(4, nil), .seeds),
      (row(2, 0.5, preset: .quick), row(4, 0.5), .presets), (nil, row(4, 0.5), .missing),
      (row(2, 0.5), row(nil, nil), .missing),
    ]
    for (less, more, verdict) in cases { #expect(ClaimsTable.verdict(less, more) == verdict) }
  }

  @Test("about one number is judged by our interval, and a single seed has no verdict")
  func numbers() {
    #expect(ClaimsTable.verdict(row(4, 0.5, paper: 4.5)) == .inside)
    #expect(ClaimsTable.verdict(row(4, 0.5, paper: 4.6)) == .better)
    #expect(ClaimsTable.verdict(row(4, 0.5, paper: 3.4)) == .worse)
    #expect(ClaimsTable.verdict(row(90, 1, paper: 85, measure: .caught)) == .otherRules)
    #expect(ClaimsTable.verdict(row(4, nil, paper: 4)) == .open)
    #expect(ClaimsTable.verdict(row(nil, nil, paper: 4)) == .diverged)
    #expect(ClaimsTable.verdict(row(4, 0.5)) == nil)
  }
}
