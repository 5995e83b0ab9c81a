import Learning
import RecurrentAttention
import StudyKit
import Worlds

/// Tables of an attention model that several studies write: scenes, its paths over them, and where it looks in many.
///
/// All tables are made with the trained model of the first seed, on test scenes, with the policy at its mean. Without
/// its weights, the tables stay as they are.
extension Study {
  /// Writes `scenes.csv`, or `scenes-<part>.csv`: the first test scenes of a world.
  public func writeScenes(of world: any World, part: String? = nil, count: Int = 10) throws {
    try write(.scenes, part: part, Pixel.scenes(shown(count), of: world))
  }

  /// Writes `glimpses.csv`, `crops.csv`, `patches.csv` and `answers.csv`, or a part's: how a condition's model
  /// looks at the first test scenes.
  public func writePaths(of condition: Condition, part: String? = nil, scenes: Int = 6) throws {
    let scenes = try shown(scenes)
    try analyse(
      Table.glimpses.description, Table.crops.description, Table.patches.description,
      Table.answers.description, part: part, of: [condition], settings: "\(scenes) scenes"
    ) {
      let looks = try looks(of: condition, scenes: 0..<scenes)
      guard !looks.isEmpty else { return }
      try write(.glimpses, part: part, looks)
      try write(.crops, part: part, looks.flatMap(\.crop))
      try write(.patches, part: part, looks.flatMap(\.patches))
      try write(.answers, part: part, looks.flatMap(\.answers))
    }
  }

  /// Writes `values.csv`: the value of places on a grid for each glimpse at the first test scenes, by a condition's model.
  ///
  /// - Parameters:
  ///   - side: the number of places along a side of the grid, which covers the frame.
  public func writeValueMaps(of condition: Condition, side: Int, scenes: Int) throws {
    let scenes = try shown(scenes)
    try check("places on a side", side)
    try analyse(.values, of: [condition], settings: "\(scenes) scenes, \(side) places a side") {
      guard let model = try model(of: condition) else { return nil }
      let mapper = try ValueMapper(model, on: condition.world, examples: scenes)
      try mapper.look(Rollout(.test, firstExample: 0, count: scenes, seed: Self.shownSeed))
      let locations = Location.grid(side)
      return (0..<scenes).flatMap { scene in
        (0..<model.network.glimpses).flatMap { glimpse in
          Value.all(
            of: mapper.map(of: scene, glimpse: glimpse, at: locations), label: mapper.stage.label(scene),
            scene: scene + 1, side: condition.world.side)
        }
      }
    }
  }

  /// Writes `fixations.csv`, or `fixations-<part>.csv`: where the models of some conditions look in many scenes.
  public func writeFixations(of conditions: [Condition], part: String? = nil, scenes: Int = 500) throws {
    try check("scenes", scenes)
    try analyse(.fixations, part: part, of: conditions, settings: "\(scenes) scenes") {
      let fixations = try conditions.flatMap { condition in
        let world = condition.world as? any LocatedWorld
        return try looks(of: condition, scenes: 0..<scenes).map { look in
          let box = world?.digitBox(.test, index: look.scene, seed: Self.shownSeed)
          return Fixation(condition: condition.name, look: look, box: box)
        }
      }
      return fixations.isEmpty ? nil : fixations
    }
  }

  /// How many scenes are shown. With preset `smoke` no more than two, because pictures would take most of its time.
  private func shown(_ scenes: Int) throws -> Int {
    try check("scenes", scenes)
    return preset == .smoke ? min(scenes, 2) : scenes
  }

  private func check(_ what: String, _ count: Int) throws {
    guard count > 0 else {
      throw DefinitionError(
        "a table's number of \(what)", count, "it must be at least 1", cure: "choose 10, for example")
    }
  }

  /// Empty for other networks, or if the weights are missing.
  private func looks(of condition: Condition, scenes: Range<Int>) throws -> [Look] {
    guard let model = try model(of: condition) else { return [] }
    let side = condition.world.side
    return try model.readPaths(
      on: condition.world, scenes: scenes, seed: Self.shownSeed, threads: options.threadCount
    ) { Look.all(of: $1, scene: $0, side: side) }.flatMap(\.self)
  }

  /// A figure's finding: the share of glimpses on the digit, without the first.
  public func shareOnDigit(part: String? = nil) throws -> String? {
    let shares = try table("fixations", part: part).groups(by: "condition").compactMap {
      name, rows -> String? in
      let hits = try rows.filter { try ($0.number("glimpse") ?? 0) > 1 }.compactMap {
        try $0.number("on_digit")
      }
      guard !hits.isEmpty else { return nil }
      return "\((100 * hits.reduce(0, +) / Double(hits.count)).fixed(1)) % for `\(name)`"
    }
    return shares.isEmpty
      ? nil : "Glimpses on the digit, without the first (seed \(Study.shownSeed)): \(spokenList(shares))."
  }
}

/// A pixel of a scene, or of what a glimpse at it saw.
struct Pixel {
  /// Counted from 1, as are glimpses.
  var scene: Int
  var label: Int?
  var glimpse = 0
  let row: Int
  let column: Int
  let value: Double

  static func scenes(_ count: Int, of world: any World) throws -> [Pixel] {
    let (stage, side) = (Stage(world, capacity: count), world.side)
    try stage.begin(.test, first: 0, count: count, seed: 0)
    return (0..<count).flatMap { scene in
      (0..<side * side).map { pixel in
        Pixel(
          scene: scene + 1, label: stage.hasLabels ? stage.label(scene) : nil, row: pixel / side,
          column: pixel % side, value: Double(stage.frame(scene)[pixel]) / 255)
      }
    }
  }
}

/// One glimpse at one test scene.
struct Look: Sendable {
  /// Counted from 0.
  let scene: Int
  let label: Int?
  /// Counted from 1.
  let number: Int
  let glimpse: GlimpsePath.Glimpse
  /// Width and height of the scene, pixels.
  let side: Int

  /// One for each glimpse of a path.
  static func all(of path: GlimpsePath, scene: Int, side: Int) -> [Look] {
    path.glimpses.enumerated().map {
      Look(scene: scene, label: path.label, number: $0 + 1, glimpse: $1, side: side)
    }
  }

  var column: Double { glimpse.location.pixel(on: side).column }
  var row: Double { glimpse.location.pixel(on: side).row }

  var crop: [Pixel] {
    let width = Int(Double(glimpse.picture.count).squareRoot().rounded())
    return glimpse.picture.enumerated().map { index, value in
      Pixel(
        scene: scene + 1, glimpse: number, row: index / width, column: index % width, value: Double(value))
    }
  }

  var patches: [Patch] { glimpse.outlines.enumerated().map { Patch(look: self, scale: $0 + 1, outline: $1) } }

  var answers: [Answer] {
    glimpse.probabilities.enumerated().map { Answer(look: self, number: $0, probability: $1) }
  }
}

/// One square that a glimpse shows.
struct Patch {
  let look: Look
  /// Counted from 1, which is the finest.
  let scale: Int
  let outline: PatchOutline
}

/// A class, and how probable it is after a glimpse.
struct Answer {
  let look: Look
  /// The class, counted from 0.
  let number: Int
  let probability: Float
}

struct Fixation {
  let condition: String
  let look: Look
  /// nil where the digit's place is not known.
  let isOnDigit: Bool?

  init(condition: String, look: Look, box: DigitBox?) {
    (self.condition, self.look) = (condition, look)
    isOnDigit = box?.holds(column: look.column, row: look.row)
  }
}
