import Learning
import RecurrentAttention
import StudyKit

/// One choice of a model or of its training that is changed, all else equal.
public struct Ablation: Sendable {
  public let name: String
  /// What stands in the place of the choice.
  public let label: String
  private var change: @Sendable (RecurrentAttention) throws -> RecurrentAttention = { $0 }
  private var training: (@Sendable (inout TrainingSettings) -> Void)?

  public static func network(
    _ name: String, _ label: String, _ change: @escaping @Sendable (inout RecurrentAttention) -> Void
  ) -> Ablation { Ablation(name: name, label: label, change: { $0.with(change) }) }

  public static func objective(
    _ name: String, _ label: String, _ change: @escaping @Sendable (inout ClassificationObjective) -> Void
  ) -> Ablation { Ablation(name: name, label: label, change: { try $0.changingObjective(change) }) }

  public static func gaze(
    _ name: String, _ label: String, _ change: @escaping @Sendable (inout GaussianGaze) -> Void
  ) -> Ablation { Ablation(name: name, label: label, change: { try $0.changingGaze(change) }) }

  public static func training(
    _ name: String, _ label: String, _ change: @escaping @Sendable (inout TrainingSettings) -> Void
  ) -> Ablation { Ablation(name: name, label: label, training: change) }

  /// A model with the change; nil where it changes nothing, because the model never had the choice.
  ///
  /// - Parameter task: the end of the condition's name, where a study has several tasks.
  public func condition(
    on world: any World, _ network: RecurrentAttention, task: String? = nil
  ) throws -> Condition? {
    let changed = try change(network)
    guard training != nil || changed.configuration != network.configuration else { return nil }
    return try Condition(
      Study.name(name, task), label, on: world, changed, training: training ?? { _ in })
  }
}
