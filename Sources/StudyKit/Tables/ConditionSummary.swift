import Learning

/// The recorded runs of one condition in numbers: a row of `summary.csv`, of the report and of the README.
public struct ConditionSummary: Sendable {
  public let condition: Condition
  public let records: [RunRecord]
  public let measure: Measure
  /// Over the seeds that did not diverge: policies at their means, sampled, and scores averaged over rollouts.
  public let mean: Interval?
  public let sampled: Interval?
  public let averaged: Interval?
  /// Half the width of the 95 % interval over the test examples of one run.
  public let examplesHalfWidth: Double?

  /// Nil when nothing is recorded.
  init?(of condition: Condition, _ records: [RunRecord], _ measure: Measure) {
    guard !records.isEmpty else { return nil }
    let tests = records.compactMap(\.test)
    func interval(_ error: (Evaluation) -> Double?) -> Interval? {
      Interval(tests.compactMap(error).map(measure.percent))
    }
    self.condition = condition
    self.records = records
    self.measure = measure
    mean = interval(\.errorPercent)
    sampled = interval(\.sampledErrorPercent)
    averaged = condition.hasAverage ? interval(\.averagedErrorPercent) : nil
    // Examples beyond the size of the split show the same digits at other places, so they are not new digits.
    let examples = min(tests.first?.examples ?? 0, condition.world.count(of: .test))
    examplesHalfWidth = mean.map { Interval.binomialHalfWidth(percent: $0.mean, examples: examples) }
  }

  public var seeds: Int { mean?.count ?? 0 }
  public var diverged: Int { records.count - seeds }
  /// The largest number of examples that a run was trained on.
  public var examples: Int { records.compactMap(\.curve.last?.examples).max() ?? 0 }
}

extension RunRecord {
  /// Updates of the parameters in complete epochs.
  var steps: Int? {
    guard case .nested(let training)? = configuration["training"],
      case .integer(let batch)? = training["batch_size"], batch > 0
    else { return nil }
    return curve.last.map { $0.examples / batch }
  }
}

extension Table where Row == ConditionSummary {
  static func summary(_ measure: Measure) -> Table {
    let key: [Column<Row>] = [
      .text("condition", "Name of the condition, unique in the study.", \.condition.name),
      .text("label", "The condition's name in pages and figures.", \.condition.label),
      .text("group", "The world that the runs were trained and tested on.", \.condition.group),
      .text("measure", "What the percentages are of: `error`, or `caught`.") { _ in measure.word },
      .number(
        "paper_percent", "The paper's number.", in: .percent, empty: "where the paper has none", places: 2,
        \.condition.paper),
    ]
    return Table(
      "summary", "One row for each condition that has a recorded run.",
      key
        + overSeeds(
          "mean_percent", "\(measure.subject) on the test examples, with policies at their means",
          halfWidth: "half_width_percent",
          empty: "when every run diverged", \.mean)
        + [
          .count("seeds", "Number of runs that are averaged.", \.seeds),
          .count("diverged", "Runs that diverged; no mean includes them.", \.diverged),
        ]
        + overSeeds(
          "sampled_percent", "\(measure.subject) on the test examples, with sampled policies",
          halfWidth: "sampled_half_width_percent",
          empty: "when every run diverged, or nothing is sampled", \.sampled)
        + overSeeds(
          "averaged_percent",
          "\(measure.subject) on the test examples, with class probabilities averaged over sampled rollouts",
          halfWidth: "averaged_half_width_percent",
          empty: "when every run diverged, or rollouts have no average",
          \.averaged)
        + [
          .number(
            "examples_half_width_percent",
            "Half the 95 % interval of one run over its different test examples (binomial).",
            in: .percentagePoints, empty: "when every run diverged", places: 3, \.examplesHalfWidth),
          .count("parameters", "Number of trained parameters.", in: .ordinal, \.records.first?.parameters),
        ])
  }
}
