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

/// The digits that a run saw, by the checksums in its configuration.
enum DataSource: Equatable, CustomStringConvertible {
  case mnist
  case other(String)

  /// CRC-32 of MNIST's four files, unpacked.
  private static let mnistChecksums = [
    "train-images-idx3-ubyte": "e9f4d8b3", "train-labels-idx1-ubyte": "e0cb4ad2",
    "t10k-images-idx3-ubyte": "91373bdf", "t10k-labels-idx1-ubyte": "4ab9eff9",
  ]

  /// Each source once; none where no world is made of digits.
  static func all(of conditions: [Condition]) -> [DataSource] {
    conditions.reduce(into: []) { found, condition in
      guard case .nested(let digits)? = condition.world.configuration["digits"] else { return }
      let source = DataSource(digits)
      if !found.contains(source) { found.append(source) }
    }
  }

  private init(_ digits: Configuration) {
    let isMNIST = Self.mnistChecksums.allSatisfy { digits[$0.key] == .text($0.value) }
    self = isMNIST ? .mnist : .other(digits["train-images-idx3-ubyte"]?.description ?? digits.key)
  }

  var description: String {
    switch self {
    case .mnist: "MNIST"
    case .other(let checksum): "checksum \(checksum)"
    }
  }
}
