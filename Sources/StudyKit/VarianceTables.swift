import Foundation
import NumericCore
import RecurrentAttention
import VisualTasks

/// Equation (2)'s baseline, measured: mean and variance of the location network's gradient.
extension Study {
  static let varianceColumns = [
    "parameters", "baseline", "episodes", "draws", "mean_square", "trace", "trace_low", "trace_high",
    "signal_to_noise", "signal_to_noise_low", "signal_to_noise_high", "difference_ratio", "difference_limit",
  ]
  static let baselines: [(name: String, baseline: AttentionSettings.ReturnBaseline)] = [
    ("none", .none), ("moving-average", .movingAverage), ("learned", .learned),
    ("leave-one-out", .leaveOneOut),
  ]

  /// How many draws the measurement rests on.
  public struct VarianceBudget: Sendable {
    /// Scenes in the batch whose gradient is drawn; they stay the same.
    public var scenes: Int
    /// Episodes of each scene in all draws together: M of them make one draw.
    public var episodes: Int
    /// The M that are measured.
    public var groups: [Int]

    public init(scenes: Int, episodes: Int, groups: [Int]) {
      (self.scenes, self.episodes, self.groups) = (scenes, episodes, groups)
    }
  }

  /// Writes `variance.csv`: for every set of parameters, number of episodes and baseline the squared length
  /// of the mean gradient, the trace of its covariance, and their ratio, each of the gradient of a whole
  /// batch.
  ///
  /// `difference_ratio` compares the mean with that of no baseline on the same episodes: the squared length
  /// of the difference of means in units of what chance makes of it. It is about 1 when the means are equal,
  /// and below `difference_limit` in 97.5 of 100 such measurements.
  ///
  /// - Parameter points: names of the sets of parameters, and the conditions whose first seed's network they
  ///   are; a fresh one has the network's initial weights.
  public func writeGradientVariance(
    _ points: [(name: String, condition: Condition, isFresh: Bool)], budget: VarianceBudget
  ) throws {
    if options.figuresOnly { return }
    var table = CSVTable(header: Self.varianceColumns)
    for point in points {
      guard let run = finishedRuns(of: point.condition).first, let trained = try trainedModel(of: run) else {
        continue
      }
      let task = point.condition.task
      let fresh = point.condition.network.learner(side: task.side, classes: task.classCount, seed: run.seed)
      guard let model = point.isFresh ? fresh as? RecurrentAttentionModel : trained else { continue }
      let deviation = run.training.standardDeviation.value(progress: point.isFresh ? 0 : 1, epoch: 0)
      for episodes in budget.groups {
        let baselines = Self.baselines.filter { episodes > 1 || $0.baseline != .leaveOneOut }
        // All baselines side by side: threads take whole ones, so their number changes no digit.
        let draws = concurrently(baselines.count, threads: options.threadCount) { index in
          model.locationGradients(
            baseline: baselines[index].baseline, episodes: episodes, draws: 0..<(budget.episodes / episodes),
            on: task, scenes: budget.scenes, standardDeviation: deviation, seed: run.seed)
        }
        for (index, baseline) in baselines.enumerated() {
          let moments = GradientMoments(draws[index])
          let differences = zip(draws[index], draws[0]).map { a, b in zip(a, b).map { $0 - $1 } }
          let difference = GradientMoments(differences)
          table.rows.append(
            [
              .text(point.name), .text(baseline.name), .integer(episodes), .integer(moments.draws),
            ]
              + [
                moments.meanSquare, moments.trace, moments.traceInterval.lowerBound,
                moments.traceInterval.upperBound, moments.signalToNoise,
                moments.signalToNoiseInterval.lowerBound, moments.signalToNoiseInterval.upperBound,
              ].map { CSVValue.number(Double(Float($0))) }
              + [CSVValue(difference.meanRatio, places: 3), CSVValue(difference.meanRatioLimit, places: 3)])
        }
      }
      print("gradient variance: \(point.name) parameters measured")
    }
    try write(table, as: "variance")
  }
}
