import Learning
import RecurrentAttention
import StudyKit

/// One choice of the recipe that is removed, all else equal.
struct Ablation: Sendable {
  let name: String
  /// What stands in its place.
  let label: String
  private var network: @Sendable (RecurrentAttention) throws -> RecurrentAttention = { $0 }
  private var training: (@Sendable (inout TrainingSettings) -> Void)?

  static func objective(
    _ name: String, _ label: String, _ change: @escaping @Sendable (inout ClassificationObjective) -> Void
  ) -> Ablation { Ablation(name: name, label: label, network: { try $0.changingObjective(change) }) }

  static func gaze(
    _ name: String, _ label: String, _ change: @escaping @Sendable (inout GaussianGaze) -> Void
  ) -> Ablation { Ablation(name: name, label: label, network: { try $0.changingGaze(change) }) }

  static func training(
    _ name: String, _ label: String, _ change: @escaping @Sendable (inout TrainingSettings) -> Void
  ) -> Ablation { Ablation(name: name, label: label, training: change) }

  /// A task's recipe without it; nil for a task whose recipe never had it.
  func condition(_ task: String, _ world: any World, _ recipe: RecurrentAttention) throws -> Condition? {
    let changed = try network(recipe)
    guard training != nil || changed.configuration != recipe.configuration else { return nil }
    return try Condition("\(name)-\(task)", label, on: world, changed, training: training ?? { _ in })
  }
}
