import Learning
import RecurrentAttention
import StudyKit
import Worlds

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
    of model: RecurrentAttentionModel, on world: any World, places: [Place], scenes: Int, threads: Int
  ) throws -> [GlimpseValues] {
    let chunk = 20
    let glimpses = model.network.glimpses
    let sums = try concurrently((scenes + chunk - 1) / chunk, threads: threads) { index in
      let range = (index * chunk)..<min((index + 1) * chunk, scenes)
      let mapper = try ValueMapper(model, on: world, examples: range.count)
      try mapper.look(Rollout(.test, firstExample: range.lowerBound, count: range.count, seed: 1))
      var sums = Array(repeating: SIMD4<Double>(), count: glimpses)
      for example in 0..<range.count {
        let (path, label) = (mapper.path(of: example), mapper.stage.label(example))
        for glimpse in 0..<glimpses {
          let values = mapper.map(of: example, glimpse: glimpse, at: places).values(of: label)
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

  /// One for each glimpse, over the models of a condition whose weights are present.
  static func all(
    of condition: Condition, reach: Float, side: Int, scenes: Int, in study: Study
  ) throws -> [RegretRow] {
    let seeds = try study.records(of: condition).compactMap { record -> [GlimpseValues]? in
      guard let model = try study.learner(of: condition, seed: record.seed) as? RecurrentAttentionModel else {
        return nil
      }
      return try GlimpseValues.all(
        of: model, on: condition.world, places: Place.grid(side, reach: reach), scenes: scenes,
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
    func columns(_ name: String, _ about: String, _ value: @escaping @Sendable (Row) -> Interval) -> [Column<
      Row
    >] {
      [
        .number(name, "\(about), mean over seeds.", in: .fraction, places: 5) { value($0).mean },
        .number(
          name + "_half_width", "Half the 95 % interval of that mean over seeds.", in: .positive,
          empty: "below two seeds", places: 5
        ) { value($0).halfWidth },
      ]
    }
    return Table(
      "regret",
      "One row for each learned model and glimpse: how much better other places would have been, by the probability of "
        + "the right class immediately after the glimpse.",
      [
        .text("condition", "Name of the models' condition.", \.condition),
        .count("glimpse", "Counted from 1; the first is at the frame's centre.", in: .ordinal, \.glimpse),
        .count("scenes", "Number of test scenes that the means are over.", in: .ordinal, \.scenes),
        .count("seeds", "Number of models that the means are over.", in: .ordinal, \.best.count),
      ] + columns("best_value", "Value of the best place of a grid", \.best)
        + columns(
          "chosen_regret", "`best_value` minus the value of the place that the policy chose", \.chosenRegret)
        + columns(
          "random_regret", "`best_value` minus the mean value of all places of the grid", \.randomRegret))
  }
}

// MARK: - Maps

/// The value of one place for one glimpse at one scene: a row of `value_maps.csv`.
struct MappedPlace: Sendable {
  let scene: Int
  let label: Int
  let glimpse: Int
  let place: Place
  let value: Float
  /// Where the policy looked.
  let chosen: Place

  /// Maps of the first test scenes by the first seed's model; empty if its weights are missing.
  static func all(
    of condition: Condition, reach: Float, side: Int, scenes: Int, in study: Study
  ) throws -> [MappedPlace] {
    guard let model = try study.learner(of: condition) as? RecurrentAttentionModel else { return [] }
    let mapper = try ValueMapper(model, on: condition.world, examples: scenes)
    try mapper.look(Rollout(.test, firstExample: 0, count: scenes, seed: 1))
    let places = Place.grid(side, reach: reach)
    return (0..<scenes).flatMap { scene in
      let (path, label) = (mapper.path(of: scene), mapper.stage.label(scene))
      return path.glimpses.indices.dropFirst().flatMap { glimpse in
        let looked = path.glimpses[glimpse]
        let values = mapper.map(of: scene, glimpse: glimpse, at: places).values(of: label)
        return zip(places, values).map {
          MappedPlace(
            scene: scene + 1, label: label, glimpse: glimpse + 1, place: $0, value: $1,
            chosen: Place(x: looked.x, y: looked.y))
        }
      }
    }
  }
}

extension Table where Row == MappedPlace {
  static var valueMaps: Table {
    func coordinate(_ name: String, _ about: String, _ value: @escaping @Sendable (Row) -> Float) -> Column<
      Row
    > {
      .number(name, about, in: .halfWidths, places: 4) { Double(value($0)) }
    }
    return Table(
      "value_maps",
      "One row for each place of a grid, for each glimpse except the first, at each of a few test scenes.",
      [
        .count("scene", "Counted from 1, as in `scenes.csv`.", in: .ordinal, \.scene),
        .count("label", "The right class.", \.label),
        .count("glimpse", "Counted from 1.", in: .ordinal, \.glimpse),
        coordinate("x", "The place: -1 is the left edge, 1 the right.", \.place.x),
        coordinate("y", "The place: -1 is the top edge, 1 the bottom.", \.place.y),
        .number("value", "Probability of the right class after looking there.", in: .fraction, places: 4) {
          Double($0.value)
        },
        coordinate("chosen_x", "Where the policy looked.", \.chosen.x),
        coordinate("chosen_y", "Where the policy looked.", \.chosen.y),
      ])
  }
}
