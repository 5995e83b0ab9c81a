import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit

/// How good one model's places at a glimpse were compared with other places, over many test scenes.
///
/// The value of a place is the probability that the model would give the right class immediately after looking there,
/// with the same earlier glimpses.
struct GlimpseValues: Sendable {
  /// Mean value over scenes: of the chosen place, of the best place of a grid, and of all places of the grid.
  let chosen: Double
  let best: Double
  let random: Double

  /// One for each glimpse of a trained model.
  static func all(
    of model: RecurrentAttentionModel, on world: any World, locations: [Location], scenes: Int, threads: Int
  ) throws -> [GlimpseValues] {
    let chunk = 20  // ours: scenes that a thread takes at a time
    let glimpses = model.network.glimpses
    let sums = try concurrently((scenes + chunk - 1) / chunk, threads: threads) { index in
      try throwIfStopped()
      let range = (index * chunk)..<min((index + 1) * chunk, scenes)
      let mapper = try ValueMapper(model, on: world, examples: range.count)
      try mapper.look(
        Rollout(.test, firstExample: range.lowerBound, count: range.count, seed: Study.shownSeed))
      var sums = Array(repeating: SIMD4<Double>(), count: glimpses)
      for example in 0..<range.count {
        let (path, label) = (mapper.path(of: example), mapper.stage.label(example))
        for glimpse in 0..<glimpses {
          let values = mapper.map(of: example, glimpse: glimpse, at: locations).values(of: label)
          let chosen = path.glimpses[glimpse].probabilities[label]
          sums[glimpse] += SIMD4(
            Double(chosen), Double(max(values.max() ?? 0, chosen)),
            Double(values.reduce(0, +)) / Double(values.count), 1)
        }
      }
      return sums
    }
    return (0..<glimpses).map { glimpse in
      let sum = sums.reduce(SIMD4<Double>()) { $0 + $1[glimpse] } / Double(scenes)
      return GlimpseValues(chosen: sum[0], best: sum[1], random: sum[2])
    }
  }
}

/// The same over the seeds of a condition: a row of `regret.csv`.
struct RegretRow: Sendable {
  let condition: String
  let glimpse: Int
  let scenes: Int
  let best: Interval
  /// The best value minus the chosen one, and minus the mean of the grid.
  let chosenRegret: Interval
  let randomRegret: Interval

  /// One for each glimpse, over the models of a condition.
  static func all(of condition: Condition, side: Int, scenes: Int, in study: Study) throws -> [RegretRow] {
    let gaze = (condition.network as? RecurrentAttention)?.gaze as? GaussianGaze
    let locations = Location.grid(side, reach: gaze?.reach ?? 1)
    let seeds = try study.forEveryModel(of: condition) { model, _ in
      try GlimpseValues.all(
        of: model, on: condition.world, locations: locations, scenes: scenes,
        threads: study.options.threadCount)
    }
    return (seeds.first ?? []).indices.compactMap { index in
      let values = seeds.map { $0[index] }
      guard let best = Interval(values.map(\.best)),
        let chosen = Interval(values.map { $0.best - $0.chosen }),
        let random = Interval(values.map { $0.best - $0.random })
      else { return nil }
      return RegretRow(
        condition: condition.name, glimpse: index + 1, scenes: scenes, best: best, chosenRegret: chosen,
        randomRegret: random)
    }
  }

  /// A sentence with the regrets at the first glimpse that is decided, and at the last.
  static func finding(_ study: Study) throws -> String? {
    let sentences = try study.table("regret").groups(by: "condition").compactMap { name, rows -> String? in
      guard rows.count > 1 else { return nil }
      let parts = try [rows[1], rows[rows.count - 1]].map { row in
        let (chosen, random) = (try row.number("chosen_regret") ?? 0, try row.number("random_regret") ?? 0)
        return try "\(chosen.fixed(3)) at glimpse \(row.text("glimpse")) (random places \(random.fixed(3)))"
      }
      return "`\(name)` \(parts.joined(separator: " and "))"
    }
    return sentences.isEmpty ? nil : "Mean regret: \(sentences.joined(separator: "; "))."
  }
}

extension Table where Row == RegretRow {
  static var regret: Table {
    func columns(_ name: String, _ about: String, _ value: @escaping @Sendable (Row) -> Interval)
      -> [Column<Row>]
    { overSeeds(name, about, in: .fraction, half: .positive, places: 5, value) }
    return Table(
      "regret",
      "One row for each condition and glimpse, over its models: how much better other places would have been, by the probability of "
        + "the right class immediately after the glimpse.",
      [
        .text("condition", "Name of the models' condition.", \.condition),
        .count("glimpse", "Counted from 1; the first is at the frame's centre.", in: .ordinal, \.glimpse),
        .count("scenes", "Number of test scenes that the means are over.", in: .ordinal, \.scenes),
        .count("seeds", "Number of models that the means are over.", in: .ordinal, \.best.count),
      ] + columns("best_value", "Value of the best place, among a grid and the chosen one", \.best)
        + columns(
          "chosen_regret", "`best_value` minus the value of the place that the policy chose", \.chosenRegret)
        + columns(
          "random_regret", "`best_value` minus the mean value of all places of the grid", \.randomRegret))
  }
}
