import Foundation
import NumericCore
import Training
import VisualTasks

/// All there is to know about one condition trained from one seed: a row of `runs.csv` and its part of
/// `curves.csv`.
struct RunRecord: Codable, Sendable, Equatable {
  var parameters = 0
  var epochs: [EpochRecord] = []
  /// Seconds of training in each epoch, without validation.
  var seconds: [Double] = []
  var test: Evaluation?
  /// Why the run was given up, e.g. a loss that is not finite.
  var failure: String?
  /// What trained it, in the order of time; nil in checkpoints of before this was recorded.
  var origins: [RunOrigin]?

  var isFinished: Bool { test != nil || failure != nil }
}

/// What must be equal for a checkpoint to be continued.
struct RunConfiguration: Codable, Equatable {
  var condition: String
  var seed: UInt64
  var task: String
  var network: Network
  var training: TrainingSettings
  var data: [String: String]
}

/// Somebody asked the program to stop.
struct Interruption: Error {}

/// One condition from one seed: trains, checkpoints, tests; goes on where it was stopped.
struct Run: Sendable {
  let condition: Condition
  let seed: UInt64
  let training: TrainingSettings
  let configuration: String
  /// One word for the command line and for files: "ram-6-seed1".
  let identifier: String
  /// The checkpoint's place.
  let path: String

  static let averagedRollouts = 10  // ours: the extra column of the table
  static let checkpointInterval = 60.0  // ours: seconds that a crash may cost

  init(_ condition: Condition, seed: UInt64, preset: TrainingSettings, data: [String: String], folder: String)
    throws
  {
    var training = preset
    condition.adjust(&training)
    self.condition = condition
    self.seed = seed
    self.training = training
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let configuration = RunConfiguration(
      condition: condition.name, seed: seed, task: condition.task.summary, network: condition.network,
      training: training, data: data)
    self.configuration = String(decoding: try encoder.encode(configuration), as: UTF8.self)
    identifier = "\(condition.name)-seed\(seed)"
    path = "\(folder)/\(identifier).safetensors"
  }

  var name: String { "\(condition.name) seed \(seed)" }
  var work: Double { Double(training.steps * training.batchSize) }
  /// How long it takes beside others.
  var cost: Double { work * condition.network.relativeCost }

  /// The record in the checkpoint, if it is of this configuration.
  func savedRecord() throws -> RunRecord? {
    try savedCheckpoint().flatMap { try record(in: $0) }
  }

  /// The network as it was after training.
  func trainedLearner() throws -> (any Learner)? {
    guard let checkpoint = try savedCheckpoint() else { return nil }
    let trainer = makeTrainer(pool: WorkerPool(threads: 1))
    try trainer.restore(checkpoint, from: path)
    return trainer.learner
  }

  private func makeTrainer(pool: WorkerPool) -> Trainer {
    let task = condition.task
    let learner = condition.network.learner(side: task.side, classes: task.classCount, seed: seed)
    return Trainer(learner, on: task, settings: training, seed: seed, pool: pool)
  }

  /// The newest checkpoint that is whole.
  private func savedCheckpoint() throws -> Checkpoint? {
    let manager = FileManager.default
    let previous = Checkpoint.previous(path)
    guard manager.fileExists(atPath: path) else {
      return manager.fileExists(atPath: previous) ? try compatible(Checkpoint(reading: previous)) : nil
    }
    do {
      return try compatible(Checkpoint(reading: path))
    } catch let error as FileError {
      guard manager.fileExists(atPath: previous), let older = try? Checkpoint(reading: previous) else {
        throw error
      }
      FileHandle.standardError.write(Data("\(error) Going on from the one before, \(previous).\n".utf8))
      // Out of the way, or the next checkpoint would make the damaged one the one before.
      try? manager.removeItem(atPath: path + ".damaged")
      try? manager.moveItem(atPath: path, toPath: path + ".damaged")
      return try compatible(older)
    }
  }

  /// Refuses a checkpoint of another configuration, naming the differences.
  private func compatible(_ checkpoint: Checkpoint) throws -> Checkpoint {
    guard let saved = checkpoint.metadata["configuration"], saved != configuration else { return checkpoint }
    throw ConfigurationError(path: path, saved: saved, asked: configuration)
  }

  private func record(in checkpoint: Checkpoint) throws -> RunRecord {
    guard let text = checkpoint.metadata["record"],
      let record = try? JSONDecoder().decode(RunRecord.self, from: Data(text.utf8))
    else {
      throw FileError(
        path: path, reason: "this checkpoint has no record of its run", cure: "start anew with --fresh")
    }
    return record
  }

  /// Trains to the end, from the checkpoint if there is one, and tests.
  ///
  /// - Parameters:
  ///   - isStopping: asked after every step; when true the run checkpoints and throws `Interruption`.
  ///   - report: called now and then with what to show.
  func execute(
    pool: WorkerPool, isStopping: () -> Bool,
    report: (_ record: RunRecord, _ examples: Int, _ imagesPerSecond: Double) -> Void
  ) throws -> RunRecord {
    var record = RunRecord()
    let trainer = makeTrainer(pool: pool)
    if let checkpoint = try savedCheckpoint() {
      try trainer.restore(checkpoint, from: path)
      record = try self.record(in: checkpoint)
      if let sums = checkpoint.metadata["sums"] {
        trainer.sums = try JSONDecoder().decode(EpochSums.self, from: Data(sums.utf8))
      }
    }
    record.parameters = trainer.learner.parameters.count
    if record.isFinished { return record }
    if record.origins?.last != .current { record.origins = (record.origins ?? []) + [.current] }
    let evaluator = Evaluator(trainer.learner, on: condition.task, pool: pool)
    var clock = RunClock(
      seconds: record.seconds.count > record.epochs.count ? record.seconds.removeLast() : 0)
    report(record, trainer.step * training.batchSize, 0)

    while record.epochs.count < training.epochs {
      do {
        let firstStep = trainer.step
        let epoch = try trainer.trainEpoch(with: evaluator) {
          if isStopping() {
            try save(trainer, record, unfinishedSeconds: clock.seconds)
            throw Interruption()
          }
          if clock.isTimeToSave(interval: Self.checkpointInterval) {
            try save(trainer, record, unfinishedSeconds: clock.seconds)
          }
          if clock.isTimeToReport() {
            let images = Double((trainer.step - firstStep) * training.batchSize)
            report(record, trainer.step * training.batchSize, images / max(clock.sinceStart, 1e-9))
          }
        }
        record.epochs.append(epoch)
        record.seconds.append(clock.seconds)
        clock = RunClock(seconds: 0)
        if record.epochs.count < training.epochs { try save(trainer, record) }
      } catch let error as TrainingError {
        // The parameters are those before the step that failed, so the checkpoint is good.
        record.failure = "\(error); the parameters before that step are in \(path)"
        try save(trainer, record)
        return record
      }
    }
    let test = evaluator.evaluate(
      .test, scenes: training.testScenes, seed: seed,
      rollouts: min(Self.averagedRollouts, condition.network.mostRollouts),
      standardDeviation: record.epochs.last?.standardDeviation ?? 0)
    if test.crossEntropy.isFinite {
      record.test = test
    } else {
      // No step came after the one that broke it; an error counted from such outputs would look like one.
      record.failure = "the loss on test scenes is not a finite number; train with a smaller learning rate"
    }
    try save(trainer, record)
    return record
  }

  private func save(_ trainer: Trainer, _ record: RunRecord, unfinishedSeconds: Double? = nil) throws {
    var record = record
    if let unfinishedSeconds { record.seconds.append(unfinishedSeconds) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let metadata = [
      "configuration": configuration, "record": String(decoding: try encoder.encode(record), as: UTF8.self),
      "sums": String(decoding: try encoder.encode(trainer.sums), as: UTF8.self),
    ]
    try trainer.checkpoint(metadata: metadata).write(to: path)
  }
}

/// Seconds spent in an epoch, over all the times that it was begun.
private struct RunClock {
  private let before: Double
  private let started = ContinuousClock.now
  private var saved = ContinuousClock.now
  private var reported = ContinuousClock.now

  init(seconds: Double) { before = seconds }

  var sinceStart: Double { (ContinuousClock.now - started) / .seconds(1) }
  var seconds: Double { before + sinceStart }

  mutating func isTimeToSave(interval: Double) -> Bool { passed(&saved, seconds: interval) }
  mutating func isTimeToReport() -> Bool { passed(&reported, seconds: 0.5) }

  private func passed(_ mark: inout ContinuousClock.Instant, seconds: Double) -> Bool {
    let now = ContinuousClock.now
    guard now - mark >= .seconds(seconds) else { return false }
    mark = now
    return true
  }
}

/// A checkpoint of another configuration, and where the two differ.
struct ConfigurationError: Error, CustomStringConvertible {
  let path: String
  let saved: String
  let asked: String

  var description: String {
    let differences = SettingDifferences.sentences(saved, asked: asked)
    return "\(path): this checkpoint is of another configuration (\(differences.joined(separator: "; "))); "
      + "start anew with --fresh, or choose another folder with --results."
  }
}
