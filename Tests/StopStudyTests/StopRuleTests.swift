import Testing

@testable import RecurrentAttention
@testable import study_stop

@Suite("Rules of stopping")
struct StopRuleTests {
  /// Three classes, the right one is 0: what is answered by glimpse, how surely, and where the model itself stops.
  private func scene(
    _ glimpses: [(answer: Int, probability: Float)], stop: Int, pieces: Int = 0
  ) -> SceneReading {
    let path = GlimpsePath(
      label: 0,
      glimpses: glimpses.map { answer, probability in
        var probabilities = [Float](repeating: (1 - probability) / 2, count: 3)
        probabilities[answer] = probability
        return .init(x: 0, y: 0, picture: [], probabilities: probabilities)
      }, answerIndex: stop - 1)
    return SceneReading(path, pieces: pieces)
  }

  private var scenes: [SceneReading] {
    [
      scene([(0, 0.9), (0, 0.95), (0, 0.99)], stop: 1), scene([(1, 0.6), (0, 0.8), (0, 0.7)], stop: 2),
      scene([(2, 0.5), (1, 0.5), (1, 0.96)], stop: 3), scene([(0, 0.4), (2, 0.5), (0, 0.6)], stop: 2),
    ]
  }

  @Test("outcomes, worked by hand")
  func outcomes() throws {
    let action = try #require(StopOutcome(.action, over: scenes))
    #expect(action.glimpses == 2 && action.errorPercent == 50 && action.scenes == 4)
    // Above 0.75: after 1, 2, 3 and, as it never is, 3 glimpses.
    let threshold = try #require(StopOutcome(.threshold(0.75), over: scenes))
    #expect(threshold.glimpses == 2.25 && threshold.errorPercent == 25)
    #expect(StopOutcome(.action, over: []) == nil)
  }

  @Test("the threshold for a mean number of glimpses is the highest that keeps to it")
  func budgets() throws {
    for budget in [1, 1.5, 2, 2.25, 2.6, 3, 4] {
      guard case .threshold(let chosen) = StopRule.threshold(forGlimpses: budget, over: scenes) else {
        Issue.record("a threshold is asked for")
        return
      }
      func glimpses(_ threshold: Float) -> Double {
        StopOutcome(.threshold(threshold), over: scenes)?.glimpses ?? .nan
      }
      #expect(glimpses(chosen) <= budget)
      let higher = Set(scenes.flatMap(\.confidence)).filter { $0 > chosen }.map(glimpses)
      #expect(higher.allSatisfy { $0 > budget }, "\(budget)")
    }
  }

  @Test("rivals are matched to the action's glimpses on validation, by seed, and budgets are kept there")
  func rows() {
    // On test scenes everything is less sure and stops at the end, so what is chosen there is something else.
    let test = [
      scene([(0, 0.2), (0, 0.3), (0, 0.4)], stop: 3), scene([(1, 0.2), (0, 0.3), (0, 0.4)], stop: 3),
    ]
    let own = ModelReadings(condition: "own", seed: 1, validation: scenes, test: test)
    let rival = [1, 2].map {
      ModelReadings(condition: "rival", seed: $0, validation: scenes, test: test)
    }
    let rows = StopRow.all(stopping: [own], fixed: [("rival series", rival)], budgets: [1.5, 2.5])
    #expect(rows.count == 1 + 2 + 4 + 2)
    let matched = rows.filter { $0.setting == "own" }
    #expect(
      matched.map(\.series) == [StopRow.sameSeries, "rival series"] && matched.allSatisfy { $0.seed == 1 })
    #expect(matched.allSatisfy { $0.budget == 2 && $0.validation.glimpses <= 2 && $0.test.glimpses == 3 })
    for row in matched {
      guard
        case (.threshold(let chosen), .threshold(let expected)) = (
          row.rule, StopRule.threshold(forGlimpses: 2, over: scenes)
        )
      else {
        Issue.record("a threshold is asked for")
        return
      }
      #expect(chosen == expected)
    }
    #expect(rows.filter { $0.setting == "budget" }.allSatisfy { $0.validation.glimpses <= $0.budget ?? 0 })
    #expect(rows.filter { $0.series == StopRow.fixedSeries }.count == 2)
  }

  @Test("scenes by pieces of clutter, worked by hand; a number of pieces that no scene has gets no row")
  func difficulty() throws {
    let right = scene([(0, 0.9), (0, 0.9), (0, 0.9)], stop: 1, pieces: 0)
    let late = scene([(1, 0.6), (0, 0.8), (0, 0.7)], stop: 3, pieces: 2)
    let wrong = scene([(2, 0.5), (1, 0.5), (1, 0.9)], stop: 2, pieces: 2)
    let readings = [1, 2].map {
      // On validation scenes nothing is counted.
      ModelReadings(
        condition: "own", seed: $0, validation: [wrong],
        test: $0 == 1 ? [right, late, wrong] : [right, late, late])
    }
    let rows = DifficultyRow.all(readings)
    #expect(rows.map(\.pieces) == [0, 2] && rows.map(\.scenes) == [1, 2])
    #expect(rows.map(\.glimpses.mean) == [1, 2.75] && rows.map(\.error.mean) == [0, 25])
    #expect(rows.allSatisfy { $0.condition == "own" && $0.glimpses.count == 2 })
  }
}
