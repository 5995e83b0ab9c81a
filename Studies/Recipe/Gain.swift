import AttentionStudies
import StudyKit

/// How much the test error rises without one choice: a row of `gains.csv`.
struct Gain: Sendable {
  let task: String
  let condition: Condition
  /// Test errors with the choice and without it.
  let recipe: Interval
  let error: Interval
  let contrast: Contrast

  /// One for each condition that has a seed in common with the recipe.
  static func all(_ task: String, of recipe: Condition, over others: [Condition], in study: Study) -> [Gain] {
    others.compactMap { other in
      guard let recipeError = study.error(of: recipe), let otherError = study.error(of: other),
        let contrast = study.contrast(other, with: recipe)
      else { return nil }
      return Gain(task: task, condition: other, recipe: recipeError, error: otherError, contrast: contrast)
    }
  }

  /// The choices without which the error of a task is distinguishably larger, and those without which it is smaller.
  static func finding(_ study: Study) throws -> String? {
    let sentences = try study.table("gains").groups(by: "task").compactMap { task, rows -> String? in
      func list(_ word: String, _ sign: Double) throws -> String? {
        let sure = try rows.compactMap { row -> String? in
          guard let gain = try row.number("gain_percent"), let half = try row.number("gain_half_width"),
            sign * gain > half
          else { return nil }
          return "\(try row.text("label")) (\((sign * gain).fixed(2)) points)"
        }
        return sure.isEmpty ? nil : "distinguishably \(word) with \(spokenList(sure))"
      }
      guard try rows.contains(where: { try $0.number("gain_half_width") != nil }) else { return nil }
      let parts = try [list("worse", 1), list("better", -1)].compactMap(\.self)
      return parts.isEmpty
        ? "\(task): no difference is distinguishable from chance."
        : "\(task): \(parts.joined(separator: "; "))."
    }
    return sentences.isEmpty
      ? "One seed gives no verdict." : (sentences + [Contrast.chance]).joined(separator: " ")
  }
}

extension Table where Row == Gain {
  static var gains: Table {
    Table(
      "gains", "One row for each choice of the recipe that was removed, and each task.",
      [
        .text("condition", "Name of the condition.", \.condition.name),
        .text("label", "What replaces the choice.", \.condition.label),
        .text("task", "`28x28` (centered), `translated`, `60x60` or `100x100` (cluttered).", \.task),
        .number(
          "recipe_percent", "Test error of the recipe, mean over seeds.", in: .percent, places: 3,
          \.recipe.mean),
        .number(
          "error_percent", "Test error without the choice, mean over seeds.", in: .percent, places: 3,
          \.error.mean),
      ]
        + overSeeds(
          "gain_percent", "The second minus the first of the same seed, percentage points", in: .any,
          \.contrast.difference) + [.count("seeds", "Seeds that both have.", \.contrast.difference.count)])
  }
}
