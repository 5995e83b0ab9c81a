import AttentionStudies
import StudyKit

/// What the table says, for the report.
enum GradientFindings {
  /// What the recipe and each of the unchanged ways to train reach, and which changes make a difference.
  static func errors(
    _ recipe: Condition, _ changes: [Condition], _ completeRecipes: [Condition], in study: Study
  )
    -> String?
  {
    let reached = ([recipe] + completeRecipes).compactMap { condition in
      study.error(of: condition).map { "`\(condition.name)` reaches \($0.formatted()) %." }
    }
    let compared = Contrast.sentences(changes.compactMap { study.contrast($0, with: recipe) })
    let sentences = reached + [compared].compactMap(\.self)
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }
}
