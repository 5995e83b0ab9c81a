import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

/// What a model would answer after each glimpse at one scene, and with what confidence.
struct SceneReading: Sendable {
  /// Pieces of clutter that touch the digit.
  let pieces: Int
  /// Whether the answer would be right, by glimpse.
  let isRight: [Bool]
  /// Probability of the most probable class, by glimpse.
  let confidence: [Float]
  /// The glimpse, counted from 1, after which the model itself stops; the last one if it has no stop action.
  let stop: Int

  init(_ path: GlimpsePath, pieces: Int) {
    self.pieces = pieces
    isRight = path.glimpses.map { $0.prediction == path.label }
    confidence = path.glimpses.map(\.probability)
    stop = path.answerIndex + 1
  }
}

/// A rule that decides when to stop.
enum StopRule: Sendable {
  /// The model's own stop action.
  case action
  /// As soon as the most probable class is more probable than this, or after the last glimpse.
  case threshold(Float)

  /// The number of glimpses taken at a scene.
  func glimpses(_ scene: SceneReading) -> Int {
    switch self {
    case .action: scene.stop
    case .threshold(let least): (scene.confidence.firstIndex { $0 > least } ?? scene.confidence.count - 1) + 1
    }
  }

  /// The highest threshold that takes no more than this many glimpses per scene on average.
  static func threshold(forGlimpses mean: Double, over scenes: [SceneReading]) -> StopRule {
    // The outcome changes at these thresholds only.
    let steps = Set(scenes.flatMap(\.confidence)).sorted()
    var (low, high) = (-1, steps.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      let glimpses = StopOutcome(.threshold(steps[middle]), over: scenes)?.glimpses ?? 0
      if glimpses <= mean { low = middle } else { high = middle - 1 }
    }
    return .threshold(low < 0 ? 0 : steps[low])
  }
}

/// The result of a stopping rule over many scenes.
struct StopOutcome: Sendable {
  /// Mean over scenes.
  let glimpses: Double
  let errorPercent: Double
  let scenes: Int

  /// nil if there are no scenes.
  init?(_ rule: StopRule, over scenes: [SceneReading]) {
    guard !scenes.isEmpty else { return nil }
    let counts = scenes.map(rule.glimpses)
    let wrong = zip(scenes, counts).count { !$0.isRight[$1 - 1] }
    self.scenes = scenes.count
    glimpses = Double(counts.reduce(0, +)) / Double(scenes.count)
    errorPercent = 100 * Double(wrong) / Double(scenes.count)
  }
}

/// One trained model's readings of validation scenes, on which thresholds are chosen, and of test scenes.
struct ModelReadings: Sendable {
  let condition: String
  let seed: UInt64
  let validation: [SceneReading]
  let test: [SceneReading]

  /// One for each model of the conditions.
  static func all(
    of conditions: [Condition], scenes: Int, on world: ClutteredDigits, in study: Study
  ) throws -> [ModelReadings] {
    let threads = study.options.threadCount
    return try conditions.flatMap { condition in
      try study.forEveryModel(of: condition) { model, record in
        func read(_ split: Split) throws -> [SceneReading] {
          try model.readPaths(on: world, split, scenes: 0..<scenes, seed: record.seed, threads: threads) {
            SceneReading($1, pieces: world.piecesOnDigit(split, index: $0, seed: record.seed))
          }
        }
        return ModelReadings(
          condition: condition.name, seed: record.seed, validation: try read(.validation),
          test: try read(.test))
      }
    }
  }
}
