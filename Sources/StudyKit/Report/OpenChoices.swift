import Learning

/// What the paper leaves open and a study decides, in sentences for its report. They are derived from what is trained,
/// so they cannot differ from it.
extension Study {
  var trainingChoices: [String] {
    choices { condition in
      let training = condition.training(plan.training)
      return [
        "\(training.updateRule.summary), batches of \(training.batchSize), learning rate \(training.learningRate.summary)"
          + (training.precision == .bfloat16 ? ", factors of products rounded to bfloat16" : "")
          + (training.clippingNorm.map { ", gradients clipped to norm \($0)" } ?? "")
          + (training.weightDecay > 0 ? ", weight decay \(training.weightDecay)." : ".")
      ]
    } + ["The paper trains by SGD with momentum 0.9 in batches of 20 and states no learning rate."]
  }

  var networkChoices: [String] { choices(\.network.openChoices) }

  /// Each choice once. If only some of the conditions have made it, the sentence names those, or the others.
  private func choices(_ made: (Condition) -> [String]) -> [String] {
    let choosing = conditions.filter { !made($0).isEmpty }
    let choices = choosing.flatMap(made).grouped(by: \.self).map(\.key)
    func names(_ conditions: [Condition]) -> String {
      conditions.map { "`\($0.name)`" }.joined(separator: ", ")
    }
    return choices.map { choice in
      let these = choosing.filter { made($0).contains(choice) }
      let others = choosing.filter { !made($0).contains(choice) }
      if others.isEmpty { return choice }
      return others.count < these.count
        ? "\(choice) (All but \(names(others)).)" : "\(choice) (Only \(names(these)).)"
    }
  }

  func choicesPage(_ choices: [String]) -> String {
    choices.isEmpty ? "" : "\n## Our choices\n\n" + choices.map { "- \($0)\n" }.joined()
  }
}
