// What a run leaves behind: CSV for figures and later reading, and tables for the terminal.

import Foundation
import StudyKit

extension CSVTable {
  static let burstColumns = [
    "network", "part", "batch", "threads", "contender", "round", "images_per_second", "median_step_ms",
    "least_step_ms", "steps",
  ]
  static let cellColumns = [
    "network", "part", "batch", "threads", "contender", "images_per_second", "least", "most",
    "fraction_of_limit", "fraction_least", "fraction_most", "ours_ratio", "ours_ratio_least",
    "ours_ratio_most",
  ]
  static let productColumns = ["rows", "inner", "columns", "threads", "gigaflops", "least", "most"]
  static let profileColumns = ["network", "batch", "threads", "part", "percent", "microseconds_per_image"]
  static let functionColumns = ["network", "batch", "threads", "part", "library", "symbol", "percent"]
  static let benchmarkTextColumns: Set<String> = ["network", "part", "contender", "library", "symbol"]

  /// Every burst.
  static func bursts(_ measurements: [Measurement]) -> CSVTable {
    var table = CSVTable(header: burstColumns)
    for m in measurements {
      table.rows.append(
        key(m.cell) + [
          .text(m.contender), .integer(m.round + 1), .decimal(m.imagesPerSecond, places: 1),
          CSVValue(m.medianMs, places: 4), CSVValue(m.leastMs, places: 4),
          m.steps.map { .integer($0) } ?? .notMeasured,
        ])
    }
    return table
  }

  /// Medians over rounds: of rates, of their part of the limit, and of our rate over theirs.
  static func cells(_ measurements: [Measurement]) -> CSVTable {
    var table = CSVTable(header: cellColumns)
    for cell in measurements.cells {
      for contender in measurements.contenders(of: cell) {
        table.rows.append(
          key(cell) + [.text(contender)]
            + cells(measurements.imagesPerSecond(contender, in: cell), places: 1)
            + cells(measurements.ratio(of: contender, to: Measurement.limit, in: cell), places: 4)
            + cells(measurements.ratio(of: Measurement.ours, to: contender, in: cell), places: 4))
      }
    }
    return table
  }

  static func products(_ products: [(threads: Int, rates: ProductRates)]) -> CSVTable {
    var table = CSVTable(header: productColumns)
    for threads in Set(products.map(\.threads)).sorted() {
      let rounds = products.filter { $0.threads == threads }.map(\.rates.gigaflops)
      for (index, shape) in ProductShape.all.enumerated() {
        table.rows.append(
          [.integer(shape.rows), .integer(shape.inner), .integer(shape.columns), .integer(threads)]
            + cells(Spread(rounds.map { $0[index] }), places: 1))
      }
    }
    return table
  }

  static func profile(_ profiles: [StepProfile]) -> CSVTable {
    var table = CSVTable(header: profileColumns)
    for profile in profiles {
      for part in StepPart.allCases {
        let share = profile.shares[part] ?? 0
        table.rows.append([
          .text(profile.network), .integer(profile.batch), .integer(profile.threads), .text(part.rawValue),
          .decimal(100 * share, places: 2), .decimal(profile.microsecondsPerImage * share, places: 3),
        ])
      }
    }
    return table
  }

  /// The functions behind the parts.
  static func functions(_ profiles: [StepProfile]) -> CSVTable {
    var table = CSVTable(header: functionColumns)
    for profile in profiles {
      for function in profile.functions {
        table.rows.append([
          .text(profile.network), .integer(profile.batch), .integer(profile.threads),
          .text(StepPart(library: function.library, symbol: function.symbol).rawValue),
          .text(function.library), .text(function.symbol), .decimal(100 * function.share, places: 2),
        ])
      }
    }
    return table
  }

  private static func key(_ cell: Cell) -> [CSVValue] {
    [.text(cell.network), .text(cell.work.rawValue), .integer(cell.batch), .integer(cell.threads)]
  }

  private static func cells(_ spread: Spread?, places: Int) -> [CSVValue] {
    [spread?.median, spread?.least, spread?.most].map { CSVValue($0, places: places) }
  }
}

extension TextTable {
  /// One part: a row for each cell; rates in images/s, ratios as "median (least to most)".
  static func part(_ work: Work, _ measurements: [Measurement]) -> TextTable? {
    let cells = measurements.cells.filter { $0.work == work }
    guard !cells.isEmpty else { return nil }
    var names: [String] = []
    for cell in cells {
      for name in measurements.contenders(of: cell)
      where !names.contains(name) && name != Measurement.limit && name != Measurement.ours {
        names.append(name)
      }
    }
    let peers = names.filter {
      $0 != Work.oneRun.rawValue && !$0.hasPrefix(Runner.other) && $0 != Runner.rounded
    }
    let best = peers.isEmpty ? [] : ["ours / best peer"]
    var table = TextTable(
      header: ["network", "batch", "threads", "limit", "ours", "of limit"]
        + names.flatMap { [$0, "ours / it"] } + best)
    for cell in cells {
      func rate(_ name: String) -> String {
        measurements.imagesPerSecond(name, in: cell).map { String(format: "%.0f", $0.median) } ?? "–"
      }
      func ratio(_ name: String) -> String {
        measurements.ratio(of: Measurement.ours, to: name, in: cell).map(text) ?? "–"
      }
      let bestPeer = measurements.bestPeer(in: cell, among: peers)
      table.append(
        [
          cell.network, "\(cell.batch)", "\(cell.threads)", rate(Measurement.limit), rate(Measurement.ours),
          ratio(Measurement.limit),
        ] + names.flatMap { [rate($0), ratio($0)] }
          + (peers.isEmpty ? [] : [bestPeer.map(ratio) ?? "–"]))
    }
    return table
  }

  /// One row for each profiled step; a column for each part, in percent of all threads' time.
  static func profile(_ profiles: [StepProfile]) -> TextTable? {
    guard !profiles.isEmpty else { return nil }
    var table = TextTable(
      header: ["network", "batch", "threads"] + StepPart.allCases.map { $0.rawValue + " %" } + ["µs / image"])
    for profile in profiles {
      table.append(
        [profile.network, "\(profile.batch)", "\(profile.threads)"]
          + StepPart.allCases.map { String(format: "%.1f", 100 * (profile.shares[$0] ?? 0)) }
          + [String(format: "%.1f", profile.microsecondsPerImage)])
    }
    return table
  }

  private static func text(_ spread: Spread) -> String {
    String(format: "%.2f (%.2f to %.2f)", spread.median, spread.least, spread.most)
  }
}
