import Learning

/// The tables that every study has, made only from the records in its folder.
extension Study {
  /// Of every study that trains.
  static let runTables = ["runs", "curves", "mean_curves", "summary", "timing"]

  /// The recorded runs of each condition, in the study's order; conditions without a record are left out.
  public var summaries: [ConditionSummary] {
    conditions.compactMap { ConditionSummary(of: $0, records(of: $0), measure) }
  }

  /// What those tables are, with the columns of every condition's learner.
  func describeRunTables() -> [TableDescription] {
    let learners = conditions.map { $0.network.makeLearner(for: $0.world, seed: 1) }
    func distinct(_ columns: [(name: String, about: String)]) -> [(name: String, about: String)] {
      Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }).values
        .sorted { $0.name < $1.name }
    }
    let curves = Table.curves(
      measure, scheduled: distinct(learners.flatMap(\.schedules).map { ($0.name, $0.about) }),
      metrics: distinct(learners.flatMap(\.metrics).map { ($0.name, $0.about) }))
    return [
      Table.runs(measure).description, curves.description, Table.meanCurves(measure).description,
      Table.summary(measure).description, Table.timing.description,
    ]
  }

  /// Writes `runs.csv`, `curves.csv`, `mean_curves.csv`, `summary.csv` and `timing.csv`.
  func writeRunTables() throws {
    let summaries = summaries
    let runs = summaries.flatMap { summary in
      summary.records.map { RecordedRun(condition: summary.condition, record: $0) }
    }
    let epochs = runs.flatMap(\.epochs)
    try Table.runs(measure).write(runs, to: path(of: "runs"))
    try Table.curves(of: epochs, measure).write(epochs, to: path(of: "curves"))
    try Table.meanCurves(measure).write(MeanEpoch.all(summaries, measure), to: path(of: "mean_curves"))
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
  /// Examples of this epoch alone.
  let examples: Int
  let seconds: Double?
}

// MARK: - Columns

extension Table where Row == RecordedRun {
  static func runs(_ measure: Measure) -> Table {
    func percent(
      _ name: String, _ about: String, empty: String, _ error: @escaping @Sendable (Row) -> Double?
    ) -> Column<Row> {
      .number("\(name)_percent", about, in: .percent, empty: empty, places: 3) {
        error($0).map(measure.percent)
      }
    }
    let test = "test_\(measure.word)"
    return Table(
      "runs", "One row for each recorded run.",
      [
        .text("condition", "Name of the condition, unique in the study.", \.condition.name),
        .text("label", "The condition's name in pages and figures.", \.condition.label),
        .text("group", "The world that the run was trained and tested on.", \.condition.group),
        .count("seed", "Seed of the run.", in: .ordinal) { Int($0.record.seed) },
        .count("parameters", "Number of trained parameters.", in: .ordinal, \.record.parameters),
        .count(
          "steps", "Updates of the parameters in complete epochs.", empty: "when the first epoch diverged",
          \.record.steps),
        .count("examples", "Examples that the run was trained on in complete epochs.") {
          $0.record.curve.last?.examples ?? 0
        },
        percent(
          "validation_\(measure.word)",
          "\(measure.subject) on the validation examples after the last epoch, with policies at their means.",
          empty: "when the first epoch diverged", \.record.curve.last?.validationErrorPercent),
        percent(
          test, "\(measure.subject) on the test examples, with policies at their means.",
          empty: "when the run diverged", \.record.test?.errorPercent),
        percent(
          "\(test)_sampled", "\(measure.subject) on the test examples, with sampled policies.",
          empty: "when the run diverged, or nothing is sampled", \.record.test?.sampledErrorPercent),
        percent(
          "\(test)_averaged",
          "\(measure.subject) on the test examples, with class probabilities averaged over sampled rollouts.",
          empty: "when the run diverged, or rollouts have no average"
        ) { $0.condition.hasAverage ? $0.record.test?.averagedErrorPercent : nil },
        .number(
          "paper_percent", "The paper's number.", in: .percent, empty: "where the paper has none", places: 2,
          \.condition.paper),
      ])
  }
}

/// Whether a schedule or metric of a learner can have this name, as a column of `curves.csv`.
func isFreeCurveColumn(_ name: String) -> Bool { CSV.isName(name) && !curveColumns.contains(name) }

private let curveColumns = Set(
  Table<RecordedEpoch>.curves(.error, scheduled: [], metrics: []).columns.map(\.name))

/// - Throws: `DefinitionError` when schedules and metrics of a learner cannot be columns of `curves.csv`.
func checkCurves(of learner: any Learner) throws {
  let names = learner.schedules.map(\.name) + learner.metrics.map(\.name)
  if let wrong = names.first(where: { !isFreeCurveColumn($0) }) {
    throw DefinitionError(
      "the name of a schedule or metric", "'\(wrong)'",
      CSV.isName(wrong) ? "a column of curves.csv has it already" : "it is a column of curves.csv",
      cure: "choose another, in snake_case")
  }
  guard Set(names).count == names.count, learner.metrics.count <= Metrics.most else {
    throw DefinitionError(
      "the names of schedules and metrics", names.joined(separator: ", "),
      "they must differ, and a learner has at most \(Metrics.most) metrics",
      cure: "rename some, or leave some out")
  }
}

extension Table where Row == RecordedEpoch {
  /// Schedules and metrics are the learners' own: a column for each that any of the epochs has.
  static func curves(of epochs: [RecordedEpoch], _ measure: Measure) -> Table {
    func named<Value>(_ values: (EpochResult) -> [String: Value]) -> [(name: String, about: String)] {
      Set(epochs.flatMap { values($0.result).keys }).sorted().map { ($0, "") }
    }
    return curves(measure, scheduled: named(\.scheduled), metrics: named(\.metrics))
  }

  /// - Parameters:
  ///   - scheduled: what learners change by a schedule.
  ///   - metrics: what learners measure.
  static func curves(
    _ measure: Measure, scheduled: [(name: String, about: String)], metrics: [(name: String, about: String)]
  ) -> Table {
    func percent(
      _ name: String, _ about: String, _ error: @escaping @Sendable (EpochResult) -> Double
    ) -> Column<Row> {
      .number(name, about, in: .percent, places: 3) { measure.percent(ofError: error($0.result)) }
    }
    return Table(
      "curves", "One row for each epoch of each recorded run.",
      key + [
        .count("examples", "Examples trained on since the start of the run.", \.result.examples),
        .number("learning_rate", "The rate of the epoch's last step.", in: .positive, places: 8) {
          Double($0.result.learningRate)
        },
      ]
        + scheduled.map { name, about in
          .number(name, about, empty: "where the learner has no such schedule", places: 5) {
            $0.result.scheduled[name].map(Double.init)
          }
        } + [
          percent(
            "train_\(measure.word)_sampled_percent",
            "\(measure.subject) on the epoch's training examples, with sampled policies.", \.trainErrorPercent
          )
        ]
        + metrics.map { name, about in
          .number(name, about, empty: "where the learner does not measure it", places: 5) {
            $0.result.metrics[name]
          }
        } + [
          .number(
            "gradient_norm", "Norm of the gradient before clipping, mean over the epoch's steps.",
            in: .positive, places: 5, \.result.gradientNorm),
          percent(
            "validation_\(measure.word)_mean_percent",
            "\(measure.subject) on the validation examples after the epoch, with policies at their means.",
            \.validationErrorPercent),
        ])
  }

  static var timing: Table {
    Table(
      "timing", "One row for each epoch of each recorded run: what a clock decides and no seed reproduces.",
      key + [
        .number(
          "seconds", "Time of the epoch's training and validation.", in: Quantity("s", from: 0),
          empty: "in records without times", places: 3, \.seconds),
        .number(
          "examples_per_second", "Training examples of the epoch over that time.", in: .positive,
          empty: "in records without times", places: 0
        ) { epoch in epoch.seconds.map { Double(epoch.examples) / max($0, 1e-9) } },
      ])
  }

  private static var key: [Column<RecordedEpoch>] {
    [
      .text("condition", "Name of the condition, as in `runs.csv`.", \.condition),
      .count("seed", "Seed of the run.", in: .ordinal) { Int($0.seed) },
      .count("epoch", "Counted from 1.", in: .ordinal, \.result.epoch),
    ]
  }
}
