// What the figures show that only one study draws.

import Foundation

extension FigureFindings {
  func ownFigure(_ figure: String) throws -> String? {
    switch figure {
    case "catch-rate": try rateAtTheEnd()
    case "game-strip": try gamesCaught(of: 1)
    case "games": try gamesCaught(of: 4)
    case "variance": try noiseOfBaselines()
    case "error-by-glimpses": try bestCounts()
    case "error-by-multiply-adds": try cheaperAndBetter()
    case "cost-by-side": try growth()
    case "time-by-side": try slowdown()
    default: nil
    }
  }

  // MARK: - Catch

  private func rateAtTheEnd() throws -> String? {
    let curves = try table("curves", Study.gameCurveColumns)
    let ends = shown(curves).compactMap { name -> String? in
      let rows = rows(curves, name)
      guard let last = rows.compactMap({ curves[row: $0, "frames"].double }).max() else { return nil }
      let values = rows.filter { curves[row: $0, "frames"].double == last }.compactMap {
        curves[row: $0, "caught_greedy_percent"].double
      }
      return Interval(values).map { "\(quoted(name)) \(CSVValue.fixed($0.mean, places: 1)) %" }
    }
    return ends.isEmpty ? nil : "Here, at the end of training: \(spokenList(ends))."
  }

  private func gamesCaught(of most: Int) throws -> String? {
    let frames = try table("frames", Study.frameColumns)
    let caught = frames.rows.indices.reduce(into: [Double: Bool]()) { caught, row in
      if let game = frames[row: row, "game"].double, game <= Double(most) {
        caught[game] = frames[row: row, "caught"].double == 1
      }
    }
    guard !caught.isEmpty else { return nil }
    let count = caught.values.count { $0 }
    return most == 1
      ? "Here the ball is \(count == 1 ? "caught" : "missed")."
      : "Here \(count) of \(caught.count) balls are caught."
  }

  // MARK: - Baseline

  private func noiseOfBaselines() throws -> String? {
    let variance = try table("variance", Study.varianceColumns, text: ["parameters", "baseline"])
    var sentences: [String] = []
    for point in variance.names(in: "parameters") {
      func trace(_ baseline: String) -> Double? {
        rows(variance, point, in: "parameters").first {
          variance[row: $0, "baseline"] == .text(baseline) && variance[row: $0, "episodes"].double == 4
        }.flatMap { variance[row: $0, "trace"].double }
      }
      guard let none = trace("none"), none > 0 else { continue }
      let ratios = variance.names(in: "baseline").filter { $0 != "none" }.compactMap { baseline in
        trace(baseline).map { "\(significant($0 / none)) for \(quoted(baseline))" }
      }
      if !ratios.isEmpty { sentences.append("\(spokenList(ratios)) at \(quoted(point))") }
    }
    guard !sentences.isEmpty else { return nil }
    let measured = variance.rows.indices.compactMap { row -> Bool? in
      guard let ratio = variance[row: row, "difference_ratio"].double,
        let limit = variance[row: row, "difference_limit"].double
      else { return nil }
      return ratio > limit
    }
    return "Here, with four episodes per image and in units of the trace without a baseline, the trace is "
      + sentences.joined(separator: "; ") + ". The mean lies further off than chance explains in "
      + "\(measured.count { $0 }) of \(measured.count) measurements, where 2.5 of 100 are expected of equal means."
  }

  // MARK: - Glimpses

  private func bestCounts() throws -> String? {
    let counts = try table("glimpse_counts", Study.glimpseCountColumns, text: ["task", "series"])
    let parts = counts.names(in: "task").compactMap { task -> String? in
      let trained = rows(counts, task, in: "task").filter {
        counts[row: $0, "series"] == .text(Study.trainedSeries)
          && counts[row: $0, "error_percent"].double != nil
      }
      func error(_ row: Int) -> Double { counts[row: row, "error_percent"].double ?? .infinity }
      guard let best = trained.min(by: { error($0) < error($1) }), let first = trained.first else {
        return nil
      }
      func glimpses(_ row: Int) -> String { "\(Int(counts[row: row, "glimpses"].double ?? 0))" }
      return
        "\(task) digits \(percent(error(first))) with \(glimpses(first)) and least, \(percent(error(best))), with "
        + glimpses(best)
    }
    return parts.isEmpty ? nil : "Here, of models trained for their count: \(parts.joined(separator: "; "))."
  }

  private func cheaperAndBetter() throws -> String? {
    let costs = try table("multiply_adds", Study.multiplyAddColumns, text: ["task", "series"])
    func number(_ row: Int, _ column: String) -> Double? { costs[row: row, column].double }
    let parts = costs.names(in: "task").compactMap { task -> String? in
      let rows = rows(costs, task, in: "task")
      let wholes = rows.filter { number($0, "glimpses") == nil }
      let ours = rows.filter { costs[row: $0, "series"] == .text(Study.trainedSeries) }
      let dominated = wholes.filter { whole in
        ours.contains { row in
          guard let error = number(row, "error_percent"), let cost = number(row, "multiply_adds"),
            let theirs = number(whole, "paper_error_percent"), let price = number(whole, "multiply_adds")
          else { return false }
          return error < theirs && cost < price
        }
      }
      return wholes.isEmpty ? nil : "\(dominated.count) of \(wholes.count) on \(task) digits"
    }
    return parts.isEmpty
      ? nil
      : "Here a trained model is both cheaper and better than the paper's whole-image networks: \(spokenList(parts))."
  }

  // MARK: - Scaling

  private func growth() throws -> String? {
    let costs = try table("costs", Study.costColumns, text: ["network"])
    return factors(costs, rows: { rows(costs, $0, in: "network") }, "multiply_adds").map {
      "Here, \($0.span), multiply-adds grow by a factor of \($0.list)."
    }
  }

  private func slowdown() throws -> String? {
    let timing = try table("timing", Study.costTimingColumns, text: ["network", "part"])
    func rows(_ part: String) -> (String) -> [Int] {
      { name in self.rows(timing, name, in: "network").filter { timing[row: $0, "part"] == .text(part) } }
    }
    let column = "microseconds_per_image"
    guard let training = factors(timing, rows: rows("training"), column),
      let inference = factors(timing, rows: rows("inference"), column)
    else { return nil }
    return
      "Here, \(training.span), training slows down by a factor of \(training.list), inference of \(inference.list)."
  }

  /// How much a column grows from each network's smallest side to its largest.
  private func factors(_ table: CSVTable, rows: (String) -> [Int], _ column: String) -> (
    span: String, list: String
  )? {
    var span = ""
    let list = table.names(in: "network").compactMap { name -> String? in
      let sorted = rows(name).sorted {
        (table[row: $0, "side"].double ?? 0) < (table[row: $1, "side"].double ?? 0)
      }
      guard let first = sorted.first, let last = sorted.last, let start = table[row: first, column].double,
        let end = table[row: last, column].double, start > 0
      else { return nil }
      func side(_ row: Int) -> String { "\(Int(table[row: row, "side"].double ?? 0))" }
      span = "from \(side(first)) to \(side(last)) pixels a side"
      return "\(significant(end / start)) for \(quoted(name))"
    }
    return list.isEmpty ? nil : (span, spokenList(list))
  }

  /// Two digits that mean something, three from 100 on: "0.012", "1.3", "369".
  private func significant(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    return CSVValue.fixed(value, places: max(0, 1 - Int(log10(value).rounded(.down))))
  }
}
