import Learning
import RecurrentAttention
import StudyKit

/// The gradient of the location network's decision for one glimpse, by one estimator: a row of `estimators.csv`.
struct MeasuredEstimator: Sendable {
  let parameters: String
  let estimator: String
  /// The glimpse that was decided, from 2; nil for all together.
  let glimpse: Int?
  /// The estimator that its mean was compared with.
  let unbiased: String
  let moments: GradientMoments

  /// Measures every estimator and glimpse at a learner's parameters, relative to the first estimator; empty if the
  /// parameters are missing.
  static func all(
    at point: String, _ learner: (any Learner)?, _ estimators: [Estimator], _ preset: Preset,
    on world: any World, threads: Int
  ) throws -> [MeasuredEstimator] {
    guard let model = learner as? RecurrentAttentionModel else { return [] }
    // K draws, each the gradient of one batch, and the scenes that baselines are fitted to; ours: enough for narrow intervals.
    let (count, fittingScenes) =
      switch preset {
      case .smoke: (8, 512)
      case .quick: (1_024, 8_192)
      case .paper: (4_096, 51_200)
      }
    let batch = 64  // as in the recipe
    let progress = Progress(fraction: point == "fresh" ? 0 : 1, epoch: 0)
    let draws = try concurrently(estimators.count, threads: threads) { index in
      let objective = ClassificationObjective {
        estimators[index].apply(to: &$0)
        $0.reinforceWeight = .constant(1)
      }
      let gradients = GlimpseGradients(of: model, by: objective, episodes: batch, on: world, at: progress)
      // ours: seeds that no training has, so that its scenes are not measured again
      try gradients.fitBaseline(scenes: fittingScenes, seed: 1_000_002)
      let draws = try (0..<count).map { index in
        try throwIfStopped()
        return try gradients.draw(index, seed: 1_000_001)
      }
      // By decision, and all of them together.
      return draws[0].indices.map { t in draws.map { $0[t] } } + [draws.map { sum(of: $0).map { Float($0) } }]
    }
    let glimpses = draws[0].count
    return try concurrently(estimators.count * glimpses, threads: threads) { index in
      let (own, place) = (index / glimpses, index % glimpses)
      let unbiased = estimators.firstIndex { $0.name == estimators[own].unbiased } ?? 0
      return MeasuredEstimator(
        parameters: point, estimator: estimators[own].name,
        glimpse: place < glimpses - 1 ? place + 2 : nil, unbiased: estimators[unbiased].name,
        moments: GradientMoments(
          draws[own][place], reference: draws[0][place], unbiased: draws[unbiased][place]))
    }
  }
}

extension Table where Row == MeasuredEstimator {
  static var estimators: Table {
    func float(
      _ name: String, _ about: String, in quantity: Quantity = .any, empty: String? = nil,
      _ value: @escaping @Sendable (GradientMoments) -> Double?
    ) -> Column<Row> {
      .number(name, about, in: quantity, empty: empty) { value($0.moments).map { Double(Float($0)) } }
    }
    let (noReference, noSpread) = ("when the first estimator has no variance", "when all draws are equal")
    return Table(
      "estimators",
      "One row for each set of parameters, estimator and glimpse: the location network's gradient of a batch.",
      [
        .text("parameters", "`fresh`, `part trained` or `trained`.", \.parameters),
        .text("estimator", "Name of the estimator and of its condition.", \.estimator),
        .count(
          "glimpse", "The glimpse whose location is decided.", in: Quantity(from: 2),
          empty: "for all glimpses together", \.glimpse),
        .count("draws", "Independent draws of the gradient.", in: .ordinal, \.moments.draws),
        float("trace", "Trace of the gradient's covariance.", in: .positive, \.trace),
        float(
          "relative_trace", "The trace over that of the first estimator.", in: .positive, empty: noReference,
          \.relativeTrace?.value),
        float(
          "relative_trace_low", "Lower end of its 95 % jackknife interval.", empty: noReference,
          \.relativeTrace?.low),
        float(
          "relative_trace_high", "Upper end of its 95 % jackknife interval.", empty: noReference,
          \.relativeTrace?.high),
        float(
          "mean_square",
          "Unbiased estimate of the mean gradient's squared length; below 0 when the mean is lost in the noise.",
          \.meanSquare),
        float("signal_to_noise", "`mean_square` over `trace`.", empty: noSpread, \.signalToNoise?.value),
        float(
          "signal_to_noise_low", "Lower end of its 95 % interval; above 0 when the mean is not lost.",
          empty: noSpread, \.signalToNoise?.low),
        float(
          "signal_to_noise_high", "Upper end of its 95 % interval.", empty: noSpread, \.signalToNoise?.high),
        .text("unbiased", "The unbiased estimator whose mean this one's was compared with.", \.unbiased),
        float(
          "bias_ratio",
          "Squared length of the difference between the two means, over its expectation for equal means: about 1 when "
            + "the estimator is unbiased.", in: .positive, empty: "when the two do not differ", \.bias?.ratio),
        float(
          "bias_limit",
          "The value that `bias_ratio` stays below in 97.5 % of such measurements of equal means.",
          in: .positive, empty: "when the two do not differ", \.bias?.limit),
      ])
  }
}
