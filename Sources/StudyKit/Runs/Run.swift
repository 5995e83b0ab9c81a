import Foundation
import Learning

/// One condition from one seed: trains, checkpoints and tests; resumes where it was stopped.
struct Run: Sendable {
  let condition: Condition
  let seed: UInt64
  let training: TrainingSettings
  /// Everything that identifies it.
  let configuration: Configuration
  /// The folder of the study and preset.
  let folder: String

  static let averagedRollouts = 10  // ours: for an extra column of the table
  private static let checkpointInterval = 60.0  // ours: seconds that a crash may cost

  /// - Throws: `DefinitionError` for an impossible setting.
  init(_ condition: Condition, seed: UInt64, preset: TrainingSettings, folder: String) throws {
    let training = condition.training(preset)
    try training.check()
    self.condition = condition
    self.seed = seed
    self.training = training
    self.folder = folder
    configuration = Configuration("run")
      .with("world", condition.world.configuration).with("network", condition.network.configuration)
      .with("training", training.configuration).with("seed", seed)
  }

  /// One word for the command line and for files: "ram-6-seed1".
  var identifier: String { "\(condition.name)-seed\(seed)" }
  var name: String { "\(condition.name) seed \(seed)" }
  var recordPath: String { "\(folder)/runs/\(identifier).json" }
  var weightsPath: String { RecordedRuns.weightsPath(identifier, in: folder) }
  var checkpointPath: String { "\(folder)/checkpoints/\(identifier).safetensors" }

  /// Multiply-adds of training, validation and one rollout of the test, which tell how long it takes relative to others.
  var cost: Double {
    Pace.passes(training) * Double(condition.network.multiplyAdds(on: condition.world) ?? 1_000_000)
  }

  // MARK: - What is there

  /// The record in the checkpoint, if there is one.
  func savedRecord() throws -> RunRecord? { try savedCheckpoint(warn: say).map(record) }

  /// The newest checkpoint that is intact.
  ///
  /// - Parameter warn: called with a sentence about one that is not.
  private func savedCheckpoint(warn: (String) -> Void) throws -> Checkpoint? {
    let manager = FileManager.default
    let previous = Checkpoint.previous(checkpointPath)
    guard manager.fileExists(atPath: checkpointPath) else {
      return manager.fileExists(atPath: previous) ? try Checkpoint(reading: previous) : nil
    }
    do {
      return try Checkpoint(reading: checkpointPath)
    } catch let error as FileError {
      guard let older = try? Checkpoint(reading: previous) else { throw error }
      warn("\(error) Resuming from the previous one, \(previous).")
      // Removed, or the next checkpoint would make the damaged file the previous one.
      try? manager.removeItem(atPath: checkpointPath + ".damaged")
      try? manager.moveItem(atPath: checkpointPath, toPath: checkpointPath + ".damaged")
      return older
    }
  }

  /// - Throws: `FileError` about a record or a checkpoint of another run.
  func check(_ record: RunRecord, at path: String) throws {
    guard record.configuration != configuration else { return }
    let differences = record.configuration.differences(from: configuration).joined(separator: "; ")
    throw FileError(
      path: path, reason: "this run has another configuration (\(differences))",
      cure: "choose another folder with --results, or remove it to train it again")
  }

  private func record(in checkpoint: Checkpoint) throws -> RunRecord {
    let text = checkpoint.metadata["record"] ?? ""
    let record = try RecordFile.decode(RunRecord.self, from: Data(text.utf8), of: checkpointPath)
    try check(record, at: checkpointPath)
    return record
  }

  /// The learner as it was after training, from its published weights; nil where there are none.
  ///
  /// A checkpoint would do, but then tables would depend on the machine that they are made on.
  func trainedLearner(_ record: RunRecord) throws -> (any Learner)? {
    guard record.weightsChecksum != nil, FileManager.default.fileExists(atPath: weightsPath) else {
      return nil
    }
    let bytes = try record.weights(at: weightsPath)
    try training.precision.check()
    let learner = makeLearner()
    learner.parameters.precision = training.precision
    try Checkpoint(bytes: bytes, path: weightsPath).restoreWeights(of: learner, from: weightsPath)
    return learner
  }

  func makeLearner() -> any Learner {
    condition.network.makeLearner(for: condition.world, seed: seed)
  }

  // MARK: - Training

  /// A run that has ended.
  struct Outcome: Sendable {
    let record: RunRecord
    /// The file of its weights, if they are published.
    let weights: [UInt8]?
    /// False when a checkpoint already had everything.
    let isTrainedNow: Bool
  }

  /// Trains to the end, from the checkpoint if there is one, and tests.
  ///
  /// - Parameters:
  ///   - isStopping: asked after every step; when true the run checkpoints and throws `Interruption`.
  ///   - warn: called with a sentence about a damaged checkpoint.
  ///   - report: called now and then with what to show.
  func execute(
    pool: WorkerPool, isStopping: @escaping @Sendable () -> Bool, warn: (String) -> Void = say,
    report: @escaping @Sendable (RunRecord, RunProgress) -> Void
  ) throws -> Outcome {
    try training.precision.check()
    let learner = makeLearner()
    let trainer = Trainer(learner, on: condition.world, settings: training, seed: seed, pool: pool)
    var record = RunRecord(
      condition: condition.name, seed: seed, configuration: configuration,
      parameters: learner.parameters.count)
    if let checkpoint = try savedCheckpoint(warn: warn) {
      record = try self.record(in: checkpoint)
      try trainer.restore(checkpoint, from: checkpointPath)
    }
    if record.isFinished {
      let weights = try weights(of: learner, &record)
      return Outcome(record: record, weights: weights, isTrainedNow: false)
    }
    if record.origins.last != .current { record.origins.append(.current) }
    let evaluator = Evaluator(learner, on: condition.world, pool: pool)
    let pace = Locked(Pace(training, rollouts: rollouts(of: learner), steps: trainer.step))
    do {
      try train(trainer, evaluator, &record, pace, isStopping, report)
      let trained = record
      let test = try test(evaluator) { rollouts in
        if isStopping() { throw Interruption() }
        if let progress = pace.withLock({ $0.afterShard(rollouts: rollouts) }) { report(trained, progress) }
      }
      // If the last step broke the network, its outputs would still give a number that looks like an error.
      if test.loss.isFinite {
        record.test = test
      } else {
        record.failure =
          "the loss on test examples is not a finite number; train with a smaller learning rate, or correct the "
          + "objective's loss"
      }
    } catch let error as TrainingError {
      // The parameters are those before the failed step, so the checkpoint is good.
      record.failure = "\(error)"
    }
    let weights = try weights(of: learner, &record)
    try save(trainer, record)
    return Outcome(record: record, weights: weights, isTrainedNow: true)
  }

  private func train(
    _ trainer: Trainer, _ evaluator: Evaluator, _ record: inout RunRecord, _ pace: Locked<Pace>,
    _ isStopping: () -> Bool, _ report: (RunRecord, RunProgress) -> Void
  ) throws {
    // Seconds of an epoch that began in an earlier process.
    var before = record.seconds.count > record.curve.count ? record.seconds.removeLast() : 0
    report(record, pace.withLock(\.progress))
    while record.curve.count < training.epochs {
      let begun = ContinuousClock.now
      var saved = begun
      var seconds: Double { before + (.now - begun) / .seconds(1) }
      let epoch = try trainer.trainEpoch(with: evaluator) {
        let isStopping = isStopping()
        if isStopping || .now - saved >= .seconds(Self.checkpointInterval) {
          saved = .now
          var unfinished = record
          unfinished.seconds.append(seconds)
          try save(trainer, unfinished)
        }
        if isStopping { throw Interruption() }
        if let progress = pace.withLock({ $0.afterStep() }) { report(record, progress) }
      }
      record.curve.append(epoch)
      record.seconds.append((seconds * 1_000).rounded() / 1_000)
      before = 0
      report(record, pace.withLock { $0.afterEpoch() })
      try save(trainer, record)
    }
  }

  /// The errors of a trained learner on the test split.
  func test(
    _ evaluator: Evaluator, afterShard: @escaping @Sendable (_ rollouts: Int) throws -> Void
  ) throws -> Evaluation {
    try evaluator.evaluate(
      .test, examples: training.testExamples, seed: seed, rollouts: Self.averagedRollouts,
      progress: training.progress(atStep: training.steps - 1), afterShard: afterShard)
  }

  private func rollouts(of learner: any Learner) -> Int {
    learner.isStochastic ? (learner.canAverageRollouts ? Self.averagedRollouts : 1) : 0
  }

  /// Whether the study publishes the weights of this seed. Ours: one seed shows how a model looks.
  var publishesWeights: Bool { seed == Study.shownSeed || condition.publishesEverySeed }

  /// The published weights, with their checksum in the record; nil where none are published.
  private func weights(of learner: any Learner, _ record: inout RunRecord) throws -> [UInt8]? {
    guard learner.publishesWeights, publishesWeights, record.test != nil else { return nil }
    let metadata = ["configuration": configuration.text, "key": configuration.key]
    let bytes = try Checkpoint(weightsOf: learner, metadata: metadata).encoded()
    record.weightsChecksum = Checksum.crc32(bytes)
    return bytes
  }

  private func save(_ trainer: Trainer, _ record: RunRecord) throws {
    try trainer.checkpoint(metadata: ["record": RecordFile.text(of: record)]).write(to: checkpointPath)
  }

  /// Seconds that the run would take alone on one thread, from a few steps of a learner that is then discarded.
  func probe() throws -> Double {
    let (learner, pool) = (makeLearner(), try WorkerPool(threads: 1))
    let trainer = Trainer(learner, on: condition.world, settings: training, seed: seed, pool: pool)
    let evaluator = Evaluator(learner, on: condition.world, pool: pool)
    var seconds = 0.0
    for _ in 0..<2 {  // the first one takes longer
      var pace = Pace(training, rollouts: rollouts(of: learner), steps: 0)
      _ = try trainer.trainStep()
      _ = pace.afterStep()
      _ = try evaluator.evaluate(
        .validation, examples: Int(Pace.shard), seed: seed, rollouts: 0,
        progress: training.progress(atStep: 0))
      _ = pace.afterShard(rollouts: 1)
      seconds = pace.progress.secondsInAll ?? 0
    }
    return seconds
  }
}
