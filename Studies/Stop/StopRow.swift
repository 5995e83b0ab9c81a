import AttentionStudies
import RecurrentAttention
import StudyKit

/// One stopping rule, applied to one trained model: a row of `stopping.csv`.
struct StopRow: Sendable {
  let series: String
  let condition: String
  /// What the threshold was matched to on validation: "budget", or the stop-action condition whose mean number of glimpses
  /// it must not exceed; "itself" if there is no threshold.
  let setting: String
  /// The mean number of glimpses that the threshold was chosen for.
  let budget: Double?
  let seed: UInt64
  let rule: StopRule
  let validation: StopOutcome
  let test: StopOutcome

  /// The stop-action models by their own action; for each of them, thresholds matched to its number of glimpses, on the
  /// same model and on the fixed ones; and the fixed models with thresholds for whole numbers of glimpses, and without.
  ///
  /// - Parameters:
  ///   - stopping: the readings of models with a stop action.
  ///   - fixed: the readings of models without one, with the name of their series.
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
    let thresholds = fixed.flatMap { series, all in
      all.flatMap { readings in budgets.compactMap { row(series, readings, round, budget: $0) } }
    }
    // Without a threshold, a model that cannot stop takes all its glimpses at every scene.
    let always = fixed.flatMap { _, all in all.compactMap { row(fixedSeries, $0, itself, budget: nil) } }
    return own + matched + thresholds + always
  }

  static let actionSeries = "stop action"
  static let sameSeries = "threshold (same model)"
  static let fixedSeries = "fixed number"
  static let itself = "itself"
  /// A threshold for a round number of glimpses.
  static let round = "budget"
}

/// One stopping rule over seeds, or a model with a fixed number of glimpses: a row of `anytime.csv`.
struct AnytimePoint: Sendable {
  let series: String
  let condition: String
  let setting: String
  let glimpses: Interval
  let error: Interval

  /// The models with a fixed number of glimpses, from their records, and all stopping rules.
  static func all(_ rows: [StopRow], fixed: [Condition], in study: Study) -> [AnytimePoint] {
    let lookAlways = fixed.compactMap { condition -> AnytimePoint? in
      guard let network = condition.network as? RecurrentAttention, let error = study.error(of: condition),
        let glimpses = Interval([Double(network.glimpses)])
      else { return nil }
      return AnytimePoint(
        series: StopRow.fixedSeries, condition: condition.name, setting: StopRow.itself, glimpses: glimpses,
        error: error)
    }
    let rules = rows.filter { $0.series != StopRow.fixedSeries }.grouped { row in
      let budget = row.setting == StopRow.round ? row.budget.map { "\($0)" } : nil
      return [row.series, row.condition, row.setting, budget ?? ""]
    }
    return lookAlways
      + rules.compactMap { key, rows in
        guard let glimpses = Interval(rows.map(\.test.glimpses)),
          let error = Interval(rows.map(\.test.errorPercent))
        else { return nil }
        return AnytimePoint(
          series: key[0], condition: key[1], setting: key[2], glimpses: glimpses, error: error)
      }
  }
}

/// The scenes with a given number of clutter pieces on the digit: a row of `difficulty.csv`.
struct DifficultyRow: Sendable {
  let condition: String
  let pieces: Int
  let scenes: Int
  let glimpses: Interval
  let error: Interval

  static func all(_ readings: [ModelReadings]) -> [DifficultyRow] {
    readings.grouped(by: \.condition).flatMap { condition, seeds in
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

private let series = "The stopping rule, and the model that it is applied to."
private let setting =
  "What the threshold is matched to: `budget`, or the stop-action condition whose mean number of glimpses it must not "
  + "exceed; `itself` if there is no threshold."

extension Table where Row == StopRow {
  static var stopping: Table {
    Table(
      "stopping", "One row for each stopping rule and each trained model that it is applied to.",
      [
        .text("series", series, \.series), .text("condition", "Name of the model's condition.", \.condition),
        .text("setting", setting, \.setting),
        .number(
          "budget", "Mean number of glimpses on validation that the threshold is chosen for.", in: .ordinal,
          empty: "without a threshold", places: 4, \.budget),
        .count("seed", "Seed of the run.", in: .ordinal) { Int($0.seed) },
        .number(
          "threshold", "The model stops once its most probable class is more probable than this.",
          in: .fraction, empty: "without a threshold"
        ) { row in
          if case .threshold(let least) = row.rule { Double(least.description) ?? Double(least) } else { nil }
        },
        .number(
          "validation_glimpses",
          "Mean number of glimpses over validation scenes, on which thresholds are chosen.", in: .ordinal,
          places: 4, \.validation.glimpses),
        .number(
          "validation_error_percent", "Error on validation scenes.", in: .percent, places: 3,
          \.validation.errorPercent),
        .number(
          "glimpses", "Mean number of glimpses over test scenes.", in: .ordinal, places: 4, \.test.glimpses),
        .number("error_percent", "Error on test scenes.", in: .percent, places: 3, \.test.errorPercent),
        .count(
          "scenes", "Number of test scenes; as many validation scenes are read.", in: .ordinal, \.test.scenes),
      ])
  }
}

extension Table where Row == AnytimePoint {
  static var anytime: Table {
    Table(
      "anytime", "One row for each stopping rule and each condition, over its seeds.",
      [
        .text("series", series, \.series), .text("condition", "Name of the model's condition.", \.condition),
        .text("setting", setting, \.setting),
      ]
        + overSeeds(
          "glimpses", "Mean number of glimpses over test scenes", in: .ordinal, half: .positive, places: 4,
          \.glimpses)
        + overSeeds("error_percent", "Error on test scenes", \.error)
        + [.count("seeds", "Number of models that the means are over.", in: .ordinal, \.error.count)])
  }
}

extension Table where Row == DifficultyRow {
  static var difficulty: Table {
    Table(
      "difficulty", "One row for each condition with a stop action and each number of pieces on the digit.",
      [
        .text("condition", "Name of the model's condition.", \.condition),
        .count("pieces", "Pieces of clutter that share a pixel with the digit's box.", \.pieces),
        .count("scenes", "Number of test scenes with this number of pieces.", in: .ordinal, \.scenes),
      ]
        + overSeeds(
          "glimpses", "Mean number of glimpses over these scenes", in: .ordinal, half: .positive, places: 4,
          \.glimpses) + overSeeds("error_percent", "Error on these scenes", \.error))
  }
}
