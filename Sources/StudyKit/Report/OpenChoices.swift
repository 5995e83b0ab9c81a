import Learning

/// What the paper leaves open and a study decides, in sentences for its report. They are derived from what is trained,
/// so they cannot differ from it.
extension Study {
  var trainingChoices: [String] {
    let training = plan.training
    return [
      "\(training.updateRule.summary), batches of \(training.batchSize), learning rate \(training.learningRate.summary)"
        + (training.precision == .bfloat16 ? ", factors of products rounded to bfloat16" : "")
        + (training.clippingNorm.map { ", gradients clipped to norm \($0)" } ?? "")
        + (training.weightDecay > 0 ? ", weight decay \(training.weightDecay)" : "")
        + ": the paper trains by SGD with momentum 0.9 in batches of 20 and states no learning rate."
    ]
  }

  /// Each choice once. If only some of the networks have made it, the sentence names those conditions, or the others.
  var networkChoices: [String] {
    let choosing = conditions.filter { !$0.network.openChoices.isEmpty }
    let choices = choosing.flatMap(\.network.openChoices).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    func names(_ conditions: [Condition]) -> String {
      conditions.map { "`\($0.name)`" }.joined(separator: ", ")
    }
    return choices.map { choice in
      let made = choosing.filter { $0.network.openChoices.contains(choice) }
      let others = choosing.filter { !$0.network.openChoices.contains(choice) }
      if others.isEmpty { return choice }
      return others.count < made.count ? "\(choice) (Not \(names(others)).)" : "\(choice) (\(names(made)).)"
    }
  }

  func choicesPage(_ choices: [String]) -> String {
    choices.isEmpty ? "" : "\n## What is ours\n\n" + choices.map { "- \($0)\n" }.joined()
  }
}
