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

extension Column {
  fileprivate static func key(_ cell: @escaping @Sendable (Row) -> Cell) -> [Column] {
    [
      .text("network", "What is trained: ram, conv or fc, and the side of its images in pixels.") {
        cell($0).network
      },
      .text("part", "What is done with it.") { cell($0).work.rawValue },
      .count("batch", "Images of one step.") { cell($0).batch },
      .count("threads", "Threads that share a step.") { cell($0).threads },
    ]
  }

  /// Median, least and most over rounds.
  fileprivate static func spread(
    _ names: (String, String, String), _ about: String, places: Int,
    _ value: @escaping @Sendable (Row) -> Spread?
  ) -> [Column] {
    [
      .number(names.0, about + ", median over rounds.", places: places) { value($0)?.median },
      .number(names.1, "The least of the rounds.", places: places) { value($0)?.least },
      .number(names.2, "The most of the rounds.", places: places) { value($0)?.most },
    ]
  }
}

extension Table where Row == Measurement {
  static var bursts: Table {
    Table(
      "bursts", "One row for each burst of a contender.",
      Column.key(\.cell) + [
        .text("contender", "Who: limit, ours, or a peer.", \.contender),
        .count("round", "Counted from 1.") { $0.round + 1 },
        .number("images_per_second", "By the median step.", places: 1, \.imagesPerSecond),
        .number("median_step_ms", "Empty for the limit.", places: 4, \.medianMs),
        .number("least_step_ms", "Empty for the limit.", places: 4, \.leastMs),
        .count("steps", "Steps of the burst; empty for the limit.", \.steps),
      ])
  }
}

extension Table where Row == ContenderSummary {
  static var cells: Table {
    Table(
      "cells", "One row for each contender of a cell.",
      Column.key(\.cell) + [.text("contender", "Who: limit, ours, or a peer.", \.contender)]
        + Column.spread(("images_per_second", "least", "most"), "Rate", places: 1, \.imagesPerSecond)
        + Column.spread(
          ("fraction_of_limit", "fraction_least", "fraction_most"), "Its rate over the limit's", places: 4,
          \.fractionOfLimit)
        + Column.spread(
          ("ours_ratio", "ours_ratio_least", "ours_ratio_most"), "Our rate over its rate", places: 4,
          \.oursRatio))
  }
}

extension Table where Row == ProductSummary {
  static var products: Table {
    Table(
      "products", "One row for each shape of product, [rows, inner] [inner, columns].",
      [
        .count("rows", "Of the first factor.", \.shape.rows), .count("inner", "Summands.", \.shape.inner),
        .count("columns", "Of the second factor.", \.shape.columns), .count("threads", "At once.", \.threads),
      ] + Column.spread(("gigaflops", "least", "most"), "GFLOP/s of all threads", places: 1, \.gigaflops))
  }
}

extension Table where Row == ProfileRow {
  private static var key: [Column<ProfileRow>] {
    [
      .text("network", "What is trained.", \.profile.network),
      .count("batch", "Images of one step.", \.profile.batch),
      .count("threads", "Threads that share a step.", \.profile.threads),
      .text("part", "Part of the step.", \.part.rawValue),
    ]
  }
  private static var percent: Column<ProfileRow> {
    .number("percent", "Of all threads' time, 0 to 100.", places: 2) { 100 * $0.share }
  }

  static var profile: Table {
    Table(
      "profile", "One row for each part of a training step.",
      key + [
        percent,
        .number("microseconds_per_image", "Of wall time.", places: 3) {
          $0.profile.microsecondsPerImage * $0.share
        },
      ])
  }

  /// The functions behind the parts.
  static var functions: Table {
    Table(
      "functions", "One row for each of the functions that took most.",
      key + [
        .text("library", "Where the function is.", \.library),
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
      Work(rawValue: $0) == nil && !$0.hasPrefix(Runner.other) && !$0.hasPrefix(Runner.rounded)
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
