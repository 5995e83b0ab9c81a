import AttentionStudies
import StudyKit

/// What the tables say, for the report.
enum ContextFindings {
  static let openChoices = [
    "The context is the whole frame averaged to 12x12 numbers; it decides places only.",
    "Errors after fewer glimpses come from the action network, which was trained for the last glimpse only.",
  ]

  /// Published errors on this task, with the protocol of each.
  static let published =
    "Published errors with eight glimpses: 5.9 % (hard attention, one sampled rollout, 160 million episodes), 3.36 % (soft "
    + "attention through Gaussian filters, Gregor et al. 2015) and 1.71 % (hard attention with a context network, the average of ten "
    + "sampled rollouts). Compare the first with the column *sampled*, and the last with the average of sampled rollouts."

  /// Every variant compared with the plain model of as many glimpses, and the lowest error of all with eight glimpses.
  ///
  /// - Parameter conditions: a list for each number of glimpses, the plain one first.
  static func contrasts(_ conditions: [[Condition]], in study: Study) -> String? {
    let contrasts = conditions.flatMap { rows in
      rows.dropFirst().compactMap { study.contrast($0, with: rows[0]) }
    }
    let sentences = [Contrast.sentences(contrasts), lowest(conditions.last ?? [], in: study)]
    return contrasts.isEmpty ? nil : sentences.compactMap(\.self).joined(separator: " ")
  }

  /// What a context saves, and what that is worth: the glimpse at which the plain model is on the digit as often as the
  /// context's first one, and the change in error from fewer to more glimpses.
  ///
  /// - Parameters:
  ///   - contexts: models with a context; the first one that is trained is taken.
  ///   - part: of the table by glimpse that has the plain model and those.
  ///   - shorter: the plain model with fewer glimpses.
  static func saving(
    of contexts: [Condition], over plain: Condition, part: String, shorter: Condition, in study: Study
  ) throws -> String? {
    guard let context = contexts.first(where: { !study.records(of: $0).isEmpty }),
      let gain = study.contrast(plain, with: shorter)
    else { return nil }
    let groups = try study.table("by_glimpse", part: part).groups(by: "condition")
    func shares(_ condition: Condition) throws -> [Double] {
      try (groups.first { $0.name == condition.name }?.rows ?? []).compactMap {
        try $0.number("on_digit_percent")
      }
    }
    let without = try shares(plain)
    guard let first = try shares(context).first, let own = without.first, first > own,
      let reached = without.firstIndex(where: { $0 >= first })
    else { return nil }
    return
      "What a context saves: `\(context.name)` is on the digit with its first glimpse in \(first.fixed(1)) % of scenes, "
      + "`\(plain.name)` in \(own.fixed(1)) %; but `\(plain.name)` is there in \(without[reached].fixed(1)) % with glimpse "
      + "\(reached + 1). By this measure, it saves at most \(reached) of \(without.count) glimpses. What more glimpses are worth: "
      + "\(gain.sentence)."
  }

  private static func lowest(_ conditions: [Condition], in study: Study) -> String? {
    let rows = conditions.compactMap { condition in
      study.error(of: condition).map { (name: condition.name, error: $0) }
    }
    return rows.min { $0.error.mean < $1.error.mean }.map {
      "The lowest of these test errors with eight glimpses is \($0.error.formatted()) %, by `\($0.name)`"
        + ($0.error.halfWidth == nil ? " (one seed, so no verdict)." : ".")
    }
  }
}
