import Learning
import Testing

@testable import Autodiff
@testable import ReferenceNetworks

@Suite("Training of the reference networks")
struct TrainingTests {
  private static let examples = Examples(
    count: 3 * 150, side: Tiny.imageSide, classes: Tiny.classCount, seed: 3)

  /// The parameters after some steps.
  private func train(_ tiny: Tiny, threads: Int, batchSize: Int, steps: Int) throws -> (
    bits: [UInt32], norm: Float
  ) {
    let pool = try WorkerPool(threads: threads)
    defer { pool.close() }
    let learner = tiny.learner(seed: 2)
    let settings = TrainingSettings(epochs: 1, examplesPerEpoch: 10 * batchSize, batchSize: batchSize)
    let trainer = Trainer(learner, on: Self.examples, settings: settings, seed: 1, pool: pool)
    var norm: Float = 0
    for _ in 0..<steps { norm = try trainer.trainStep().gradientNorm }
    return ((0..<learner.parameters.length).map { learner.parameters.flat[$0].bitPattern }, norm)
  }

  @Test(
    "one, two and three threads leave the same bytes", arguments: Tiny.allCases, [20, 25, 64, 150])
  func threads(tiny: Tiny, batchSize: Int) throws {
    let one = try train(tiny, threads: 1, batchSize: batchSize, steps: 3)
    for threads in [2, 3] {
      #expect(try train(tiny, threads: threads, batchSize: batchSize, steps: 3).bits == one.bits)
    }
  }

  @Test("a step's gradient is that of its examples, whose shards share one product", arguments: Tiny.allCases)
  func norm(tiny: Tiny) throws {
    let learner = tiny.learner(seed: 2)
    let gradients = GradientBuffer(for: learner.parameters)
    gradients.reset()
    _ = try learner.train(Self.examples.some(0..<150), batchSize: 150, into: gradients)
    gradients.clearUntouched()
    let squares = learner.parameters.tensors.reduce(0.0) { sum, tensor in
      numbers(gradients[tensor]).reduce(sum) { $0 + Double($1) * Double($1) }
    }
    let step = try train(tiny, threads: 2, batchSize: 150, steps: 1)
    #expect(abs(Double(step.norm) / squares.squareRoot() - 1) < 1e-5)
  }
}
