import Learning
import RecurrentAttention

/// One way to estimate the gradient of equation (2): a reward, a baseline and an advantage.
struct Estimator: Sendable {
  let name: String
  let label: String
  let reward: any Reward
  let baseline: any Baseline
  let advantage: any Advantage
  let episodes: Int
  /// The unbiased estimator that its mean is compared with; the less noise that one has, the smaller the bias it reveals.
  let unbiased: String

  init(
    _ name: String, _ label: String, _ reward: any Reward, _ baseline: any Baseline,
    _ advantage: any Advantage = ReturnMinusBaseline(), episodes: Int = 1, unbiased: String = "none"
  ) {
    (self.name, self.label, self.reward) = (name, label, reward)
    (self.baseline, self.advantage, self.episodes) = (baseline, advantage, episodes)
    self.unbiased = unbiased
  }

  /// Sets these parts of an objective, and nothing else.
  func apply(to objective: inout ClassificationObjective) {
    (objective.reward, objective.baseline, objective.advantage) = (reward, baseline, advantage)
    objective.episodes = episodes
  }

  /// Whether every step takes a second look, forward only.
  var looksTwice: Bool { baseline.needsMeanRun || advantage is LookAhead }

  /// Gives it as many multiply-adds as those that look twice: four thirds of the episodes, in batches of the same size.
  func equalise(_ settings: inout TrainingSettings) {
    if !looksTwice { settings.examplesPerEpoch = settings.examplesPerEpoch * 4 / 3 }
    settings.batchSize /= episodes
    settings.examplesPerEpoch /= episodes
  }

  /// Multiply-adds of an epoch so equalised. The backward pass of an episode counts as two forward passes, and its second look
  /// as one.
  func multiplyAddsPerEpoch(
    _ network: RecurrentAttention, on world: any World, _ settings: TrainingSettings
  ) -> Double {
    var settings = settings
    equalise(&settings)
    let passes = settings.examplesPerEpoch * episodes * (looksTwice ? 4 : 3)
    return Double(passes) * Double(network.multiplyAdds(on: world) ?? 0)
  }
}
