import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

/// A task on which widths are chosen.
struct ZoomTask: Sendable {
  /// Its part of the names of tables and figures.
  let part: String
  /// The title of its figures.
  let title: String
  let world: any LocatedWorld
  /// What follows "zoom-1" in the names of its conditions.
  let suffix: String
  let conditions: [Condition]

  /// One of them, by its name on any task: "zoom-1".
  func condition(_ name: String) throws -> Condition { try conditions.named(name + suffix) }

  /// Chosen widths compared with as many patches of fixed widths, and one patch of chosen width with three fixed ones.
  func contrasts(in study: Study) throws -> String? {
    let pairs = [("zoom-1", "fixed-1"), ("zoom-3", "fixed-3"), ("zoom-1", "fixed-3")]
    return Contrast.sentences(try pairs.compactMap { try study.contrast(condition($0), with: condition($1)) })
  }

  // MARK: - What it looks at

  /// The widths that models of seed 1 choose at every glimpse, over at most 5,000 test scenes; for the last glimpse also by
  /// the size of the digit, if sizes differ.
  func widths(in study: Study) throws -> [ChosenWidths] {
    try conditions.flatMap { condition -> [ChosenWidths] in
      guard let model = try study.model(of: condition), model.network.sensor is ZoomRetina,
        let examples = study.records(of: condition).first?.test?.examples
      else { return [] }
      let world = world
      let most = 5_000  // ours: enough for quartiles of every range of sizes
      let looks = try model.readPaths(
        on: world, scenes: 0..<min(examples, most), seed: Study.shownSeed, threads: study.options.threadCount
      ) { scene, path in
        (
          size: world.digitBox(.test, index: scene, seed: Study.shownSeed).side,
          widths: path.glimpses.map { Double($0.outlines[0].side) }
        )
      }
      let last = model.network.glimpses - 1
      let all = (0...last).map { glimpse in
        ChosenWidths(condition.name, glimpse, sizes: nil, looks.map { $0.widths[glimpse] })
      }
      let bySize = Self.sizes.map { sizes in
        ChosenWidths(
          condition.name, last, sizes: sizes,
          looks.filter { sizes.contains($0.size) }.map { $0.widths[last] })
      }
      return (all + (Set(looks.map(\.size)).count > 1 ? bySize : [])).compactMap(\.self)
    }
  }

  private static let sizes = [28...34, 35...41, 42...48, 49...56]  // ours: seven or eight sizes each

  /// A sentence with the median widths at the second and the last glimpse, and for the smallest and the largest digits.
  static func widthsInWords(_ study: Study) throws -> String? {
    let sentences = try study.table("widths").groups(by: "condition").compactMap { name, rows -> String? in
      let all = try rows.filter { try $0.number("digit_from") == nil }
      let sizes = try rows.filter { try $0.number("digit_from") != nil }
      guard all.count > 1, let second = try all[1].number("median"),
        let last = try all[all.count - 1].number("median")
      else { return nil }
      var sentence =
        "`\(name)` \(second.fixed(0)) pixels at the second glimpse and \(last.fixed(0)) at the last"
      if sizes.count > 1, let small = try sizes[0].number("median"),
        let large = try sizes[sizes.count - 1].number("median")
      {
        sentence += " (\(small.fixed(0)) for the smallest digits, \(large.fixed(0)) for the largest)"
      }
      return sentence
    }
    return sentences.isEmpty
      ? nil : "Median width of the finest patch: " + sentences.joined(separator: "; ") + "."
  }
}
