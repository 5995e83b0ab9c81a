import Foundation
import NumericCore
import RecurrentAttention
import Testing
import VisualTasks

@testable import Training

@Suite("Trainer")
struct TrainerTests {
  /// Parameters and tallies after a few steps.
  private func train(
    threads: Int, batchSize: Int, optimizer: OptimizerKind = .adam(), precision: ProductPrecision? = nil,
    seed: UInt64 = 5,
    _ change: (inout AttentionSettings) -> Void = { _ in }
  ) throws -> (bits: [UInt32], tallies: [Tally], norms: [Float], state: [Float]) {
    let pool = WorkerPool(threads: threads)
    defer { pool.close() }
    let model = blobModel(change)
    var settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 10 * batchSize, batchSize: batchSize, optimizer: optimizer)
    settings.precision = precision
    let trainer = Trainer(model, on: BlobTask(), settings: settings, seed: seed, pool: pool)
    let steps = try (0..<5).map { _ in try trainer.trainStep() }
    return (model.parameters.bits, steps.map(\.tally), steps.map(\.gradientNorm), model.state)
  }

  @Test("one, two and three threads leave the same bytes", arguments: [20, 25, 128, 67, 1, 2, 6])
  func threads(batchSize: Int) throws {
    for optimizer in [OptimizerKind.adam(), .momentum(0.9)] {
      let one = try train(threads: 1, batchSize: batchSize, optimizer: optimizer)
      for threads in [2, 3] {
        let other = try train(threads: threads, batchSize: batchSize, optimizer: optimizer)
        #expect(other.bits == one.bits && other.tallies == one.tallies)
        #expect(other.norms == one.norms && other.state == one.state)
      }
      #expect(one.bits != blobModel().parameters.bits)
      #expect(one.tallies.allSatisfy { $0.examples == batchSize })
    }
  }

  @Test(
    "LSTM, learned first glimpse and several episodes: still the same bytes, and another seed other ones",
    arguments: [1, 3])
  func threadsOfOthers(episodes: Int) throws {
    let change = { (settings: inout AttentionSettings) in
      (settings.core, settings.firstGlimpse) = (.lstm, .learned)
      (settings.episodes, settings.baseline) = (episodes, episodes == 1 ? .learned : .leaveOneOut)
    }
    let one = try train(threads: 1, batchSize: 20, change)
    let three = try train(threads: 3, batchSize: 20, change)
    #expect(one.bits == three.bits && one.tallies == three.tallies)
    #expect(try train(threads: 1, batchSize: 20, seed: 6, change).bits != one.bits)
  }

  @Test(
    "many glimpses, sums that are too long for one go: still the same bytes", arguments: [20, 128],
    AttentionSettings.Core.allCases)
  func threadsWithManyGlimpses(batchSize: Int, core: AttentionSettings.Core) throws {
    let long = { (settings: inout AttentionSettings) in
      (settings.glimpses, settings.core) = (2_000 / batchSize, core)
      (settings.patchUnits, settings.glimpseUnits, settings.coreUnits) = (32, 128, 128)
    }
    let one = try train(threads: 1, batchSize: batchSize, long)
    let two = try train(threads: 2, batchSize: batchSize, long)
    #expect(one.bits == two.bits && one.tallies == two.tallies && one.norms == two.norms)
  }

  @Test(
    "products in bfloat16 change the bytes, the number of threads does not",
    .enabled(if: ProductPrecision.bfloat16.obstacle == nil), arguments: [20, 128])
  func threadsInBFloat16(batchSize: Int) throws {
    let wide = { (settings: inout AttentionSettings) in
      (settings.patchUnits, settings.glimpseUnits, settings.coreUnits) = (32, 128, 128)
    }
    let one = try train(threads: 1, batchSize: batchSize, precision: .bfloat16, wide)
    for threads in [2, 3] {
      let other = try train(threads: threads, batchSize: batchSize, precision: .bfloat16, wide)
      #expect(other.bits == one.bits && other.tallies == one.tallies)
    }
    let single = try train(threads: 1, batchSize: batchSize, wide)
    #expect(single.bits != one.bits)
    // Rounded factors are 2^-9 off at most: the gradient is nearly the same.
    #expect(abs(single.norms[0] - one.norms[0]) < 0.02 * single.norms[0])
  }

  @Test("a batch is cut into equal shards of at most 32, and two at least")
  func shards() {
    func shards(_ batchSize: Int) -> Int {
      TrainingSettings(epochs: 1, examplesPerEpoch: 1, batchSize: batchSize).shards
    }
    #expect(shards(20) == 2 && shards(128) == 4 && shards(1) == 1 && shards(2) == 2)
    #expect(shards(64) == 2 && shards(65) == 5 && shards(100) == 4 && shards(67) == 67)
    for batchSize in 1...300 {
      #expect(batchSize % shards(batchSize) == 0 && batchSize / shards(batchSize) <= 32)
    }
  }

  @Test("the shards' gradients add up to the whole batch's")
  func shardsAddUp() throws {
    let model = blobModel()
    let pool = WorkerPool(threads: 1)
    // One step of plain descent from the same start gives the gradient back.
    let settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 128, batchSize: 128, optimizer: .momentum(0), learningRate: .constant(1),
      standardDeviation: .constant(0.15), clippingNorm: nil)
    let before = (0..<model.parameters.length).map { model.parameters.flat[$0] }
    let (tally, norm) = try Trainer(model, on: BlobTask(), settings: settings, seed: 5, pool: pool)
      .trainStep()

    let whole = blobModel()
    let worker = whole.makeWorker(images: 128, side: 12)
    for i in 0..<128 {
      worker.batch.labels[i] = BlobTask().draw(.training, index: i, seed: 5, into: worker.batch.image(i))
    }
    worker.batch.count = 128
    let gradients = GradientBuffer(for: whole.parameters)
    let expected = worker.train(
      TrainingStep(seed: 5, firstExample: 0, batchSize: 128, standardDeviation: 0.15), into: gradients)
    gradients.clearUnwritten()
    #expect(tally.errors == expected.errors && abs(tally.crossEntropy - expected.crossEntropy) < 1e-4)
    var sum = 0.0
    for i in 0..<whole.parameters.length {
      // The step is rounded where it is subtracted from a number up to 1: 2^-24, and sums of 128 terms in two
      // orders.
      #expect(abs(before[i] - model.parameters.flat[i] - gradients.flat[i]) < 1e-6)
      sum += Double(gradients.flat[i]) * Double(gradients.flat[i])
    }
    #expect(abs(sum.squareRoot() - Double(norm)) < 1e-4 * sum.squareRoot() && norm > 0.01)
  }

  @Test("a diverging run throws before it touches the parameters", arguments: AttentionSettings.Core.allCases)
  func diverged(core: AttentionSettings.Core) throws {
    let model = blobModel { $0.core = core }
    let pool = WorkerPool(threads: 2)
    defer { pool.close() }
    let settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 20_000, batchSize: 20, optimizer: .momentum(0.9),
      learningRate: .constant(1e30),
      clippingNorm: nil)
    let trainer = Trainer(model, on: BlobTask(), settings: settings, seed: 1, pool: pool)
    var before = model.parameters.bits
    var thrown: TrainingError?
    for _ in 0..<100 where thrown == nil {
      before = model.parameters.bits
      do { _ = try trainer.trainStep() } catch { thrown = error as? TrainingError }
    }
    #expect(thrown == .diverged(step: trainer.step, epoch: 0, learningRate: 1e30))
    #expect(model.parameters.bits == before && trainer.optimizer.updates == trainer.step)
  }

  @Test("any parameter that is no number is found out", arguments: AttentionSettings.Core.allCases)
  func notANumber(core: AttentionSettings.Core) {
    for tensor in blobModel(change: core).parameters.tensors where tensor.name != "baseline.bias" {
      let model = blobModel(change: core)
      model.parameters[tensor][0, 0] = .nan
      model.parameters.refreshCopies()
      let settings = TrainingSettings(epochs: 1, examplesPerEpoch: 20, batchSize: 20)
      let trainer = Trainer(model, on: BlobTask(), settings: settings, seed: 1, pool: WorkerPool(threads: 1))
      #expect(throws: TrainingError.self, "\(tensor.name)") { try trainer.trainStep() }
    }
  }

  @Test("a small model learns to see the quarter, in one epoch after another")
  func learns() throws {
    let model = blobModel()
    let pool = WorkerPool(threads: 2)
    defer { pool.close() }
    let settings = TrainingSettings(
      epochs: 2, examplesPerEpoch: 20_000, batchSize: 50, learningRate: .cosine(from: 5e-3, to: 1e-4),
      standardDeviation: .constant(0.15), validationScenes: 500)
    let trainer = Trainer(model, on: BlobTask(), settings: settings, seed: 1, pool: pool)
    let evaluator = Evaluator(model, on: BlobTask(), pool: pool)
    var calls = 0
    let records = try (0..<2).map { _ in try trainer.trainEpoch(with: evaluator) { calls += 1 } }
    #expect(records[1].training.meanCrossEntropy < 0.5 * records[0].training.meanCrossEntropy)
    #expect(records[1].validationErrorPercent < 10)  // chance is 75
    #expect(records.map(\.epoch) == [1, 2] && records.map(\.examples) == [20_000, 40_000] && calls == 798)
    #expect(records[1].learningRate < 2e-4 && records[1].standardDeviation == 0.15)
  }

  /// Bytes of the C heap that are taken, from the report of glibc's `malloc_info`, which no header shows to
  /// Swift.
  private func heapInUse() throws -> Int {
    typealias Report = @convention(c) (CInt, UnsafeMutablePointer<FILE>) -> CInt
    let symbol = try #require(dlsym(nil, "malloc_info"))
    let report = unsafeBitCast(symbol, to: Report.self)
    var text = [CChar](repeating: 0, count: 1 << 16)
    let file = try #require(fmemopen(&text, text.count, "w"))
    #expect(report(0, file) == 0)
    fclose(file)
    // The last three sizes of their kind are the totals over all arenas.
    let lines = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
      separator: "\n")
    func size(_ start: String) throws -> Int {
      let line = try #require(lines.last { $0.hasPrefix(start) })
      return try #require(Int(line.components(separatedBy: "size=\"")[1].prefix { $0.isNumber }))
    }
    return try size("<system type=\"current\"") - size("<total type=\"fast\"") - size("<total type=\"rest\"")
  }

  @Test("training keeps no memory: 100 steps leave the heap as it was")
  func memory() throws {
    let settings = TrainingSettings(epochs: 100, examplesPerEpoch: 2000, batchSize: 20)
    let trainer = Trainer(
      blobModel(), on: BlobTask(), settings: settings, seed: 1, pool: WorkerPool(threads: 1))
    for _ in 0..<10 { _ = try trainer.trainStep() }
    // Other tests allocate at the same time, so steps are watched 10 at a time, until 10 windows saw nothing
    // change. A leak of one block a step would be in every window.
    var quiet = 0
    for _ in 0..<1000 where quiet < 10 {
      let before = try heapInUse()
      for _ in 0..<10 { _ = try trainer.trainStep() }
      if try heapInUse() == before { quiet += 1 }
    }
    #expect(quiet == 10)
  }
}

extension AttentionSettings.Core: CaseIterable {
  public static var allCases: [Self] { [.rectifier, .lstm] }
}

private func blobModel(change core: AttentionSettings.Core) -> RecurrentAttentionModel {
  blobModel { $0.core = core }
}
