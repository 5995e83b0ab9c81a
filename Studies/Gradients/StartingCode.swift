import Learning
import RecurrentAttention

/// The TensorFlow tutorial that this project started from, with its mistake: the gradient of the location's mean is
/// stopped. Numbers are the tutorial's unless they are marked.
enum StartingCode {
  static var network: RecurrentAttention {
    // ours: the deviation, which is an option there
    var gaze = GaussianGaze(deviation: .constant(0.22), first: .uniform)
    (gaze.squashing, gaze.score) = (.clip, .stoppedMean)
    var network = RecurrentAttention(
      glimpses: 7, sensor: Retina(patchSide: 8, scales: 1), gaze: gaze,  // a random glimpse, and six more
      // It averages log-likelihoods over six steps; here they are summed.
      objective: ClassificationObjective { $0.reinforceWeight = .constant(1 / 6) })
    network.core = LSTMCore()
    return network
  }

  @Sendable static func training(_ settings: inout TrainingSettings) {
    settings.learningRate = .exponential(from: 1e-3, decayPerEpoch: 0.97, floor: 1e-4)
    settings.weightDecay = 0
  }
}
