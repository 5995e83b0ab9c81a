import NumericCore

/// The hybrid loss (section 3.1): cross entropy for the class, REINFORCE for the locations, squared error for
/// the baseline.
///
///     L = mean over examples of CE(last state) - w Σ_t log N(s_t; μ_t, σ²) (R - b_t) + mean over t of (R -
///     b_t)²
///
/// R is 1 if the predicted class is right, else 0 (equation 1's reward, at the last step only). The advantage
/// R - b is a constant: no gradient enters the baseline through the second term, nor the policy through the
/// third.
struct HybridLoss {
  let classification: SoftmaxCrossEntropy
  /// The score of the locations decided from h_t, and that of a learned first location, decided from nothing.
  let score: GaussianScore?
  let firstScore: GaussianScore?
  let baseline: SquaredError?
  let settings: AttentionSettings

  /// Fills returns, advantages and weights after the forward pass; returns the sums over the rows of each shard,
  /// added up.
  ///
  /// - Parameter shards: row r is of shard r modulo this.
  func settle(
    step: TrainingStep, rows: Int, shards: Int, returnAverage: Float, returns: UnsafeMutablePointer<Float>
  ) -> Tally {
    let episodes = settings.episodes
    let perRow = 1 / Float(step.batchSize * episodes)
    let last = classification.logits.steps.upperBound - 1
    classification.weight = perRow
    if let baseline { baseline.weight = perRow / Float(baseline.x.steps.count) }
    var sums = Tally()
    for shard in 0..<shards {
      var tally = Tally()
      for row in stride(from: shard, to: rows, by: shards) {
        let isRight = classification.prediction(step: last, example: row) == Int(classification.labels[row])
        returns[row] = isRight ? 1 : 0
        tally.errors += isRight ? 0 : 1
        tally.crossEntropy += Double(classification.losses[row])
        baseline?.targets[row] = returns[row]
      }
      tally.examples = rows / shards
      tally.baselineError = Double(baseline?.mean(ofShard: shard, of: shards) ?? 0) * Double(tally.examples)
      sums += tally
    }
    for score in [score, firstScore] {
      guard let score else { continue }
      score.weight = settings.reinforceWeight * perRow
      score.standardDeviation = step.standardDeviation
      for t in score.advantages.steps {
        let advantages = score.advantages.value(at: t)
        // A learned first location is decided before there is a state for b(h) to read.
        let state = score === firstScore ? nil : baseline?.x.value(at: t)
        for row in 0..<rows {
          advantages[row, 0] =
            returns[row] - expectation(row, learned: state, returnAverage: returnAverage, returns: returns)
        }
      }
    }
    return sums
  }

  /// b_t: what the return of a row is expected to be, from anything but its own later actions.
  private func expectation(
    _ row: Int, learned: Matrix?, returnAverage: Float, returns: UnsafeMutablePointer<Float>
  ) -> Float {
    switch settings.baseline {
    case .none: return 0
    case .movingAverage: return returnAverage
    case .learned: return learned.map { $0[row, 0] } ?? returnAverage
    case .leaveOneOut:
      let episodes = settings.episodes
      let first = row / episodes * episodes
      var others: Float = 0
      for other in first..<(first + episodes) where other != row { others += returns[other] }
      return others / Float(episodes - 1)
    }
  }
}
