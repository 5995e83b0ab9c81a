import Autodiff
import Numerics
import RecurrentAttention
import Testing

@testable import Learning

@Suite("Trainer")
struct TrainerTests {
  /// What a few steps leave.
  private struct Outcome: Equatable {
    var bits: [UInt32]
    var metrics: [Metrics]
    var norms: [Float]
    var state: [Float]
  }

  private func train(
    threads: Int, batchSize: Int, updateRule: any UpdateRule = Adam(), precision: ProductPrecision = .single,
    seed: UInt64 = 5, weightDecay: Float = 0, _ change: (inout BlobModel) -> Void = { _ in }
  ) throws -> Outcome {
    let pool = try WorkerPool(threads: threads)
    defer { pool.close() }
    let model = blobModel(change)
    var settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 10 * batchSize, batchSize: batchSize, updateRule: updateRule,
      weightDecay: weightDecay)
    settings.precision = precision
    let trainer = Trainer(model, on: Blobs(), settings: settings, seed: seed, pool: pool)
    let steps = try (0..<5).map { _ in try trainer.trainStep() }
    return Outcome(
      bits: model.parameters.bits, metrics: steps.map(\.metrics), norms: steps.map(\.gradientNorm),
      state: model.state)
  }

  @Test("one, two and three threads leave the same bytes", arguments: [20, 25, 128, 67, 1, 2, 6])
  func threads(batchSize: Int) throws {
    for updateRule in [Adam(), Momentum(0.9)] as [any UpdateRule] {
      let one = try train(threads: 1, batchSize: batchSize, updateRule: updateRule, weightDecay: 0.1)
      for threads in [2, 3] {
        let other = try train(
          threads: threads, batchSize: batchSize, updateRule: updateRule, weightDecay: 0.1)
        #expect(other == one)
      }
      #expect(one.bits != blobModel().parameters.bits)
      #expect(one.metrics.allSatisfy { $0.examples == batchSize })
    }
  }

  @Test(
    "LSTM, learned first glimpse and several episodes: still the same bytes, and another seed other ones",
    arguments: [1, 3])
  func threadsOfOthers(episodes: Int) throws {
    let change = { (model: inout BlobModel) in
      (model.core, model.objective.episodes) = (.lstm, episodes)
      model.gaze = GaussianGaze(deviation: .linear(from: 0.15, to: 0.1), first: .learned)
      model.objective.baseline = episodes == 1 ? StateBaseline() : LeaveOneOut()
    }
    let one = try train(threads: 1, batchSize: 20, change)
    let three = try train(threads: 3, batchSize: 20, change)
    #expect(one == three)
    #expect(try train(threads: 1, batchSize: 20, seed: 6, change).bits != one.bits)
  }

  @Test(
    "every baseline, advantage and reward: still the same bytes",
    arguments: [MovingAverage(), ClassBaseline(), SelfCritical()] as [any Baseline],
    [ReturnMinusBaseline(), LookAhead(lambda: 0.5)] as [any Advantage])
  func threadsOfObjectives(baseline: any Baseline, advantage: any Advantage) throws {
    if advantage.needsValues && baseline.columns(on: Blobs()) == 0 { return }
    let change = { (model: inout BlobModel) in
      (model.objective.baseline, model.objective.advantage) = (baseline, advantage)
      model.objective.reward = RightProbability()
    }
    let one = try train(threads: 1, batchSize: 20, change)
    let three = try train(threads: 3, batchSize: 20, change)
    #expect(one == three)
    #expect(try train(threads: 1, batchSize: 20).bits != one.bits)
  }

  @Test(
    "many glimpses, sums that are too long for one go: still the same bytes", arguments: [20, 128],
    BlobModel.Core.allCases)
  func threadsWithManyGlimpses(batchSize: Int, core: BlobModel.Core) throws {
    let long = { (model: inout BlobModel) in
      (model.glimpses, model.core, model.units) = (2_000 / batchSize, core, 128)
      (model.widths.patch, model.widths.output) = (32, 128)
    }
    let one = try train(threads: 1, batchSize: batchSize, long)
    let two = try train(threads: 2, batchSize: batchSize, long)
    #expect(one == two)
  }

  @Test(
    "products in bfloat16 change the bytes, the number of threads does not",
    .enabled(if: ProductPrecision.bfloat16.obstacle == nil), arguments: [20, 128])
  func threadsInBFloat16(batchSize: Int) throws {
    let wide = { (model: inout BlobModel) in
      (model.widths.patch, model.widths.output, model.units) = (32, 128, 128)
    }
    let one = try train(threads: 1, batchSize: batchSize, precision: .bfloat16, wide)
    for threads in [2, 3] {
      #expect(try train(threads: threads, batchSize: batchSize, precision: .bfloat16, wide) == one)
    }
    let single = try train(threads: 1, batchSize: batchSize, wide)
    #expect(single.bits != one.bits)
    // Rounded factors are 2^-9 off at most: the gradient is nearly the same.
    #expect(abs(single.norms[0] - one.norms[0]) < 0.02 * single.norms[0])
  }

  @Test(
    "the shards' gradients add up to the whole batch's, with one episode of an image or several",
    arguments: [1, 2])
  func shardsAddUp(episodes: Int) throws {
    let deviation = { (model: inout BlobModel) in
      (model.gaze, model.objective.episodes) = (GaussianGaze(deviation: .constant(0.15)), episodes)
    }
    let model = blobModel(deviation)
    let pool = try WorkerPool(threads: 1)
    // One step of plain descent from the same start gives the gradient back.
    let settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 128, batchSize: 128, updateRule: Momentum(0), learningRate: .constant(1),
      clippingNorm: nil)
    let before = (0..<model.parameters.length).map { model.parameters.flat[$0] }
    let (metrics, norm) = try Trainer(model, on: Blobs(), settings: settings, seed: 5, pool: pool).trainStep()

    let whole = blobModel(deviation)
    let gradients = GradientBuffer(for: whole.parameters)
    let expected = try whole.makeReplica(on: Blobs(), examples: 128).train(
      TrainingStep(seed: 5, firstExample: 0, batchSize: 128, progress: settings.progress(atStep: 0)),
      into: gradients)
    gradients.clearUntouched()
    #expect(metrics.errors == expected.errors && abs(metrics.sums[0] - expected.sums[0]) < 1e-4)
    var sum = 0.0
    for i in 0..<whole.parameters.length {
      // The step is rounded where it is subtracted from a number up to 1: 2^-24, and sums of 128 terms in two
      // orders.
      #expect(abs(before[i] - model.parameters.flat[i] - gradients.flat[i]) < 1e-6)
      sum += Double(gradients.flat[i]) * Double(gradients.flat[i])
    }
    #expect(abs(sum.squareRoot() - Double(norm)) < 1e-4 * sum.squareRoot() && norm > 0.01)
  }

  @Test("a diverging run throws before it touches the parameters", arguments: BlobModel.Core.allCases)
  func diverged(core: BlobModel.Core) throws {
    let model = blobModel { $0.core = core }
    let pool = try WorkerPool(threads: 2)
    defer { pool.close() }
    let settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 20_000, batchSize: 20, updateRule: Momentum(0.9),
      learningRate: .constant(1e30), clippingNorm: nil)
    let trainer = Trainer(model, on: Blobs(), settings: settings, seed: 1, pool: pool)
    var before = model.parameters.bits
    var thrown: TrainingError?
    for _ in 0..<100 where thrown == nil {
      before = model.parameters.bits
      do { _ = try trainer.trainStep() } catch { thrown = error as? TrainingError }
    }
    guard case .diverged(let quantities, trainer.step, epoch: 0, learningRate: 1e30)? = thrown else {
      Issue.record("\(String(describing: thrown))")
      return
    }
    let names = ["the loss", "the gradient"] + model.metrics.map(\.name)
    #expect(!quantities.isEmpty && quantities.allSatisfy(names.contains))
    #expect(thrown?.description.contains("a smaller learning rate") == true)
    #expect(model.parameters.bits == before && trainer.optimizer.updates == trainer.step)
  }

  @Test("any parameter that is no number is found out", arguments: BlobModel.Core.allCases)
  func notANumber(core: BlobModel.Core) throws {
    for tensor in blobModel({ $0.core = core }).parameters.tensors where tensor.name != "baseline.bias" {
      let model = blobModel { $0.core = core }
      model.parameters[tensor][0, 0] = .nan
      model.parameters.refreshCopies()
      let settings = TrainingSettings(epochs: 1, examplesPerEpoch: 20, batchSize: 20)
      let trainer = Trainer(model, on: Blobs(), settings: settings, seed: 1, pool: try WorkerPool(threads: 1))
      let error = #expect(throws: TrainingError.self, "\(tensor.name)") { try trainer.trainStep() }
      #expect(error?.description.contains("nothing was updated before") == true)
    }
  }

  /// A world whose label is wrong from some example on.
  private struct Mislabelled: StillWorld {
    var wrongFrom: Int
    var side: Int { 12 }
    var classCount: Int { 4 }
    var summary: String { "mislabelled" }
    var configuration: Configuration { Configuration("mislabelled") }
    func count(of split: Split) -> Int { 1 << 20 }
    func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
      index < wrongFrom ? 0 : 4
    }
  }

  @Test(
    "a label outside the classes stops training and testing with one sentence, on any thread",
    arguments: [1, 3])
  func wrongLabel(threads: Int) throws {
    let pool = try WorkerPool(threads: threads)
    defer { pool.close() }
    let world = Mislabelled(wrongFrom: 70)
    let learner = RecurrentAttentionModel(BlobModel().network, for: world, seed: 1)
    let settings = TrainingSettings(epochs: 1, examplesPerEpoch: 2_000, batchSize: 40)
    let trainer = Trainer(learner, on: world, settings: settings, seed: 1, pool: pool)
    _ = try trainer.trainStep()
    let before = learner.parameters.bits
    let error = #expect(throws: WorldError.self) { try trainer.trainStep() }
    #expect(error?.label == 4)
    #expect(learner.parameters.bits == before && trainer.step == 1)
    let evaluator = Evaluator(learner, on: world, pool: pool)
    let progress = Progress(fraction: 0, epoch: 0)
    func test(_ examples: Int) throws -> Evaluation {
      try evaluator.evaluate(.test, examples: examples, seed: 1, rollouts: 0, progress: progress)
    }
    #expect(throws: WorldError.self) { try test(400) }
    #expect(try test(70).examples == 70, "an error is thrown once")
  }

  @Test("a small model learns to see the quarter, in one epoch after another")
  func learns() throws {
    let model = blobModel { $0.gaze = GaussianGaze(deviation: .constant(0.15)) }
    let pool = try WorkerPool(threads: 2)
    defer { pool.close() }
    let settings = TrainingSettings(
      epochs: 2, examplesPerEpoch: 20_000, batchSize: 50, learningRate: .cosine(from: 5e-3, to: 1e-4),
      validationExamples: 500)
    let trainer = Trainer(model, on: Blobs(), settings: settings, seed: 1, pool: pool)
    let evaluator = Evaluator(model, on: Blobs(), pool: pool)
    var calls = 0
    let results = try (0..<2).map { _ in try trainer.trainEpoch(with: evaluator) { calls += 1 } }
    let losses = results.map { $0.metrics["cross_entropy"] ?? .nan }
    #expect(losses[1] < 0.5 * losses[0])
    #expect(results[1].validationErrorPercent < 10)  // chance is 75
    #expect(results.map(\.epoch) == [1, 2] && results.map(\.examples) == [20_000, 40_000] && calls == 798)
    #expect(results[1].learningRate < 2e-4 && results[1].scheduled == ["location_deviation": 0.15])
    #expect(Set(results[1].metrics.keys) == ["cross_entropy", "baseline_error", "mean_return"])
  }
}
