import Foundation
import Learning
import RecurrentAttention
import Testing

@Suite("Saved learners")
struct SavedLearnerTests {
  private func trainer(
    _ rule: any UpdateRule = Adam(), threads: Int = 1, _ change: (inout BlobModel) -> Void = { _ in }
  ) throws -> Trainer {
    let settings = TrainingSettings(
      epochs: 2, examplesPerEpoch: 200, batchSize: 20, updateRule: rule, weightDecay: 0.1,
      validationExamples: 50)
    return Trainer(
      blobModel(change), on: Blobs(), settings: settings, seed: 3, pool: try WorkerPool(threads: threads))
  }

  private func bits(_ trainer: Trainer) -> [UInt32] { trainer.learner.parameters.bits }

  @Test(
    "a training that goes on from a checkpoint ends with the same bytes, whatever the rule and the threads",
    arguments: [Momentum(0.9), Adam()] as [any UpdateRule], [1, 2])
  func resumes(rule: any UpdateRule, threads: Int) throws {
    let moving = { (model: inout BlobModel) in model.objective.baseline = MovingAverage() }
    let whole = try trainer(rule, moving)
    for _ in 0..<3 { _ = try whole.trainStep() }
    let bytes = try whole.checkpoint(metadata: ["study": "none"]).encoded()
    for _ in 0..<3 { _ = try whole.trainStep() }

    let resumed = try trainer(rule, threads: threads, moving)
    let read = try Checkpoint(bytes: bytes, path: "memory")
    #expect(
      read.metadata["study"] == "none" && read.metadata["step"] == "3" && read.metadata["updates"] == "3")
    try resumed.restore(read, from: "memory")
    #expect(resumed.step == 3 && resumed.optimizer.updates == 3)
    for _ in 0..<3 { _ = try resumed.trainStep() }
    #expect(bits(resumed) == bits(whole) && resumed.learner.state == whole.learner.state)
    #expect(try bits(whole) != bits(trainer(rule, moving)))
    #expect(whole.learner.state != [0])
  }

  @Test("an epoch that goes on from a checkpoint has the same sums, so the same row of curves.csv")
  func epochs() throws {
    func evaluator(_ trainer: Trainer) throws -> Evaluator {
      Evaluator(trainer.learner, on: Blobs(), pool: try WorkerPool(threads: 1))
    }
    let whole = try trainer()
    let epoch = try whole.trainEpoch(with: evaluator(whole))
    let stopped = try trainer()
    #expect(throws: CancellationError.self) {
      try stopped.trainEpoch(with: evaluator(stopped)) { if stopped.step == 4 { throw CancellationError() } }
    }
    let resumed = try trainer()
    try resumed.restore(stopped.checkpoint(), from: "memory")
    #expect(resumed.sums == stopped.sums && resumed.sums != EpochSums())
    #expect(try resumed.trainEpoch(with: evaluator(resumed)) == epoch)
  }

  @Test("a game that goes on from a checkpoint ends with the same bytes")
  func game() throws {
    func trainer(threads: Int) throws -> Trainer {
      try Trainer(
        Pointing.network().makeLearner(for: Pointing(), seed: 5), on: Pointing(),
        settings: TrainingSettings(epochs: 1, examplesPerEpoch: 640, batchSize: 64), seed: 5,
        pool: WorkerPool(threads: threads))
    }
    let whole = try trainer(threads: 1)
    for _ in 0..<3 { _ = try whole.trainStep() }
    let checkpoint = try whole.checkpoint()
    for _ in 0..<3 { _ = try whole.trainStep() }
    let resumed = try trainer(threads: 2)
    try resumed.restore(checkpoint, from: "memory")
    for _ in 0..<3 { _ = try resumed.trainStep() }
    #expect(bits(whole) == bits(resumed))
    #expect(try bits(whole) != bits(trainer(threads: 1)))
  }

  @Test("weights alone, without what only training needs, give the same evaluation")
  func weightsOnly() throws {
    let trained = try trainer()
    for _ in 0..<5 { _ = try trained.trainStep() }
    let checkpoint = Checkpoint(weightsOf: trained.learner, metadata: [:])
    #expect(!checkpoint.tensors.contains { $0.name.hasPrefix("optimizer.") })
    #expect(checkpoint.tensors.count == trained.learner.parameters.tensors.count + 1)
    let other = blobModel(seed: 9)
    try Checkpoint(bytes: checkpoint.encoded(), path: "memory").restoreWeights(of: other, from: "memory")
    func test(_ learner: any Learner) throws -> Evaluation {
      try Evaluator(learner, on: Blobs(), pool: try WorkerPool(threads: 1)).evaluate(
        .test, examples: 100, seed: 1, rollouts: 2, progress: Progress(fraction: 1, epoch: 0))
    }
    #expect(try test(other) == test(trained.learner))
    #expect(try test(other) != test(blobModel(seed: 9)))
  }

  @Test("a checkpoint of another network, rule or no training is refused and names what is wrong")
  func refusals() throws {
    let trained = try trainer()
    _ = try trained.trainStep()
    let checkpoint = try trained.checkpoint()
    func refusal(_ checkpoint: Checkpoint, _ trainer: Trainer) -> String {
      let before = bits(trainer)
      let error = #expect(throws: FileError.self) { try trainer.restore(checkpoint, from: "old") }
      #expect(error?.path == "old" && error?.cure.isEmpty == false)
      #expect(bits(trainer) == before && trainer.step == 0)
      return error?.reason ?? ""
    }
    let prefix = "this file does not fit this run: "
    #expect(
      try refusal(checkpoint, trainer { $0.units = 24 }) == prefix + "'core.weight' is [32, 16], not [40, 24]"
    )
    #expect(
      try refusal(checkpoint, trainer { $0.gaze = GaussianGaze(deviation: .constant(0.1), first: .learned) })
        == prefix + "it has no tensor 'location.first.weight'")
    #expect(
      try refusal(checkpoint, trainer(Momentum())) == prefix
        + "it has no tensor 'optimizer.velocity.glimpse.patch.weight'")
    let weights = Checkpoint(weightsOf: blobModel(), metadata: [:])
    #expect(try refusal(weights, trainer()) == prefix + "it does not say how far the training was")
    var negative = checkpoint
    negative.metadata["step"] = "-1"
    #expect(try refusal(negative, trainer()) == prefix + "it does not say how far the training was")
  }

  @Test("the file before the present one stays as the previous one; what was cut or changed is refused")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/saved-learner-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/model.safetensors"
    for value in [1, 2, 3] as [Float] {
      try Checkpoint(metadata: ["n": "\(value)"], tensors: [("w", [1], [value])]).write(to: path)
    }
    #expect(try Checkpoint(reading: path).tensors[0].values == [3])
    #expect(try Checkpoint(reading: Checkpoint.previous(path)).tensors[0].values == [2])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(throws: FileError.self) { try Checkpoint(bytes: Array(bytes.dropLast()), path: path) }
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      #expect(throws: FileError.self, "byte \(index)") { try Checkpoint(bytes: changed, path: path) }
    }
    #expect(throws: FileError.self) { try Checkpoint(reading: folder + "/none") }
  }
}
