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
  static func finding(_ gains: [Gain]) -> String {
    let judged = gains.filter { $0.contrast.difference.halfWidth != nil }
    guard !judged.isEmpty else { return "One seed gives no verdict." }
    let sentences = judged.grouped(by: \.task).map { task, gains in
      let sure = gains.filter(\.contrast.difference.excludesZero)
      func list(_ word: String, _ gains: [Gain]) -> String? {
        let names = gains.map {
          "\($0.condition.label) (\(abs($0.contrast.difference.mean).fixed(2)) points)"
        }
        return names.isEmpty ? nil : "distinguishably \(word) with \(spokenList(names))"
      }
      let parts = [
        list("worse", sure.filter { $0.contrast.difference.mean > 0 }),
        list("better", sure.filter { $0.contrast.difference.mean < 0 }),
      ].compactMap(\.self)
      return parts.isEmpty
        ? "\(task): no difference is distinguishable from chance."
        : "\(task): \(parts.joined(separator: "; "))."
    }
    return (sentences + [Contrast.chance]).joined(separator: " ")
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
