import NumericCore
import RecurrentAttention
import Training

/// What the paper leaves open and every training decides, in sentences for the report: read off the settings,
/// so that they cannot differ from what was run.
extension Study {
  var trainingChoices: [String] {
    let training = plan.training
    var choices = [
      "\(training.optimizer.summary), batches of \(training.batchSize), learning rate "
        + "\(training.learningRate.summary)"
        + (training.precision == .bfloat16 ? ", factors of products rounded to bfloat16" : "")
        + (training.clippingNorm.map { ", gradients clipped to norm \($0)" } ?? "")
        + ": the paper trains by SGD with momentum 0.9 in batches of 20 and states no learning rate."
    ]
    let attention = conditions.lazy.compactMap { condition -> AttentionSettings? in
      guard case .attention(let settings) = condition.network, settings.policy == .learned else { return nil }
      return settings
    }
    if let settings = attention.first { choices += settings.openChoices(training) }
    return choices
  }
}

extension OptimizerKind {
  var summary: String {
    switch self {
    case .momentum(let decay): "SGD with momentum \(decay)"
    case .adam: "Adam"
    }
  }
}

extension AttentionSettings {
  func openChoices(_ training: TrainingSettings) -> [String] {
    let first =
      switch firstGlimpse {
      case .center: "The first glimpse is at the image's centre"
      case .uniform: "The first glimpse is uniform over the image"
      case .learned: "The first glimpse is learned"
      }
    let mean =
      switch squashing {
      case .none: "free to leave the image"
      case .clip: "clipped to the image"
      case .tanh: "kept in the image by tanh"
      }
    let start = recurrentStart == .identity ? "at the identity" : "at random"
    let reach =
      headGradient == .headsOnly
      ? "stay in their heads; only cross entropy trains the core" : "enter the core too"
    return [
      "\(first); the location's mean is \(mean), its deviation is \(training.standardDeviation.summary) half-widths.",
      "Recurrent weights start \(start); gradients of location and baseline \(reach).",
      "\(episodes == 1 ? "One episode" : "\(episodes) episodes") per image and step; the weight of REINFORCE beside "
        + "cross entropy is \(reinforceWeight).",
      "Patches are mean-pooled; what lies outside the image is zero.",
    ]
  }
}
