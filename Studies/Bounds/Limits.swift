import AttentionStudies
import StudyKit

/// The test error of one gaze in two parts: a row of `limits.csv`. The oracle, a gaze that knows where the digit is, has
/// only the error of what the network makes of what it sees; the rest of another gaze's error is where it looked.
struct Limit: Sendable {
  let task: String
  let gaze: String
  let condition: String
  let error: Interval
  /// Percentage points: the part up to the oracle's error, and the rest.
  let seeing: Double
  let looking: Double
  /// The error minus the oracle's, seed by seed; nil if no seed has both.
  let excess: Interval?
  /// The excess minus half of the error, seed by seed.
  let majority: Interval?

  /// One for each condition of a task, the oracle first; conditions without a record are left out.
  static func all(_ task: String, _ conditions: [(gaze: String, condition: Condition)], in study: Study)
    -> [Limit]
  {
    guard let oracle = conditions.first?.condition, let least = study.error(of: oracle) else { return [] }
    return conditions.compactMap { gaze, condition in
      guard let error = study.error(of: condition) else { return nil }
      let excess = study.contrast(condition, with: oracle)?.difference
      let majority = Interval(
        study.records(of: condition).compactMap { record in
          let same = study.records(of: oracle).first { $0.seed == record.seed }
          guard let own = record.test?.errorPercent, let least = same?.test?.errorPercent else { return nil }
          return own / 2 - least
        })
      let looking = max(0, excess?.mean ?? error.mean - least.mean)
      return Limit(
        task: task, gaze: gaze, condition: condition.name, error: error, seeing: error.mean - looking,
        looking: looking, excess: excess, majority: majority)
    }
  }

  /// The figure's question, answered for the learned gaze of each task.
  static func finding(_ limits: [Limit]) -> String? {
    let answers = limits.filter { $0.gaze == "learned" && $0.error.mean > 0 }.compactMap {
      learned -> String? in
      guard let excess = learned.excess else { return nil }
      let start =
        "At \(learned.task), the learned gaze has an error of \(learned.error.mean.fixed(2)) %. Where it looks accounts "
        + "for \(excess.formatted()) points"
      guard excess.halfWidth != nil, let majority = learned.majority else {
        return start + " (one seed, so no verdict)."
      }
      let verdict =
        if !excess.excludesZero {
          "that is not distinguishable from chance"
        } else if excess.high < 0 {
          "it looks at better places than the oracle"
        } else if majority.low > 0 {
          "most of the error comes from where it looks"
        } else if majority.high < 0 {
          "most of the error comes from what it makes of what it sees"
        } else {
          "that is part of the error, and whether it is more than half is open"
        }
      return "\(start): \(verdict)."
    }
    return answers.isEmpty ? nil : answers.joined(separator: " ")
  }
}

extension Table where Row == Limit {
  static var limits: Table {
    Table(
      "limits", "One row for each task and gaze: the test error in two parts.",
      [
        .text("task", "Width and height of the scenes.", \.task),
        .text("gaze", "`oracle`, `learned`, `lattice`, `center` or `random`.", \.gaze),
        .text("condition", "Name of the condition.", \.condition),
      ]
        + overSeeds("error_percent", "Test error", \.error)
        + [
          .number(
            "seeing_percent", "The part up to the oracle's error: what the network makes of what it sees.",
            in: .percent, places: 3, \.seeing),
          .number("looking_percent", "The rest: where it looks.", in: .percent, places: 3, \.looking),
        ]
        + overSeeds(
          "excess_percent", "The error minus the oracle's of the same seed, percentage points", in: .any,
          empty: "where no seed has both", \.excess))
  }
}
