import Learning

/// The tables that every study has, made from the records of its folder and nothing else.
extension Study {
  /// What has been recorded of each condition, in the study's order; conditions without a record are left out.
  public var summaries: [ConditionSummary] {
    conditions.compactMap { ConditionSummary(of: $0, records(of: $0), measure) }
  }

  /// Writes `runs.csv`, `curves.csv`, `summary.csv` and `timing.csv`.
  func writeRunTables() throws {
    let summaries = summaries
    let runs = summaries.flatMap { summary in
      summary.records.map { RecordedRun(condition: summary.condition, record: $0) }
    }
    let epochs = runs.flatMap(\.epochs)
    try Table.runs(measure).write(runs, to: path(of: "runs"))
    try Table.curves(of: epochs, measure).write(epochs, to: path(of: "curves"))
    try Table.summary(measure).write(summaries, to: path(of: "summary"))
    try Table.timing.write(epochs, to: path(of: "timing"))
  }
}

/// A row of `runs.csv`.
struct RecordedRun {
  let condition: Condition
  let record: RunRecord

  var epochs: [RecordedEpoch] {
    record.curve.indices.map { index in
      let before = index > 0 ? record.curve[index - 1].examples : 0
      return RecordedEpoch(
        condition: record.condition, seed: record.seed, result: record.curve[index],
        examples: record.curve[index].examples - before,
        seconds: index < record.seconds.count ? record.seconds[index] : nil)
    }
  }
}

/// A row of `curves.csv` and of `timing.csv`.
struct RecordedEpoch {
  let condition: String
  let seed: UInt64
  let result: EpochResult
  /// Of this epoch alone.
  let examples: Int
  let seconds: Double?
}

extension Measure {
  /// In the names of columns.
  var word: String { self == .error ? "error" : "caught" }
  /// What is measured, of an error in percent.
  public func percent(ofError error: Double) -> Double { self == .error ? error : 100 - error }
}

// MARK: - Columns

extension Table where Row == RecordedRun {
  static func runs(_ measure: Measure) -> Table {
    func percent(
      _ name: String, _ about: String, _ error: @escaping @Sendable (RunRecord) -> Double?
    ) -> Column<Row> {
      .number("\(name)_percent", "\(about), %, 0 to 100.", places: 3) {
        error($0.record).map(measure.percent)
      }
    }
    let test = "test_\(measure.word)"
    return Table(
      "runs", "One row for each recorded run; one that diverged has no test.",
      [
        .text("condition", "Name of the condition, unique in the study.", \.condition.name),
        .text("label", "The condition as pages and figures call it.", \.condition.label),
        .text("group", "The world that it was trained and tested on.", \.condition.group),
        .count("seed", "Seed of the run, from 1 on.") { Int($0.record.seed) },
        .count("parameters", "Trained numbers in the network.", \.record.parameters),
        .count("steps", "Updates of the parameters; empty when the first epoch diverged.", \.record.steps),
        .count("examples", "Examples trained on.") { $0.record.curve.last?.examples ?? 0 },
        percent("validation_\(measure.word)", "After the last epoch, policies at their means") {
          $0.curve.last?.validationErrorPercent
        },
        percent(test, "Of the test examples, policies at their means; empty when it diverged") {
          $0.test?.errorPercent
        },
        percent("\(test)_sampled", "The same with sampled policies; empty where nothing is sampled") {
          $0.test?.sampledErrorPercent
        },
        percent("\(test)_averaged", "The same with scores averaged over sampled rollouts; else empty") {
          $0.test?.averagedErrorPercent
        },
        .number("paper_percent", "The paper's number, %; empty without one.", places: 2, \.condition.paper),
      ])
  }
}

extension Table where Row == RecordedEpoch {
  /// Schedules and metrics are the learners' own: a column for each that any of the epochs has.
  static func curves(of epochs: [RecordedEpoch], _ measure: Measure) -> Table {
    func names<Value>(_ values: (EpochResult) -> [String: Value]) -> [String] {
      Set(epochs.flatMap { values($0.result).keys }).sorted()
    }
    func percent(
      _ name: String, _ about: String, _ error: @escaping @Sendable (EpochResult) -> Double
    ) -> Column<Row> {
      .number(name, "\(about), %, 0 to 100.", places: 3) { measure.percent(ofError: error($0.result)) }
    }
    return Table(
      "curves", "One row for each epoch of each recorded run.",
      key + [
        .count("examples", "Examples trained on since the start.", \.result.examples),
        .number("learning_rate", "At the epoch's last step.", places: 8) { Double($0.result.learningRate) },
      ]
        + names(\.scheduled).map { name in
          .number(name, "By its schedule, at the epoch's last step; empty without one.", places: 5) {
            $0.result.scheduled[name].map(Double.init)
          }
        } + [
          percent("train_\(measure.word)_sampled_percent", "Of the epoch's examples as they were trained on")
          {
            $0.trainErrorPercent
          }
        ]
        + names(\.metrics).map { name in
          .number(name, "The learner's, mean over the epoch's examples; empty without one.", places: 5) {
            $0.result.metrics[name]
          }
        } + [
          .number("gradient_norm", "Mean over the steps, before clipping.", places: 5, \.result.gradientNorm),
          percent("validation_\(measure.word)_mean_percent", "After the epoch, policies at their means") {
            $0.validationErrorPercent
          },
        ])
  }

  static var timing: Table {
    Table(
      "timing", "One row for each epoch of each recorded run: what a clock decides and no seed reproduces.",
      key + [
        .number("seconds", "Of training and validation; empty where nobody took it.", places: 3, \.seconds),
        .number("examples_per_second", "Training examples in that time.", places: 0) { epoch in
          epoch.seconds.map { Double(epoch.examples) / max($0, 1e-9) }
        },
      ])
  }

  private static var key: [Column<RecordedEpoch>] {
    [
      .text("condition", "Name of the condition, as in runs.csv.", \.condition),
      .count("seed", "Seed of the run.") { Int($0.seed) },
      .count("epoch", "Counted from 1.", \.result.epoch),
    ]
  }
}
