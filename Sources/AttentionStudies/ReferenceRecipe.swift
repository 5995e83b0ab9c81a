import Learning
import StudyKit

/// How the paper's reference networks are trained. Each function changes the training of the attention models for one kind
/// of network; Documentation/recipe.md has the trials.
public enum ReferenceRecipe {
  /// For the convolutional network, whose filters become so small under Adam that a single step changes them completely,
  /// and for the fully connected one of 64 units, which has a larger error under Adam.
  public static func sgd(_ training: inout TrainingSettings) {
    training.updateRule = Momentum()  // paper: for its own network
    training.learningRate = .linear(from: 0.03, to: 0)  // paper: linear to zero; ours: the rate
    training.weightDecay = 0  // ours: it raised the error at 100x100
  }

  /// For the fully connected network of 256 units, which after 12 million scenes had the same error under Adam and under SGD
  /// (one seed each).
  public static func largeBatches(_ training: inout TrainingSettings) {
    training.batchSize = 128  // ours: an update of up to a million weights takes the same time for any batch
  }

  /// For the convolutional network on scenes that are all new.
  public static func convolutional(_ preset: Preset) -> @Sendable (inout TrainingSettings) -> Void {
    {
      sgd(&$0)
      if preset == .paper { $0.examplesPerEpoch *= 3 }  // ours: its error still falls after 12 million scenes
    }
  }
}
