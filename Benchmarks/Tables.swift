// What a run leaves behind: CSV for figures and later reading, and tables for the terminal.

import Foundation
import StudyKit

/// Medians over rounds of one contender in one cell.
struct ContenderSummary {
  let cell: Cell
  let contender: String
  let imagesPerSecond: Spread?
  let fractionOfLimit: Spread?
  /// Our rate over its rate.
  let oursRatio: Spread?
}

extension Array where Element == Measurement {
  var summaries: [ContenderSummary] {
    cells.flatMap { cell in
      contenders(of: cell).map { contender in
        ContenderSummary(
          cell: cell, contender: contender, imagesPerSecond: imagesPerSecond(contender, in: cell),
          // The limit is that of the part's first work.
          fractionOfLimit: Work.allCases.contains { contender.hasSuffix($0.rawValue) }
            ? nil : ratio(of: contender, to: Measurement.limit, in: cell),
          oursRatio: ratio(of: Measurement.ours, to: contender, in: cell))
      }
    }
  }
}

/// How fast products of one shape were.
struct ProductSummary {
  let shape: ProductShape
  let threads: Int
  let gigaflops: Spread?

  static func all(_ products: [(threads: Int, rates: ProductRates)]) -> [ProductSummary] {
    Set(products.map(\.threads)).sorted().flatMap { threads in
      ProductShape.all.enumerated().map { index, shape in
        ProductSummary(
          shape: shape, threads: threads,
          gigaflops: Spread(products.filter { $0.threads == threads }.map { $0.rates.gigaflops[index] }))
      }
    }
  }
}

/// What one part of a training step took, or one function.
struct ProfileRow {
  let profile: StepProfile
  let part: StepPart
  let share: Double
  var library = ""
  var symbol = ""

  static func parts(_ profiles: [StepProfile]) -> [ProfileRow] {
    profiles.flatMap { profile in
      StepPart.allCases.map { ProfileRow(profile: profile, part: $0, share: profile.shares[$0] ?? 0) }
    }
  }

  static func functions(_ profiles: [StepProfile]) -> [ProfileRow] {
    profiles.flatMap { profile in
      profile.functions.map {
        ProfileRow(
          profile: profile, part: StepPart(library: $0.library, symbol: $0.symbol), share: $0.share,
          library: $0.library, symbol: $0.symbol)
      }
    }
  }
}

// MARK: - Columns

private let rate = Quantity("images/s", from: 0)

private let aboutContender =
  "What is timed: `limit` (matrix products alone), `update-limit` (copying alone), `both-limits` (one after the other), "
  + "`ours`, our own `one-run`, `plain-step` or `forward-pass`, `ours-bfloat16`, `other-build`, or a framework."

extension Column {
  fileprivate static func key(_ cell: @escaping @Sendable (Row) -> Cell) -> [Column] {
    [
      .text(
        "network", "The network, `ram`, `conv`, `fc-64` or `fc-256`, and the side of its images in pixels."
      ) { cell($0).network },
      .text("part", "The work that is timed.") { cell($0).work.rawValue },
      .count("batch", "Images in one step.", in: .ordinal) { cell($0).batch },
      .count("threads", "Threads that share a step.", in: .ordinal) { cell($0).threads },
    ]
  }

  /// Median, least and most over rounds.
  fileprivate static func spread(
    _ names: (String, String, String), _ about: String, in quantity: Quantity, empty: String? = nil,
    places: Int,
    _ value: @escaping @Sendable (Row) -> Spread?
  ) -> [Column] {
    [
      .number(names.0, about + ", median over rounds.", in: quantity, empty: empty, places: places) {
        value($0)?.median
      },
      .number(names.1, about + ", least of the rounds.", in: quantity, empty: empty, places: places) {
        value($0)?.least
      },
      .number(names.2, about + ", most of the rounds.", in: quantity, empty: empty, places: places) {
        value($0)?.most
      },
    ]
  }
}

extension Table where Row == Measurement {
  static var bursts: Table {
    Table(
      "bursts", "One row for each burst of a contender.",
      Column.key(\.cell) + [
        .text(
          "contender",
          aboutContender, \.contender),
        .count("round", "Counted from 1.", in: .ordinal) { $0.round + 1 },
        .number(
          "images_per_second", "Rate of the median step.", in: rate, places: 1, \.imagesPerSecond),
        .number(
          "median_step_ms", "Time of the median step.", in: Quantity("ms", from: 0), empty: "for the limit",
          places: 4,
          \.medianMs),
        .number(
          "least_step_ms", "Time of the fastest step.", in: Quantity("ms", from: 0), empty: "for the limit",
          places: 4,
          \.leastMs),
        .count("steps", "Steps of the burst.", in: .ordinal, empty: "for the limit", \.steps),
      ])
  }
}

extension Table where Row == ContenderSummary {
  static var cells: Table {
    Table(
      "cells", "One row for each contender of a cell.",
      Column.key(\.cell) + [
        .text(
          "contender",
          aboutContender, \.contender)
      ]
        + Column.spread(
          ("images_per_second", "least", "most"), "Rate", in: rate, places: 1, \.imagesPerSecond)
        + Column.spread(
          ("fraction_of_limit", "fraction_least", "fraction_most"), "Rate over the limit's rate",
          in: .positive,
          empty: "for `one-run`, `plain-step` and `forward-pass`", places: 4, \.fractionOfLimit)
        + Column.spread(
          ("ours_ratio", "ours_ratio_least", "ours_ratio_most"), "Our rate over this rate", in: .positive,
          empty: "where ours was not timed", places: 4, \.oursRatio))
  }
}

extension Table where Row == ProductSummary {
  static var products: Table {
    Table(
      "products", "One row for each shape of product, [rows, inner] [inner, columns].",
      [
        .count("rows", "Rows of the first factor.", in: .ordinal, \.shape.rows),
        .count("inner", "Columns of the first factor.", in: .ordinal, \.shape.inner),
        .count("columns", "Columns of the second factor.", in: .ordinal, \.shape.columns),
        .count("threads", "Threads that multiply at the same time.", in: .ordinal, \.threads),
      ]
        + Column.spread(
          ("gigaflops", "least", "most"), "Rate of all threads together", in: Quantity("GFLOP/s", from: 0),
          places: 1,
          \.gigaflops))
  }
}

extension Table where Row == ProfileRow {
  private static var key: [Column<ProfileRow>] {
    [
      .text("network", "The network that is trained.", \.profile.network),
      .count("batch", "Images in one step.", in: .ordinal, \.profile.batch),
      .count("threads", "Threads that share a step.", in: .ordinal, \.profile.threads),
      .text("part", "The part of the step.", \.part.rawValue),
    ]
  }
  private static var percent: Column<ProfileRow> {
    .number("percent", "Share of the time of all threads.", in: .percent, places: 2) { 100 * $0.share }
  }

  static var profile: Table {
    Table(
      "profile", "One row for each part of a training step.",
      key + [
        percent,
        .number("microseconds_per_image", "Wall time.", in: Quantity("µs", from: 0), places: 3) {
          $0.profile.microsecondsPerImage * $0.share
        },
      ])
  }

  /// The functions behind the parts.
  static var functions: Table {
    Table(
      "functions", "One row for each of the functions that took the most time.",
      key + [
        .text("library", "The library that the function is in.", \.library),
        .text("symbol", "Its linker symbol.", \.symbol), percent,
      ])
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
      Work(rawValue: $0) == nil && !Measurement.limits.contains($0) && !$0.hasPrefix(Runner.other)
        && !$0.hasPrefix(Runner.rounded)
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
