import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit

/// A task on which the number of glimpses is varied.
struct GlimpseTask {
  let name: String
  let world: any World
  /// Its number of glimpses is varied.
  let network: RecurrentAttention
  /// Changes the preset's training for this task.
  var training: @Sendable (inout TrainingSettings) -> Void = { _ in }
  /// The paper's errors by number of glimpses, %.
  let paper: [Int: Double]
  /// Networks that this study does not train, with the paper's errors, %.
  let references: [(name: String, network: any Network, paper: Double)]

  /// The error by number of glimpses, in two ways: with one model trained for each number, and with the model for the
  /// largest number, read after each of its glimpses.
  ///
  /// The paper's numbers are left out where the study leaves them out, for other digits.
  ///
  /// - Parameter conditions: in ascending order of glimpses.
  func counts(_ conditions: [Condition], in study: Study) throws -> [GlimpseCount] {
    let conditions = try conditions.map { try study.conditions.named($0.name) }
    func count(
      _ series: String, _ glimpses: Int?, _ network: any Network, _ error: Interval?, _ paper: Double?
    ) -> GlimpseCount {
      GlimpseCount(
        task: name, series: series, glimpses: glimpses, multiplyAdds: network.multiplyAdds(on: world),
        error: error, paper: paper)
    }
    var counts = conditions.enumerated().compactMap { index, condition -> GlimpseCount? in
      let error = study.error(of: condition)
      if error == nil && condition.paper == nil { return nil }
      return count("one model each", index + 1, condition.network, error, condition.paper)
    }
    guard let longest = conditions.last else { return counts }
    let byGlimpse = try study.glimpseStatistics(of: longest).map { $0.map(\.errorPercent) }
    if !byGlimpse.isEmpty {
      for (index, condition) in conditions.enumerated() {
        counts.append(
          count("stopped early", index + 1, condition.network, Interval(byGlimpse.map { $0[index] }), nil))
      }
    }
    guard conditions.contains(where: { $0.paper != nil }) else { return counts }
    return counts + references.map { count($0.name, nil, $0.network, nil, $0.paper) }
  }

  /// The error of the model for eight glimpses when it is stopped after four, beside that of a model trained for four.
  static func stoppedEarly(_ study: Study) throws -> String? {
    let rows = try study.table("glimpse_counts").rows.filter { try $0.number("glimpses") == 4 }
    let errors = try rows.grouped { try $0.text("task") }.compactMap { task, rows -> String? in
      func error(_ series: String) throws -> Double? {
        try rows.first { try $0.text("series") == series }?.number("error_percent")
      }
      guard let stopped = try error("stopped early"), let own = try error("one model each") else {
        return nil
      }
      return "\(stopped.fixed(2)) % on \(task) digits, where a model for four has \(own.fixed(2)) %"
    }
    return errors.isEmpty
      ? nil
      : "Stopped after four glimpses, the model for eight has an error of \(errors.joined(separator: "; "))."
  }

  /// The reference networks of the paper that trained models beat in both cost and error, by their intervals over seeds.
  static func cheaperAndBetter(_ study: Study) throws -> String? {
    let rows = try study.table("glimpse_counts").rows
    guard try rows.contains(where: { try $0.number("glimpses") == nil }) else { return nil }
    let dominated = try rows.filter { whole in
      guard try whole.number("glimpses") == nil, let price = try whole.number("multiply_adds"),
        let theirs = try whole.number("paper_percent")
      else { return false }
      return try rows.contains { row in
        guard try row.text("task") == whole.text("task"), try row.text("series") == "one model each",
          let cost = try row.number("multiply_adds"), let error = try row.number("error_percent"),
          let half = try row.number("error_half_width")
        else { return false }
        return cost < price && error + half < theirs
      }
    }
    let names = try dominated.map { "\(try $0.text("series")) on \(try $0.text("task")) digits" }
    return names.isEmpty
      ? "No model here with several seeds is both cheaper and, by its 95 % interval, better than one of these networks."
      : "Here a model is both cheaper and, by its 95 % interval over seeds, better than \(spokenList(names))."
  }
}

/// A row of `glimpse_counts.csv`.
struct GlimpseCount {
  let task: String
  let series: String
  let glimpses: Int?
  let multiplyAdds: Int?
  let error: Interval?
  let paper: Double?
}

extension Table where Row == GlimpseCount {
  static var glimpseCounts: Table {
    Table(
      "glimpse_counts",
      "One row for each task, series and number of glimpses, and one for each task and reference network.",
      [
        .text("task", "`centered`, `translated` or `cluttered` digits.", \.task),
        .text("series", "`one model each`, `stopped early`, or the name of a reference network.", \.series),
        .count(
          "glimpses", "Glimpses before the answer.", in: Quantity(from: 1, to: 8),
          empty: "for reference networks", \.glimpses),
        .count(
          "multiply_adds", "Multiply-adds of one forward pass over one image.", in: .ordinal,
          empty: "for networks that do not count them", \.multiplyAdds),
      ]
        + overSeeds("error_percent", "Test error", empty: "where nothing is trained", \.error)
        + [
          .count(
            "seeds", "Number of models that the mean is over.", empty: "where nothing is trained",
            \.error?.count),
          .number(
            "paper_percent", "The paper's test error.", in: .percent, empty: "where the paper has none",
            places: 2,
            \.paper),
        ])
  }
}
