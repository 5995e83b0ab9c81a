import Foundation
import NumericCore
import RecurrentAttention
import Training
import VisualTasks

/// The tables of `Results/<name>/<preset>/`, long format, one number per cell.
extension Study {
  static let runColumns = [
    "condition", "seed", "parameters", "steps", "examples", "validation_error_percent", "test_error_percent",
    "test_error_sampled_percent", "test_error_averaged_percent", "paper_error_percent",
  ]
  static let curveColumns = [
    "condition", "seed", "epoch", "examples", "learning_rate", "location_deviation", "train_error_percent",
    "cross_entropy", "baseline_error", "gradient_norm", "validation_error_percent",
  ]
  static let timingColumns = ["condition", "seed", "epoch", "seconds", "examples_per_second"]
  static let sceneColumns = ["scene", "label", "row", "column", "value"]
  static let glimpseColumns = [
    "scene", "label", "glimpse", "x", "y", "column", "row", "prediction", "probability",
  ]
  static let cropColumns = ["scene", "glimpse", "row", "column", "value"]
  static let fixationColumns = ["condition", "glimpse", "x", "y"]

  /// Of the runs that were begun, in the order of the conditions; `runs.csv` has the finished ones only, so that
  /// one which was never trained to its end enters no mean.
  var runTables: RunTables {
    var table = CSVTable(header: Self.runColumns)
    var curves = CSVTable(header: Self.curveColumns)
    var timing = CSVTable(header: Self.timingColumns)
    for run in runs {
      guard let record = records[run.name] else { continue }
      let key: [CSVValue] = [.text(run.condition.name), .integer(Int(run.seed))]
      if record.isFinished {
        let last = record.epochs.last
        table.rows.append(
          key + [
            .integer(record.parameters), .integer((last?.examples ?? 0) / run.training.batchSize),
            .integer(last?.examples ?? 0), CSVValue(last?.validationErrorPercent, places: 3),
            CSVValue(record.test?.errorPercent, places: 3),
            CSVValue(record.test?.sampledErrorPercent, places: 3),
            CSVValue(record.test?.averagedErrorPercent, places: 3),
            CSVValue(run.condition.paperErrorPercent, places: 2),
          ])
      }
      for (epoch, seconds) in zip(record.epochs, record.seconds) {
        curves.rows.append(
          key + [
            .integer(epoch.epoch), .integer(epoch.examples), CSVValue(Double(epoch.learningRate), places: 8),
            CSVValue(Double(epoch.standardDeviation), places: 5),
            CSVValue(epoch.training.errorPercent, places: 3),
            CSVValue(epoch.training.meanCrossEntropy, places: 5),
            CSVValue(epoch.training.meanBaselineError, places: 5), CSVValue(epoch.gradientNorm, places: 5),
            CSVValue(epoch.validationErrorPercent, places: 3),
          ])
        timing.rows.append(
          key + [
            .integer(epoch.epoch), .decimal(seconds, places: 3),
            .decimal(Double(epoch.training.examples) / max(seconds, 1e-9), places: 0),
          ])
      }
    }
    return RunTables(runs: table, curves: curves, timing: timing)
  }

  /// Writes `scenes.csv`, or `scenes-part.csv`: the first test scenes of a task.
  public func writeScenes(of task: any SceneTask, part: String? = nil, count: Int = 10) throws {
    if options.figuresOnly { return }
    try writeScenes(sceneImages(of: task, count: count), side: task.side, as: name("scenes", part))
  }

  /// Writes `glimpses.csv` and `crops.csv`, or those of a part: how the first seed's trained model of a
  /// condition looks at the first test scenes. Nothing is written when that run is not finished.
  public func writePaths(of condition: Condition, part: String? = nil, scenes count: Int = 6) throws {
    if options.figuresOnly { return }
    let images = sceneImages(of: condition.task, count: count)
    guard let run = finishedRuns(of: condition).first, let model = try trainedModel(of: run) else { return }
    let side = condition.task.side
    let paths = model.paths(images: count, side: side, seed: run.seed) { batch in
      for (index, image) in images.enumerated() {
        batch.image(index).update(from: image.pixels, count: image.pixels.count)
        batch.labels[index] = image.label
      }
    }
    var glimpses = CSVTable(header: Self.glimpseColumns)
    var crops = CSVTable(header: Self.cropColumns)
    let cropSide = model.settings.retina.compositeSide
    for (scene, path) in paths.enumerated() {
      for (index, glimpse) in path.glimpses.enumerated() {
        let key: [CSVValue] = [.integer(scene + 1), .integer(Int(images[scene].label)), .integer(index + 1)]
        glimpses.rows.append(
          key + [
            .decimal(Double(glimpse.x), places: 5), .decimal(Double(glimpse.y), places: 5),
            .decimal(Double(glimpse.x + 1) / 2 * Double(side), places: 3),
            .decimal(Double(glimpse.y + 1) / 2 * Double(side), places: 3), .integer(glimpse.prediction),
            .decimal(Double(glimpse.probability), places: 4),
          ])
        for (pixel, value) in glimpse.picture.enumerated() {
          crops.rows.append([
            .integer(scene + 1), .integer(index + 1), .integer(pixel / cropSide), .integer(pixel % cropSide),
            .decimal(Double(value), places: 2),
          ])
        }
      }
    }
    try write(glimpses, as: name("glimpses", part))
    try write(crops, as: name("crops", part))
  }

  /// Writes `fixations.csv`, or that of a part: where the first seed's trained models look in many test
  /// scenes, locations at the policy's mean. Conditions whose run is not finished are left out.
  public func writeFixations(of conditions: [Condition], part: String? = nil, scenes: Int = 500) throws {
    if options.figuresOnly { return }
    var table = CSVTable(header: Self.fixationColumns)
    for condition in conditions {
      guard let run = finishedRuns(of: condition).first, let model = try trainedModel(of: run) else {
        continue
      }
      let task = condition.task
      for first in stride(from: 0, to: scenes, by: 50) {
        let count = min(50, scenes - first)
        let paths = model.paths(images: count, side: task.side, seed: run.seed, firstExample: first) {
          batch in
          for i in 0..<count {
            batch.labels[i] = task.draw(.test, index: first + i, seed: 0, into: batch.image(i))
          }
        }
        for path in paths {
          for (index, glimpse) in path.glimpses.enumerated() {
            table.rows.append([
              .text(condition.name), .integer(index + 1), .decimal(Double(glimpse.x), places: 4),
              .decimal(Double(glimpse.y), places: 4),
            ])
          }
        }
      }
    }
    if !table.rows.isEmpty { try write(table, as: name("fixations", part)) }
  }

  /// "scenes-part"
  private func name(_ table: String, _ part: String?) -> String { table + (part.map { "-" + $0 } ?? "") }

  /// The runs of a condition that have been trained and tested, in the order of seeds.
  func finishedRuns(of condition: Condition) -> [Run] {
    runs.filter { $0.condition.name == condition.name && records[$0.name]?.test != nil }
  }

  /// A run's recurrent attention model after training; nil for other networks.
  func trainedModel(of run: Run) throws -> RecurrentAttentionModel? {
    try run.trainedLearner() as? RecurrentAttentionModel
  }

  private func sceneImages(of task: any SceneTask, count: Int) -> [(pixels: [UInt8], label: UInt8)] {
    (0..<count).map { index in
      var label: UInt8 = 0
      let pixels = [UInt8](unsafeUninitializedCapacity: task.side * task.side) { buffer, initialized in
        if let first = buffer.baseAddress { label = task.draw(.test, index: index, seed: 0, into: first) }
        initialized = task.side * task.side
      }
      return (pixels, label)
    }
  }

  private func writeScenes(_ images: [(pixels: [UInt8], label: UInt8)], side: Int, as name: String) throws {
    var table = CSVTable(header: Self.sceneColumns)
    for (scene, image) in images.enumerated() {
      for (pixel, value) in image.pixels.enumerated() {
        table.rows.append([
          .integer(scene + 1), .integer(Int(image.label)), .integer(pixel / side), .integer(pixel % side),
          .decimal(Double(value) / 255, places: 3),
        ])
      }
    }
    try write(table, as: name)
  }
}

/// The three tables that every study which trains has.
struct RunTables {
  let runs: CSVTable
  let curves: CSVTable
  let timing: CSVTable
}
