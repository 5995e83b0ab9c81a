import Autodiff
import Numerics
import RecurrentAttention
import ReferenceNetworks
import TestProcesses
import Testing

@testable import Learning

/// Blobs that note which examples they were asked for.
private struct Witness: StillWorld {
  struct Request: Hashable {
    var split: Split
    var index: Int
    var seed: UInt64
  }

  final class Notes: Sendable {
    private let requests = Locked<Set<Request>>([])
    func note(_ request: Request) { requests.withLock { _ = $0.insert(request) } }
    var all: Set<Request> { requests.withLock { $0 } }
  }

  let notes = Notes()
  let side = 12
  let classCount = 4
  let summary = "witnessed blobs"
  let configuration = Configuration("witness")
  func count(of split: Split) -> Int { 100 }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    notes.note(Request(split: split, index: index, seed: seed))
    return Blobs().draw(split, index: index, seed: seed, into: &pixels)
  }
}

/// Adds up a second number, which it does not describe.
private final class Miscounting: Learner, Replica {
  let parameters = Parameters()
  var isStochastic: Bool { false }
  var metrics: [Metric] { [.crossEntropy] }
  var scores: Matrix { parameters[parameters.tensors[0]] }
  init() { _ = parameters.declare("weight", rows: 1, columns: 1) }

  func makeReplica(on world: any World, examples: Int) -> any Replica { self }
  func train(_ step: TrainingStep, into gradients: GradientBuffer) -> Metrics {
    var metrics = Metrics()
    (metrics.examples, metrics.sums[1]) = (1, 1)
    return metrics
  }
  func evaluate(_ rollout: Rollout) -> Float { 0 }
  func isRight(_ example: Int, scores: UnsafePointer<Float>) -> Bool { true }
}

@Suite("What a trainer promises")
struct TrainerContractTests {
  @Test(
    "training reads its training examples and validates on validation examples; only a test reads test examples",
    arguments: [BlobModel().network, FullyConnected(units: 8)] as [any Network])
  func splits(network: any Network) throws {
    let (world, pool) = (Witness(), try WorkerPool(threads: 2))
    defer { pool.close() }
    let learner = network.makeLearner(for: world, seed: 1)
    let settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 80, batchSize: 20, validationExamples: 50, testExamples: 30)
    let evaluator = Evaluator(learner, on: world, pool: pool)
    _ = try Trainer(learner, on: world, settings: settings, seed: 5, pool: pool).trainEpoch(with: evaluator)
    func indices(_ split: Split) -> Set<Int> {
      Set(world.notes.all.filter { $0.split == split }.map(\.index))
    }
    #expect(indices(.training) == Set(0..<80) && indices(.validation) == Set(0..<50))
    #expect(indices(.test).isEmpty)
    #expect(world.notes.all.filter { $0.split == .training }.allSatisfy { $0.seed == 5 })
    _ = try evaluator.evaluate(
      .test, examples: 30, seed: 5, rollouts: 2, progress: Progress(fraction: 1, epoch: 0))
    #expect(indices(.test) == Set(0..<30) && indices(.validation) == Set(0..<50))
    // Nor can a world draw other ones for another run.
    #expect(world.notes.all.filter { $0.split != .training }.allSatisfy { $0.seed == Split.fixedSeed })
  }

  @Test("a sum that no metric describes ends with a sentence", .promptly)
  func sumsHaveMetrics() async throws {
    let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let trainer = Trainer(
        Miscounting(), on: Blobs(), settings: TrainingSettings(epochs: 1, examplesPerEpoch: 128), seed: 1,
        pool: try WorkerPool(threads: 1))
      _ = try trainer.trainStep()
    }
    let message = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      message.contains("the sum of a metric that its learner, which has 1, does not describe"), "\(message)")
  }

  /// What one step with plain gradient descent at rate 1 does to each parameter.
  private func oneStep(_ change: (inout TrainingSettings) -> Void) throws -> (before: [Float], after: [Float])
  {
    let (model, pool) = (blobModel(), try WorkerPool(threads: 1))
    defer { pool.close() }
    var settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 20, batchSize: 20, updateRule: Momentum(0), learningRate: .constant(1))
    change(&settings)
    func values() -> [Float] { (0..<model.parameters.length).map { model.parameters.flat[$0] } }
    let before = values()
    _ = try Trainer(model, on: Blobs(), settings: settings, seed: 1, pool: pool).trainStep()
    return (before, values())
  }

  @Test("a trainer clips and decays as its settings say")
  func settingsArrive() throws {
    func length(_ step: (before: [Float], after: [Float])) -> Float {
      zip(step.before, step.after).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }.squareRoot()
    }
    let plain = try oneStep { $0.clippingNorm = nil }
    #expect(length(plain) > 0.1)
    #expect(abs(length(try oneStep { $0.clippingNorm = 0.01 }) / 0.01 - 1) < 1e-3)
    // Weights end at 0.9 of where they would be; biases, which start at 0, do not decay.
    let decayed = try oneStep { ($0.clippingNorm, $0.weightDecay) = (nil, 0.1) }
    let shrunk = plain.after.indices.count {
      decayed.after[$0] != plain.after[$0] && abs(decayed.after[$0] - 0.9 * plain.after[$0]) < 1e-6
    }
    let others = plain.after.indices.count { decayed.after[$0] == plain.after[$0] }
    #expect(shrunk + others == plain.after.count && shrunk > 1_000 && others > 10)
  }

  @Test(
    "schedules of the model follow the training: a falling deviation and a constant one part at the second step"
  )
  func progressArrives() throws {
    func bits(_ deviation: Schedule, steps: Int) throws -> [UInt32] {
      let (model, pool) = (
        blobModel { $0.gaze = GaussianGaze(deviation: deviation) }, try WorkerPool(threads: 1)
      )
      defer { pool.close() }
      let settings = TrainingSettings(epochs: 1, examplesPerEpoch: 200, batchSize: 20)
      let trainer = Trainer(model, on: Blobs(), settings: settings, seed: 1, pool: pool)
      for _ in 0..<steps { _ = try trainer.trainStep() }
      return model.parameters.bits
    }
    let falling = Schedule.linear(from: 0.4, to: 0.1)
    #expect(try bits(falling, steps: 1) == bits(.constant(0.4), steps: 1))
    #expect(try bits(falling, steps: 2) != bits(.constant(0.4), steps: 2))
  }

  @Test("an epoch's numbers are means over its steps, and its schedules are those of its last step")
  func epochResults() throws {
    func trainer() throws -> Trainer {
      let settings = TrainingSettings(
        epochs: 3, examplesPerEpoch: 80, batchSize: 20, learningRate: .linear(from: 0.01, to: 0),
        validationExamples: 20)
      let model = blobModel { $0.objective.reinforceWeight = .linear(from: 0.12, to: 0) }
      return Trainer(model, on: Blobs(), settings: settings, seed: 1, pool: try WorkerPool(threads: 1))
    }
    let (one, other) = (try trainer(), try trainer())
    let evaluator = Evaluator(one.learner, on: Blobs(), pool: try WorkerPool(threads: 1))
    for epoch in 1...2 {
      let result = try one.trainEpoch(with: evaluator)
      let norms = try (0..<4).map { _ in Double(try other.trainStep().gradientNorm) }
      #expect(abs(result.gradientNorm - norms.reduce(0, +) / 4) < 1e-9)
      // 12 steps in all; the last of this epoch has 4 epoch - 1 before it.
      let left = Float(1 - Double(4 * epoch - 1) / 12)
      #expect(abs((result.scheduled["reinforce_weight"] ?? 0) / (0.12 * left) - 1) < 1e-5)
      #expect(abs(result.learningRate / (0.01 * left) - 1) < 1e-5 && result.epoch == epoch)
    }
  }

  @Test("the average over three rollouts is that of their class probabilities")
  func averageByHand() throws {
    let model = blobModel { $0.gaze = GaussianGaze(deviation: .constant(0.5)) }
    for i in 0..<model.parameters.length { model.parameters.flat[i] *= 3 }
    model.parameters.refreshCopies()
    let (examples, progress) = (200, Progress(fraction: 1, epoch: 0))
    let replica = model.makeReplica(on: Blobs(), examples: examples)
    var (sums, single) = ([[Float]](repeating: [0, 0, 0, 0], count: examples), [[Int]]())
    func answer(_ scores: [Float]) -> Int { scores.firstIndex(of: scores.max() ?? 0) ?? 0 }
    for index in 1...3 {
      _ = try replica.evaluate(
        Rollout(
          .test, firstExample: 0, count: examples, seed: 1, index: index, isSampled: true, progress: progress)
      )
      let scores = (0..<examples).map { row in (0..<4).map { replica.scores[row, $0] } }
      single.append(scores.map(answer))
      for row in 0..<examples { for j in 0..<4 { sums[row][j] += scores[row][j] } }
    }
    func errors(_ answers: [Int]) -> Double {
      let wrong = answers.indices.count { row in
        var scores = [Float](repeating: 0, count: 4)
        scores[answers[row]] = 1
        return !replica.isRight(row, scores: scores)
      }
      return 100 * Double(wrong) / Double(examples)
    }
    let (average, pool) = (sums.map(answer), try WorkerPool(threads: 1))
    defer { pool.close() }
    #expect(single.allSatisfy { $0 != average }, "the rollouts agree: the claim is empty")
    let evaluation = try Evaluator(model, on: Blobs(), pool: pool).evaluate(
      .test, examples: examples, seed: 1, rollouts: 3, progress: progress)
    #expect(evaluation.averagedErrorPercent == errors(average))
    #expect(evaluation.sampledErrorPercent == errors(single[0]))
  }

  @Test("the moving average goes a hundredth of the way to a step's mean return")
  func movingAverage() throws {
    let model = blobModel { $0.objective.baseline = MovingAverage() }
    let pool = try WorkerPool(threads: 1)
    defer { pool.close() }
    let settings = TrainingSettings(epochs: 1, examplesPerEpoch: 200, batchSize: 20)
    let trainer = Trainer(model, on: Blobs(), settings: settings, seed: 1, pool: pool)
    var expected = 0.0
    for _ in 0..<5 {
      let metrics = try trainer.trainStep().metrics
      expected += 0.01 * (100 - metrics.errorPercent - 100 * expected) / 100
      #expect(abs(Double(model.state[0]) - expected) < 1e-6)
    }
    #expect(expected > 0.002)
  }
}
