import Learning
import RecurrentAttention

/// One way to estimate equation (2)'s gradient: what is returned, what was expected, and who is given the credit.
struct Estimator: Sendable {
  let name: String
  let label: String
  let reward: any Reward
  let baseline: any Baseline
  let advantage: any Advantage
  let episodes: Int
  /// Another one whose mean is known to be the gradient, to compare its own with: the less noise, the smaller a bias shows.
  let unbiased: String

  init(
    _ name: String, _ label: String, _ reward: any Reward, _ baseline: any Baseline,
    _ advantage: any Advantage = ReturnLessBaseline(), episodes: Int = 1, unbiased: String = "none"
  ) {
    (self.name, self.label, self.reward) = (name, label, reward)
    (self.baseline, self.advantage, self.episodes) = (baseline, advantage, episodes)
    self.unbiased = unbiased
  }

  /// Changes nothing else in an objective.
  func apply(to objective: inout ClassificationObjective) {
    (objective.reward, objective.baseline, objective.advantage) = (reward, baseline, advantage)
    objective.episodes = episodes
  }

  /// Whether every step takes a second look, forward only: three such steps cost what four others do.
  var looksTwice: Bool { baseline.needsMeanRun || advantage is LookAhead }

  /// As much computing as those that look twice: four thirds of the episodes, in a batch of as many.
  func equalise(_ settings: inout TrainingSettings) {
    if !looksTwice { settings.examplesPerEpoch = settings.examplesPerEpoch * 4 / 3 }
    settings.batchSize /= episodes
    settings.examplesPerEpoch /= episodes
  }
}
