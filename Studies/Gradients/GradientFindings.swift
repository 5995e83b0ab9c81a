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
    // One seed cannot tell a difference from chance.
    let contrasts = changes.compactMap { study.contrast($0, with: recipe) }.filter {
      $0.difference.halfWidth != nil
    }
    let compared = contrasts.isEmpty ? [] : [contrasts.map(\.sentence).joined(separator: "; ") + "."]
    let sentences = reached + compared
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }
}
