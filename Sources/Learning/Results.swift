/// The result of one epoch: a row of `curves.csv`.
public struct EpochResult: Sendable, Codable, Equatable {
  public var epoch: Int
  /// Examples trained on since the start.
  public var examples: Int
  /// At the epoch's last step.
  public var learningRate: Float
  /// Values of the learner's schedules at that step, by name: "location_deviation".
  public var scheduled: [String: Float]
  /// Errors of the training examples as they were trained on, with sampled policies.
  public var trainErrorPercent: Double
  /// Means over the training examples, by name: "cross_entropy".
  public var metrics: [String: Double]
  /// Mean over the epoch's steps, before clipping.
  public var gradientNorm: Double
  /// With policies at their means.
  public var validationErrorPercent: Double
}

/// Errors of a learner on one split, %: policies at their means, one sampled rollout, and the average of several.
public struct Evaluation: Sendable, Codable, Equatable {
  public var examples: Int
  /// Mean over the examples, in the learner's own unit: nats for cross entropy.
  public var loss: Double
  /// One rollout with policies at their means: the headline.
  public var errorPercent: Double
  /// One rollout with sampled policies; nil where nothing is sampled.
  public var sampledErrorPercent: Double?
  /// Scores averaged over several sampled rollouts: an extra, never the headline. For a player, the one sampled rollout.
  public var averagedErrorPercent: Double?
}
