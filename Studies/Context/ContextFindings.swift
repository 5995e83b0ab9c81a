import StudyKit

/// What the tables say, for the report.
enum ContextFindings {
  static let openChoices = [
    "The context is the whole frame pooled to 12x12 numbers; nothing but places is decided from it.",
    "Errors after fewer glimpses are read by the action network that was trained for the last one.",
  ]

  /// Published for this task, as its protocols are to be read.
  static let published =
    "Others reached, with eight glimpses: 5.9 % (hard attention, one sampled rollout, 160 million episodes), 3.36 % (soft "
    + "attention, which sees through Gaussian filters) and 1.71 % (hard attention with a context network, the average of ten "
    + "sampled rollouts). The first is to be compared with *sampled*, the last with the column that averages."

  /// The aim for eight glimpses, %: what a context made of hard attention elsewhere, and a little.
  static let aim = 2.0

  /// Every idea beside the plain model of as many glimpses, and the best of all beside the aim.
  ///
  /// - Parameter conditions: a list for each number of glimpses, the plain one first.
  static func contrasts(_ conditions: [[Condition]], in study: Study) -> String? {
    let contrasts = conditions.flatMap { rows in
      rows.dropFirst().compactMap { study.contrast($0, with: rows[0])?.sentence }
    }
    guard !contrasts.isEmpty else { return nil }
    return contrasts.joined(separator: "; ") + "."
      + (beside(aim, conditions.last ?? [], in: study).map { " " + $0 } ?? "")
  }

  private static func beside(_ aim: Double, _ conditions: [Condition], in study: Study) -> String? {
    let names = conditions.map(\.name)
    let rows = study.summaries.filter { names.contains($0.condition.name) }
    guard let best = rows.min(by: { ($0.mean?.mean ?? 100) < ($1.mean?.mean ?? 100) }), let mean = best.mean
    else { return nil }
    return
      "The lowest error of these with eight glimpses is \(mean.formatted()) % of `\(best.condition.name)`: the aim, "
      + "\(aim.fixed(1)) %, is \(mean.mean <= aim ? "reached" : "missed")."
  }
}
