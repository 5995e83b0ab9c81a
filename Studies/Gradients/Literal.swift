import Learning
import RecurrentAttention

/// The paper to the letter (sections 3.1 and 4): 0/1 reward, b(h), SGD with momentum, small batches, rate to zero.
enum Literal {
  static let network = RecurrentAttention(
    glimpses: 6, sensor: Retina(patchSide: 12, scales: 3),  // paper
    gaze: GaussianGaze(deviation: .constant(0.15)),  // ours: by search, as the paper did; fixed (paper)
    objective: ClassificationObjective { $0.reinforceWeight = .constant(0.1) })  // ours: not stated

  @Sendable static func training(_ settings: inout TrainingSettings) {
    settings.batchSize = 20  // paper
    settings.updateRule = Momentum(0.9)  // paper
    settings.learningRate = .linear(from: 0.003)  // ours: by search, as the paper did; linear (paper)
    (settings.clippingNorm, settings.weightDecay) = (nil, 0)  // paper: none is mentioned
  }
}
