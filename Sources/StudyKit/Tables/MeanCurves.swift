import Learning

/// The validation of a condition after an epoch, over its seeds: a row of `mean_curves.csv`.
struct MeanEpoch {
  let condition: String
  let epoch: Int
  let examples: Int
  let validation: Interval

  /// In the order of epochs, condition by condition. A run that diverged counts as far as it went.
  static func all(_ summaries: [ConditionSummary], _ measure: Measure) -> [MeanEpoch] {
    summaries.flatMap { summary in
      summary.records.flatMap(\.curve).grouped(by: \.epoch).compactMap { epoch, results in
        Interval(results.map { measure.percent(ofError: $0.validationErrorPercent) }).map {
          MeanEpoch(
            condition: summary.condition.name, epoch: epoch, examples: results[0].examples, validation: $0)
        }
      }
    }
  }
}

extension Table where Row == MeanEpoch {
  static func meanCurves(_ measure: Measure) -> Table {
    let key: [Column<Row>] = [
      .text("condition", "Name of the condition, as in `runs.csv`.", \.condition),
      .count("epoch", "Counted from 1.", in: .ordinal, \.epoch),
      .count("examples", "Examples trained on since the start of the run.", \.examples),
    ]
    return Table(
      "mean_curves", "One row for each epoch of each condition, over its seeds.",
      key
        + overSeeds(
          "validation_\(measure.word)_mean_percent",
          "\(measure.subject) on the validation examples after the epoch, with policies at their means",
          halfWidth: "half_width_percent", \.validation)
        + [.count("seeds", "Number of runs that are averaged.", in: .ordinal, \.validation.count)])
  }
}
