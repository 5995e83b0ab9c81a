import Extensions
import Learning
import Numerics
import StudyKit

/// How often a condition's model of seed 1 gets one of the two digits wrong: a row of `digits.csv`.
struct DigitErrors {
  let condition: String
  /// "left" or "right".
  let place: String
  let wrong: Int
  let scenes: Int

  var percent: Double { 100 * Double(wrong) / Double(scenes) }

  /// Empty if the condition has not been trained here.
  static func all(of condition: Condition, in study: Study) throws -> [DigitErrors] {
    guard let learner = try study.learner(of: condition),
      let scenes = study.records(of: condition).first?.test?.examples
    else { return [] }
    prepareThreadForArithmetic()
    let (chunk, world) = (40, condition.world)
    let replica = learner.makeReplica(on: world, examples: chunk)
    let stage = Stage(world, capacity: chunk)
    var wrong = world.classCounts.map { _ in 0 }
    for first in stride(from: 0, to: scenes, by: chunk) {
      let count = min(chunk, scenes - first)
      try stage.begin(.test, first: first, count: count, seed: 1)
      _ = try replica.evaluate(Rollout(.test, firstExample: first, count: count, seed: 1))
      for scene in 0..<count {
        var column = 0
        for (question, classes) in world.classCounts.enumerated() {
          let answer = argmax(replica.scores.row(scene) + column, classes)
          if answer != stage.label(scene, question) { wrong[question] += 1 }
          column += classes
        }
      }
    }
    return zip(["left", "right"], wrong).map {
      DigitErrors(condition: condition.name, place: $0, wrong: $1, scenes: scenes)
    }
  }
}

extension Table where Row == DigitErrors {
  static var digits: Table {
    Table(
      "digits", "One row for each condition and digit of a scene.",
      [
        .text("condition", "Name of the condition, as in `runs.csv`.", \.condition),
        .text("digit", "`left` or `right`.", \.place),
        .count("scenes", "Number of test scenes.", \.scenes),
        .number(
          "error_percent", "Scenes in which the answer for this digit was wrong.", in: .percent, places: 3,
          \.percent),
        .number(
          "half_width_percent", "Half the 95 % interval over test scenes (binomial).", in: .percentagePoints,
          places: 3
        ) { Interval.binomialHalfWidth(percent: $0.percent, examples: $0.scenes) },
      ])
  }
}
