import Learning
import RecurrentAttention
import StudyKit

/// What several studies show of an attention model: scenes, the paths over them, and where it looks in many of them.
///
/// All are of the first seed's trained model, on test scenes, with the policy at its mean. Where its weights are not
/// here, the tables stay as they are.
extension Study {
  /// Writes `scenes.csv`, or `scenes-<part>.csv`: the first test scenes of a world.
  public func writeScenes(of world: any World, part: String? = nil, count: Int = 10) throws {
    try write(.scenes, part: part, ScenePixel.first(count, of: world))
  }

  /// Writes `glimpses.csv` and `crops.csv`, or those of a part: how a condition's model looks at the first test scenes.
  public func writePaths(of condition: Condition, part: String? = nil, scenes: Int = 6) throws {
    try analyse(Self.name("glimpses", part), Self.name("crops", part), of: [condition]) {
      guard let model = try model(of: condition) else { return }
      let looks = try Look.all(of: model, on: condition.world, scenes: 0..<scenes)
      try write(.glimpses, part: part, looks)
      try write(.crops, part: part, looks.flatMap(\.crop))
    }
  }

  /// Writes `fixations.csv`, or that of a part: where the models of some conditions look in many scenes.
  ///
  /// - Parameters:
  ///   - digitSide: width and height of the digit's box, pixels.
  ///   - digitPlace: column and row of its upper left pixel in a test scene.
  public func writeFixations(
    of conditions: [Condition], part: String? = nil, scenes: Int = 500, digitSide: Int,
    digitPlace: @escaping @Sendable (_ scene: Int) -> (x: Int, y: Int)
  ) throws {
    let chunk = 50
    try analyse(Self.name("fixations", part), of: conditions) {
      let fixations = try conditions.flatMap { condition -> [Fixation] in
        guard let model = try model(of: condition) else { return [] }
        return try stride(from: 0, to: scenes, by: chunk).flatMap { first in
          try Look.all(of: model, on: condition.world, scenes: first..<min(first + chunk, scenes)).map { look in
            let box = digitPlace(look.scene)
            let isOnDigit =
              abs(look.column - (Double(box.x) + Double(digitSide) / 2)) <= Double(digitSide) / 2
              && abs(look.row - (Double(box.y) + Double(digitSide) / 2)) <= Double(digitSide) / 2
            return Fixation(condition: condition.name, look: look, isOnDigit: isOnDigit)
          }
        }
      }
      if !fixations.isEmpty { try write(.fixations, part: part, fixations) }
    }
  }

  /// A condition's trained attention model; nil for other networks, and where its weights are not here.
  public func model(of condition: Condition, seed: UInt64 = 1) throws -> RecurrentAttentionModel? {
    try learner(of: condition, seed: seed) as? RecurrentAttentionModel
  }

  /// Of the glimpses after the first, in a finding: "the centre lies on the digit at 71 % of `ram-8`'s glimpses".
  public func shareOnDigit(part: String? = nil) throws -> String? {
    let rows = try table("fixations", part: part).rows.filter { try ($0.number("glimpse") ?? 0) > 1 }
    let names = try rows.reduce(into: [String]()) { if try !$0.contains($1.text("condition")) { $0.append(try $1.text("condition")) } }
    let shares = try names.map { name in
      let hits = try rows.filter { try $0.text("condition") == name }.map { try $0.number("on_digit") ?? 0 }
      return "\((100 * hits.reduce(0, +) / Double(hits.count)).fixed(0)) % of `\(name)`'s"
    }
    return names.isEmpty ? nil : "From the second glimpse on, the gaze lies on the digit at \(spokenList(shares)) glimpses."
  }
}

/// A pixel of a scene.
struct ScenePixel {
  let scene: Int
  let label: Int
  let row: Int
  let column: Int
  let value: Double

  static func first(_ count: Int, of world: any World) throws -> [ScenePixel] {
    let stage = Stage(world, capacity: count)
    try stage.begin(.test, first: 0, count: count, seed: 0)
    return (0..<count).flatMap { scene in
      (0..<world.side * world.side).map { pixel in
        ScenePixel(
          scene: scene + 1, label: stage.label(scene), row: pixel / world.side, column: pixel % world.side,
          value: Double(stage.frame(scene)[pixel]) / 255)
      }
    }
  }
}

/// One glimpse at one test scene.
struct Look {
  /// Counted from 0.
  let scene: Int
  let label: Int
  /// Counted from 1.
  let number: Int
  let glimpse: GlimpsePath.Glimpse
  /// Of the scene, pixels.
  let side: Int

  var column: Double { Double(glimpse.x + 1) / 2 * Double(side) }
  var row: Double { Double(glimpse.y + 1) / 2 * Double(side) }

  static func all(of model: RecurrentAttentionModel, on world: any World, scenes: Range<Int>) throws -> [Look] {
    try zip(scenes, model.paths(on: world, .test, examples: scenes, seed: 1)).flatMap { scene, path in
      path.glimpses.enumerated().map { index, glimpse in
        Look(scene: scene, label: path.label, number: index + 1, glimpse: glimpse, side: world.side)
      }
    }
  }

  var crop: [CropPixel] {
    let width = Int(Double(glimpse.picture.count).squareRoot().rounded())
    return glimpse.picture.enumerated().map { index, value in
      CropPixel(scene: scene + 1, glimpse: number, row: index / width, column: index % width, value: Double(value))
    }
  }
}

/// A pixel of what was seen.
struct CropPixel {
  let scene: Int
  let glimpse: Int
  let row: Int
  let column: Int
  let value: Double
}

struct Fixation {
  let condition: String
  let look: Look
  let isOnDigit: Bool
}

// MARK: - Columns

extension Table where Row == ScenePixel {
  static var scenes: Table {
    Table(
      "scenes", "One row for each pixel of the first test scenes.",
      [
        .count("scene", "Counted from 1, in the order of the test split.", \.scene),
        .count("label", "The right class.", \.label),
        .count("row", "Of the pixel, counted from 0 at the top.", \.row),
        .count("column", "Of the pixel, counted from 0 at the left.", \.column),
        .number("value", "Brightness, 0 black to 1 white.", places: 3, \.value),
      ])
  }
}

extension Table where Row == Look {
  static var glimpses: Table {
    Table(
      "glimpses", "One row for each glimpse at each of the first test scenes.",
      [
        .count("scene", "Counted from 1, as in scenes.csv.") { $0.scene + 1 },
        .count("label", "The right class.", \.label),
        .count("glimpse", "Counted from 1.", \.number),
        .number("x", "Centre of the glimpse, half-widths of the scene, -1 left to 1 right.", places: 5) { Double($0.glimpse.x) },
        .number("y", "Centre of the glimpse, half-widths of the scene, -1 top to 1 bottom.", places: 5) { Double($0.glimpse.y) },
        .number("column", "The same as x, in pixels from the left edge.", places: 3, \.column),
        .number("row", "The same as y, in pixels from the top edge.", places: 3, \.row),
        .count("prediction", "The class that would be answered after this glimpse.") { $0.glimpse.prediction },
        .number("probability", "That class's probability, 0 to 1.", places: 4) { Double($0.glimpse.probability) },
      ])
  }
}

extension Table where Row == CropPixel {
  static var crops: Table {
    Table(
      "crops", "One row for each pixel of what was seen at each glimpse, finer scales over coarser ones.",
      [
        .count("scene", "Counted from 1, as in scenes.csv.", \.scene),
        .count("glimpse", "Counted from 1.", \.glimpse),
        .count("row", "Of the pixel, counted from 0 at the top.", \.row),
        .count("column", "Of the pixel, counted from 0 at the left.", \.column),
        .number("value", "Brightness, 0 black to 1 white.", places: 2, \.value),
      ])
  }
}

extension Table where Row == Fixation {
  static var fixations: Table {
    Table(
      "fixations", "One row for each glimpse at each of many test scenes.",
      [
        .text("condition", "Name of the condition whose model looks.", \.condition),
        .count("scene", "Counted from 1, in the order of the test split.") { $0.look.scene + 1 },
        .count("glimpse", "Counted from 1.", \.look.number),
        .number("x", "Centre of the glimpse, half-widths of the scene, -1 left to 1 right.", places: 4) {
          Double($0.look.glimpse.x)
        },
        .number("y", "Centre of the glimpse, half-widths of the scene, -1 top to 1 bottom.", places: 4) {
          Double($0.look.glimpse.y)
        },
        .count("on_digit", "1 when the centre, and so the middle of the finest patch, lies in the digit's box, else 0.") {
          $0.isOnDigit ? 1 : 0
        },
      ])
  }
}
