import Learning
import RecurrentAttention
import StudyKit
import Worlds

/// One rule of stopping, applied to one trained model. A row of `stopping.csv`.
struct StopRow: Sendable {
  let series: String
  let condition: String
  /// What its threshold was chosen for, on validation: "budget", or the condition with a stop action that it is to be as fast
  /// as; "itself" where there is no threshold.
  let setting: String
  /// The mean number of glimpses that the threshold was chosen for.
  let budget: Double?
  let seed: UInt64
  let rule: StopRule
  let validation: StopOutcome
  let test: StopOutcome

  /// The models with a stop action by it; beside each, with thresholds, itself and the models that cannot stop; and these
  /// at round numbers of glimpses.
  ///
  /// - Parameters:
  ///   - stopping: the readings of models with a stop action.
  ///   - fixed: those of models without, by what their series is called.
  static func all(
    stopping: [ModelReadings], fixed: [(series: String, readings: [ModelReadings])], budgets: [Double]
  ) -> [StopRow] {
    func row(_ series: String, _ readings: ModelReadings, _ setting: String, budget: Double?) -> StopRow? {
      let rule = budget.map { StopRule.threshold(forGlimpses: $0, over: readings.validation) } ?? .action
      guard let validation = StopOutcome(rule, over: readings.validation),
        let test = StopOutcome(rule, over: readings.test)
      else { return nil }
      return StopRow(
        series: series, condition: readings.condition, setting: setting, budget: budget, seed: readings.seed,
        rule: rule, validation: validation, test: test)
    }
    let own = stopping.compactMap { row(actionSeries, $0, itself, budget: nil) }
    let matched = zip(stopping, own).flatMap { readings, action in
      ([(sameSeries, [readings])] + fixed).flatMap { series, all in
        all.filter { $0.seed == readings.seed }.compactMap {
          row(series, $0, readings.condition, budget: action.validation.glimpses)
        }
      }
    }
    let round = fixed.flatMap { series, all in
      all.flatMap { readings in budgets.compactMap { row(series, readings, "budget", budget: $0) } }
    }
    // A model that cannot stop looks always as often.
    let always = fixed.flatMap { _, all in all.compactMap { row(fixedSeries, $0, itself, budget: nil) } }
    return own + matched + round + always
  }

  static let actionSeries = "stop action"
  static let sameSeries = "threshold (same model)"
  static let fixedSeries = "fixed number"
  static let itself = "itself"
}

/// The same rule over seeds, or a model that looks as often at every scene. A row of `anytime.csv`.
struct AnytimePoint: Sendable {
  let series: String
  let condition: String
  let setting: String
  let glimpses: Interval
  let error: Interval

  /// Models with a fixed number of glimpses, from their records, and rules of stopping, over seeds.
  static func all(_ rows: [StopRow], fixed: [Condition], in study: Study) -> [AnytimePoint] {
    let lookAlways = fixed.compactMap { condition -> AnytimePoint? in
      guard let network = condition.network as? RecurrentAttention,
        let error = Interval(study.records(of: condition).compactMap(\.test?.errorPercent)),
        let glimpses = Interval([Double(network.glimpses)])
      else { return nil }
      return AnytimePoint(
        series: StopRow.fixedSeries, condition: condition.name, setting: StopRow.itself, glimpses: glimpses,
        error: error)
    }
    var keys: [[String]] = []
    let groups = Dictionary(grouping: rows.filter { $0.series != StopRow.fixedSeries }) { row in
      let budget = row.setting == "budget" ? row.budget.map { "\($0)" } : nil
      let key = [row.series, row.condition, row.setting, budget ?? ""]
      if !keys.contains(key) { keys.append(key) }
      return key
    }
    return lookAlways
      + keys.compactMap { key in
        guard let group = groups[key], let glimpses = Interval(group.map(\.test.glimpses)),
          let error = Interval(group.map(\.test.errorPercent))
        else { return nil }
        return AnytimePoint(
          series: key[0], condition: key[1], setting: key[2], glimpses: glimpses, error: error)
      }
  }
}

/// Scenes with as many pieces of clutter on the digit. A row of `difficulty.csv`.
struct DifficultyRow: Sendable {
  let condition: String
  let pieces: Int
  let scenes: Int
  let glimpses: Interval
  let error: Interval

  static func all(_ readings: [ModelReadings]) -> [DifficultyRow] {
    let conditions = readings.reduce(into: [String]()) {
      if !$0.contains($1.condition) { $0.append($1.condition) }
    }
    return conditions.flatMap { condition in
      let seeds = readings.filter { $0.condition == condition }
      let most = seeds.flatMap(\.test).map(\.pieces).max() ?? 0
      return (0...most).compactMap { pieces -> DifficultyRow? in
        let outcomes = seeds.compactMap { seed in
          StopOutcome(.action, over: seed.test.filter { $0.pieces == pieces })
        }
        guard let glimpses = Interval(outcomes.map(\.glimpses)),
          let error = Interval(outcomes.map(\.errorPercent))
        else { return nil }
        return DifficultyRow(
          condition: condition, pieces: pieces, scenes: outcomes[0].scenes, glimpses: glimpses, error: error)
      }
    }
  }
}

// MARK: - Tables

extension Table where Row == StopRow {
  static var stopping: Table {
    Table(
      "stopping", "One row for each rule of stopping and each trained model that it is applied to.",
      [
        series(\.series), condition(\.condition), setting(\.setting),
        .number(
          "budget", "Mean glimpses that a threshold is chosen for, on validation.", in: .ordinal,
          empty: "without a threshold", places: 4, \.budget),
        .count("seed", "Of the model.", in: .ordinal) { Int($0.seed) },
        .number(
          "threshold", "The probability of the most probable class above which it stops.", in: .fraction,
          empty: "without a threshold"
        ) { row in
          if case .threshold(let least) = row.rule { Double(least.description) ?? Double(least) } else { nil }
        },
        .number(
          "validation_glimpses", "Mean over validation scenes, on which thresholds are chosen.", in: .ordinal,
          places: 4, \.validation.glimpses),
        .number(
          "validation_error_percent", "Error on these scenes.", in: .percent, places: 3,
          \.validation.errorPercent),
        .number("glimpses", "Mean over test scenes.", in: .ordinal, places: 4, \.test.glimpses),
        .number("error_percent", "Error on these scenes.", in: .percent, places: 3, \.test.errorPercent),
        .count("scenes", "Test scenes, and as many of validation.", in: .ordinal, \.test.scenes),
      ])
  }
}

extension Table where Row == AnytimePoint {
  static var anytime: Table {
    Table(
      "anytime", "One row for each rule of stopping and each condition, over its seeds.",
      [series(\.series), condition(\.condition), setting(\.setting)]
        + overSeeds("glimpses", "Mean over test scenes", in: .ordinal, places: 4, \.glimpses)
        + overSeeds("error_percent", "Error on test scenes", in: .percent, places: 3, \.error)
        + [.count("seeds", "Models that the means are over.", in: .ordinal, \.error.count)])
  }
}

extension Table where Row == DifficultyRow {
  static var difficulty: Table {
    Table(
      "difficulty", "One row for each condition with a stop action and each number of pieces on the digit.",
      [
        condition(\.condition),
        .count("pieces", "Pieces of clutter that share a pixel with the digit's box.", \.pieces),
        .count("scenes", "Test scenes that have so many.", in: .ordinal, \.scenes),
      ]
        + overSeeds("glimpses", "Mean over these scenes", in: .ordinal, places: 4, \.glimpses)
        + overSeeds("error_percent", "Error on these scenes", in: .percent, places: 3, \.error))
  }
}

extension Table {
  fileprivate static func series(_ value: @escaping @Sendable (Row) -> String) -> Column<Row> {
    .text("series", "The rule, and what model it is for.", value)
  }

  fileprivate static func condition(_ value: @escaping @Sendable (Row) -> String) -> Column<Row> {
    .text("condition", "Name of the condition whose model looks.", value)
  }

  fileprivate static func setting(_ value: @escaping @Sendable (Row) -> String) -> Column<Row> {
    .text(
      "setting",
      "What a threshold is chosen for: `budget`, or the stop action's condition that it is to be as fast as; "
        + "otherwise `itself`.", value)
  }

  /// A mean over seeds and half of its interval.
  fileprivate static func overSeeds(
    _ name: String, _ about: String, in quantity: Quantity, places: Int,
    _ value: @escaping @Sendable (Row) -> Interval
  ) -> [Column<Row>] {
    [
      .number(name, "\(about), mean over seeds.", in: quantity, places: places) { value($0).mean },
      .number(
        name.replacing("_percent", with: "") + "_half_width",
        "Half the 95 % interval of that mean over seeds.",
        in: .positive, empty: "below two seeds", places: places
      ) { value($0).halfWidth },
    ]
  }
}
