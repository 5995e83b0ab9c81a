import Learning
@testable import RecurrentAttention
import StudyKit
import Testing
import Worlds

@testable import AttentionStudies

/// A frame of which the left half is white for one class, the right half for the other.
private struct Halves: LocatedWorld {
  let side = 12
  let classCount = 2
  let summary = "halves"
  let configuration = Configuration("halves")
  func count(of split: Split) -> Int { 130 }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    for pixel in 0..<(side * side) { pixels[pixel] = (pixel % side < 6) == (index % 2 == 0) ? 255 : 0 }
    return UInt8(index % 2)
  }
  func digitBox(_ split: Split, index: Int, seed: UInt64) -> DigitBox {
    DigitBox(x: index % 2 * 6, y: 0, side: 6)
  }
}

/// The same, and nobody says where.
private struct UnlocatedHalves: StillWorld {
  private let halves = Halves()
  var side: Int { halves.side }
  var classCount: Int { halves.classCount }
  var summary: String { halves.summary }
  var configuration: Configuration { halves.configuration }
  func count(of split: Split) -> Int { halves.count(of: split) }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    halves.draw(split, index: index, seed: seed, into: &pixels)
  }
}

/// Frames with two labels each.
private struct TwoLabels: World {
  let side = 12
  let classCounts = [2, 3]
  let play: Play? = nil
  let summary = "two labels"
  let configuration = Configuration("two_labels")
  func count(of split: Split) -> Int { 10 }
  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Int {
    (labels[0], labels[1]) = (0, 1)
    return index
  }
  func act(_ action: Int, in episode: inout Int, pixels: inout MutableSpan<UInt8>) -> Float { 0 }
}

@Suite("Statistics by glimpse") struct GlimpseStatisticsTests {
  @Test("paths over scenes with several labels are refused, because a path has one answer")
  func severalLabels() throws {
    let network = RecurrentAttention(
      glimpses: 2, sensor: Retina(patchSide: 4, scales: 1), gaze: RandomGaze())
    let model = RecurrentAttentionModel(network, for: TwoLabels(), seed: 1)
    #expect(throws: DefinitionError.self) {
      try GlimpseStatistics.all(of: model, on: TwoLabels(), scenes: 10, seed: 1, threads: 1)
    }
  }

  @Test("a place is as far from the frame's left and upper edge as its coordinates say")
  func pixel() {
    #expect(Location(x: -1, y: 1).pixel(on: 12) == (0, 12))
    #expect(Location(x: 0.5, y: -0.25).pixel(on: 12) == (9, 4.5))
  }

  @Test(
    "shares are those of its paths, whatever the number of threads; without a place nothing is on a digit")
  func shares() throws {
    let network = RecurrentAttention(
      glimpses: 3, sensor: Retina(patchSide: 4, scales: 1), gaze: RandomGaze())
    let (world, scenes) = (Halves(), 130)
    let model = RecurrentAttentionModel(network, for: world, seed: 1)
    // In chunks of 50, as they are counted.
    let paths = try [0..<50, 50..<100, 100..<130].flatMap {
      try model.paths(on: world, .test, examples: $0, seed: 5)
    }
    for threads in [1, 3] {
      let all = try GlimpseStatistics.all(
        of: model, on: world, scenes: scenes, seed: 5, threads: threads)
      #expect(all.map(\.glimpse) == [1, 2, 3])
      for (index, statistics) in all.enumerated() {
        let wrong = paths.count { $0.glimpses[index].prediction != $0.label }
        // The digit takes the upper left quarter of even scenes, and the upper right one of odd ones.
        let found = paths.enumerated().count { scene, path in
          let (column, row) = path.glimpses[index].location.pixel(on: 12)
          return row <= 6 && (scene % 2 == 0 ? column <= 6 : column >= 6)
        }
        #expect(statistics.errorPercent == 100 * Double(wrong) / 130)
        #expect(statistics.onDigitPercent == 100 * Double(found) / 130 && found > 0)
      }
    }
    let without = try GlimpseStatistics.all(
      of: model, on: UnlocatedHalves(), scenes: 60, seed: 5, threads: 1)
    #expect(without.allSatisfy { $0.onDigitPercent == nil && $0.scenes == 60 })
  }

  @Test("a condition's rows are means over its models")
  func rows() {
    let seeds = [(4.0, 80.0), (6, 90)].map { error, found in
      [1, 2].map {
        GlimpseStatistics(glimpse: $0, scenes: 50, errorPercent: error / Double($0), onDigitPercent: found)
      }
    }
    let rows = ConditionGlimpse.all("a", seeds: seeds)
    #expect(rows.map(\.glimpse) == [1, 2] && rows.map(\.error?.mean) == [5, 2.5])
    #expect(rows.allSatisfy { $0.onDigit?.mean == 85 && $0.scenes == 50 && $0.error?.count == 2 })
    #expect(ConditionGlimpse.all("a", seeds: []).isEmpty)
  }

  @Test("its row has means and half widths over seeds, and empty cells where there are none")
  func row() throws {
    let one = ConditionGlimpse(
      condition: "a", glimpse: 2, scenes: 50, error: Interval([4]), onDigit: Interval([50]))
    let two = ConditionGlimpse(
      condition: "a", glimpse: 2, scenes: 50, error: Interval([4, 6]), onDigit: nil)
    let lines = try Table.byGlimpse.text(of: [one, two]).split(separator: "\n")
    #expect(lines[1] == "a,2,50,1,4.00000,,50.00000,")
    // t(0.975, 1) = 12.706, times the standard error of the mean of 4 and 6, 1
    #expect(lines[2] == "a,2,50,2,5.00000,12.70620,,")
  }

  @Test("a contrast is of the seeds that both have, and calls chance what may be chance")
  func contrast() throws {
    let clear = try #require(Contrast("b", [1: 4, 2: 4.1, 3: 9], less: "a", [1: 5, 2: 5.1]))
    #expect(clear.difference.count == 2)
    #expect(clear.sentence == "the error of `b` is 1.00 ± 0.00 points lower than that of `a`")
    let chance = try #require(Contrast("b", [1: 4, 2: 6], less: "a", [1: 5, 2: 4]))
    #expect(
      chance.sentence
        == "the error of `b` is 0.50 ± 19.06 points higher than that of `a`, which may be chance")
    // Both round to 0.11; t(0.975, 1) × 0.0083425 is 0.106.
    let close = try #require(Contrast("b", [1: 4, 2: 4], less: "a", [1: 4.117_342_5, 2: 4.100_657_5]))
    #expect(close.sentence == "the error of `b` is 0.109 ± 0.106 points lower than that of `a`")
    let single = try #require(Contrast("b", [1: 4], less: "a", [1: 5]))
    #expect(
      single.sentence == "the error of `b` is 1.00 points lower than that of `a` (one seed, so no verdict)")
    #expect(Contrast("b", [1: 4], less: "a", [2: 5]) == nil)
    #expect(Contrast.sentences([single]) == nil)
    let more = try #require(Contrast("c", [1: 6, 2: 6.1], less: "a", [1: 5, 2: 5.1]))
    #expect(
      Contrast.sentences([clear, chance, more, single])
        == "Paired by seed: compared with `a`, the error in points is higher for `c` (1.00 ± 0.00); lower for `b` "
        + "(-1.00 ± 0.00); not distinguishable for `b` (0.50 ± 19.06). \(Contrast.chance)")
  }
}
