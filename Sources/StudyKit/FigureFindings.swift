// What a figure shows, in a sentence made from the table that it is drawn from: a caption says where to look,
// this says what is seen there, and it cannot differ from the picture.

import Foundation

/// The tables of one study as a figure is told to show them.
struct FigureFindings {
  let folder: String
  /// The conditions shown; all when empty.
  let conditions: [String]
  /// "-100" for the tables of a part.
  let suffix: String

  /// Nil for figures that this does not know, as a new study's own.
  func sentence(for figure: String) throws -> String? {
    switch figure {
    case "error-by-model": try lowestError()
    case "learning-curves": try fallAtTheEnd()
    case "sample-scenes": try digitsShown()
    case "glimpse-paths": try answers()
    case "fixation-density": try middleShare()
    default: try ownFigure(figure)
    }
  }

  func table(_ name: String, _ header: [String], text: Set<String> = ["condition"]) throws -> CSVTable {
    try CSVTable(reading: "\(folder)/\(name).csv", expecting: header, text: text)
  }

  // MARK: - Figures that all studies share

  private func lowestError() throws -> String? {
    let runs = try table("runs", Study.runColumns)
    let means = shown(runs).compactMap { name in
      Interval(values(runs, "test_error_percent", name)).map { (name, $0) }
    }
    guard let best = means.min(by: { $0.1.mean < $1.1.mean }),
      let worst = means.max(by: { $0.1.mean < $1.1.mean }), best.0 != worst.0
    else { return nil }
    var text =
      "Here \(quoted(best.0)) errs least, \(percent(best.1.mean)), and \(quoted(worst.0)) most, "
      + percent(worst.1.mean)
    let close = means.filter { $0.0 != best.0 && ($0.1.low ?? .infinity) <= (best.1.high ?? -.infinity) }
    if best.1.count == 1 {
      text += ", from one seed each"
    } else if !close.isEmpty {
      text += "; the intervals of \(spokenList(close.map { quoted($0.0) })) reach into that of the best"
    }
    for (name, random) in means where name.contains("-random") {
      guard let learned = means.first(where: { $0.0 == name.replacingOccurrences(of: "-random", with: "") })
      else { continue }
      let gain = random.mean - learned.1.mean
      text +=
        "; with learned places \(quoted(learned.0)) errs \(points(abs(gain))) \(gain > 0 ? "less" : "more") "
        + "than with random ones"
    }
    let whole = means.filter { $0.0.hasPrefix("fc-") || $0.0.hasPrefix("conv") }.min { $0.1.mean < $1.1.mean }
    if let whole, let ram = means.filter({ $0.0.hasPrefix("ram-") }).min(by: { $0.1.mean < $1.1.mean }) {
      let gain = whole.1.mean - ram.1.mean
      text +=
        "; the best recurrent model, \(quoted(ram.0)), errs \(points(abs(gain))) \(gain > 0 ? "less" : "more") "
        + "than the best network that sees every pixel, \(quoted(whole.0))"
    }
    return text + "."
  }

  private func fallAtTheEnd() throws -> String? {
    let curves = try table("curves", Study.curveColumns)
    var changes: [(name: String, before: Double, after: Double)] = []
    for name in shown(curves) {
      let rows = rows(curves, name)
      guard let last = rows.compactMap({ curves[row: $0, "epoch"].double }).max(), last >= 5 else { continue }
      func mean(_ epoch: Double) -> Double? {
        Interval(
          rows.filter { curves[row: $0, "epoch"].double == epoch }.compactMap {
            curves[row: $0, "validation_error_percent"].double
          })?.mean
      }
      if let before = mean((0.8 * last).rounded()), let after = mean(last) {
        changes.append((name, before, after))
      }
    }
    guard let most = changes.max(by: { $0.before - $0.after < $1.before - $1.after }),
      let lowest = changes.min(by: { $0.after < $1.after })
    else { return nil }
    let falling = changes.count { $0.after < $0.before }
    var text =
      "Here \(quoted(lowest.name)) ends lowest, at \(percent(lowest.after)); over the last fifth of training "
      + "\(falling) of \(changes.count) \(changes.count == 1 ? "curve" : "curves") still fell"
    if falling > 0 {
      text += ", most that of \(quoted(most.name)), from \(percent(most.before)) to \(percent(most.after))"
    }
    return text + "."
  }

  /// Scene and label of a table of pixels, without reading the pixels.
  private func digitsShown() throws -> String? {
    let data = FileManager.default.contents(atPath: "\(folder)/scenes\(suffix).csv") ?? Data()
    var last: Substring = ""
    var labels: [String] = []
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",", maxSplits: 2)
      guard cells.count == 3, cells[0] != last else { continue }
      last = cells[0]
      labels.append(String(cells[1]))
    }
    return labels.isEmpty ? nil : "Here, row by row, the digits are \(spokenList(Array(labels.prefix(10))))."
  }

  private func answers() throws -> String? {
    let glimpses = try table("glimpses" + suffix, Study.glimpseColumns)
    func number(_ row: Int, _ column: String) -> Double { glimpses[row: row, column].double ?? .nan }
    let scenes = Dictionary(grouping: glimpses.rows.indices) { number($0, "scene") }
    let paths = scenes.values.map { $0.sorted { number($0, "glimpse") < number($1, "glimpse") } }
    func right(_ row: Int?) -> Bool { row.map { number($0, "label") == number($0, "prediction") } ?? false }
    let steps = paths.flatMap { rows in
      zip(rows, rows.dropFirst()).map { a, b in
        hypot(number(b, "x") - number(a, "x"), number(b, "y") - number(a, "y"))
      }
    }
    guard let step = Interval(steps) else { return nil }
    return
      "Here \(paths.count { right($0.first) }) of \(paths.count) answers are right after the first glimpse and "
      + "\(paths.count { right($0.last) }) after the last; between two glimpses the gaze moves "
      + "\(CSVValue.fixed(step.mean, places: 2)) half-widths of the image on average."
  }

  private func middleShare() throws -> String? {
    let fixations = try table("fixations" + suffix, Study.fixationColumns)
    let parts = fixations.names(in: "condition").compactMap { name -> String? in
      let rows = rows(fixations, name).filter { (fixations[row: $0, "glimpse"].double ?? 0) > 1 }
      guard !rows.isEmpty else { return nil }
      func share(_ holds: (Double) -> Bool) -> String {
        let count = rows.count { row in
          holds(max(abs(fixations[row: row, "x"].double ?? 2), abs(fixations[row: row, "y"].double ?? 2)))
        }
        return CSVValue.fixed(100 * Double(count) / Double(rows.count), places: 0)
      }
      return "of those of \(quoted(name)) \(share { $0 <= 0.5 }) % and \(share { $0 > 0.92 }) %"
    }
    guard !parts.isEmpty else { return nil }
    return
      "Here, of the glimpses after the first, so many lie in the middle quarter of the image's area and in the "
      + "outermost cells of the map: \(spokenList(parts)). Even glimpses would give 25 % and 15 %."
  }

  // MARK: - Words

  /// The conditions of a table that the figure shows, in the table's order.
  func shown(_ table: CSVTable) -> [String] {
    table.names(in: "condition").filter { conditions.isEmpty || conditions.contains($0) }
  }

  func rows(_ table: CSVTable, _ name: String, in column: String = "condition") -> [Int] {
    table.rows.indices.filter { table[row: $0, column] == .text(name) }
  }

  func values(_ table: CSVTable, _ column: String, _ name: String) -> [Double] {
    rows(table, name).compactMap { table[row: $0, column].double }
  }

  func quoted(_ name: String) -> String { "`\(name)`" }
  func percent(_ value: Double) -> String { CSVValue.fixed(value, places: 2) + " %" }
  private func points(_ value: Double) -> String { CSVValue.fixed(value, places: 2) + " points" }
}
