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

  /// One for each condition of a task, the oracle first; conditions without a record are left out.
  static func all(_ task: String, _ conditions: [(gaze: String, condition: Condition)], in study: Study)
    -> [Limit]
  {
    guard let oracle = conditions.first?.condition, let least = study.error(of: oracle) else { return [] }
    return conditions.compactMap { gaze, condition in
      guard let error = study.error(of: condition) else { return nil }
      return Limit(
        task: task, gaze: gaze, condition: condition.name, error: error, seeing: min(error.mean, least.mean),
        looking: max(0, error.mean - least.mean),
        excess: study.contrast(condition, with: oracle)?.difference)
    }
  }

  /// The figure's question, answered for the learned gaze of each task.
  static func finding(_ study: Study) throws -> String? {
    let answers = try study.table("limits").groups(by: "task").compactMap { task, rows -> String? in
      guard let learned = try rows.first(where: { try $0.text("gaze") == "learned" }),
        let error = try learned.number("error_percent"), let excess = try learned.number("excess_percent"),
        let looking = try learned.number("looking_percent"), error > 0
      else { return nil }
      let half = try learned.number("excess_half_width")
      let share = "\((100 * looking / error).fixed(0)) % of the error of \(error.fixed(2)) %"
      let points = excess.fixed(2) + (half.map { " ± \($0.fixed(2))" } ?? "")
      guard let half else {
        return "At \(task), where it looks accounts for \(share) (\(points) points, one seed, so no verdict)."
      }
      guard excess - half > 0 else {
        return
          "At \(task), no effect of where it looks is distinguishable from chance: the learned gaze has \(points) points more "
          + "error than the oracle, and what it makes of what it sees accounts for the rest of \(error.fixed(2)) %."
      }
      let more = looking > error / 2 ? "where it looks" : "what it makes of what it sees"
      return
        "At \(task), the error comes mostly from \(more): where it looks accounts for \(share) (\(points) points)."
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
        .number("error_percent", "Test error, mean over seeds.", in: .percent, places: 3, \.error.mean),
        .number(
          "error_half_width", "Half the 95 % interval of that mean over seeds.", in: .percentagePoints,
          empty: "below two seeds", places: 3, \.error.halfWidth),
        .number(
          "seeing_percent", "The part up to the oracle's error: what the network makes of what it sees.",
          in: .percent, places: 3, \.seeing),
        .number("looking_percent", "The rest: where it looks.", in: .percent, places: 3, \.looking),
        .number(
          "excess_percent",
          "The error minus the oracle's of the same seed, mean over seeds, percentage points.",
          empty: "where no seed has both", places: 3
        ) { $0.excess?.mean },
        .number(
          "excess_half_width", "Half the 95 % interval of that mean over seeds.", in: .percentagePoints,
          empty: "below two seeds", places: 3
        ) { $0.excess?.halfWidth },
      ])
  }
}
