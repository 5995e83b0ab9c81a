import Numerics
import RecurrentAttention
import Testing

@testable import Learning

@Suite("Evaluator")
struct EvaluatorTests {
  /// An untrained model of larger weights than usual, so that where it looks decides what it says.
  private func largeModel(_ change: (inout BlobModel) -> Void = { _ in }) -> RecurrentAttentionModel {
    let model = blobModel {
      $0.gaze = GaussianGaze(deviation: .constant(0.5))
      change(&$0)
    }
    for i in 0..<model.parameters.length { model.parameters.flat[i] *= 3 }
    model.parameters.refreshCopies()
    return model
  }

  private func evaluate(
    threads: Int, examples: Int = 230, rollouts: Int = 3, seed: UInt64 = 1,
    _ change: (inout BlobModel) -> Void = { _ in }
  ) throws -> Evaluation {
    let pool = try WorkerPool(threads: threads)
    defer { pool.close() }
    return try Evaluator(largeModel(change), on: Blobs(), pool: pool).evaluate(
      .test, examples: examples, seed: seed, rollouts: rollouts, progress: Progress(fraction: 1, epoch: 0))
  }

  @Test("one and three threads count the same errors")
  func threads() throws {
    let one = try evaluate(threads: 1)
    #expect(try evaluate(threads: 3) == one)
    #expect(one.examples == 230 && one.errorPercent > 10 && one.errorPercent < 100)
    #expect(one.sampledErrorPercent != nil && one.averagedErrorPercent != nil)
  }

  @Test("the headline depends neither on the seed nor on rollouts; the sampled columns depend on the seed")
  func headline() throws {
    let one = try evaluate(threads: 1)
    let (seeded, unsampled) = (try evaluate(threads: 1, seed: 2), try evaluate(threads: 1, rollouts: 0))
    #expect(seeded.errorPercent == one.errorPercent && seeded.loss == one.loss)
    #expect(unsampled.errorPercent == one.errorPercent && unsampled.loss == one.loss)
    #expect(unsampled.sampledErrorPercent == nil && unsampled.averagedErrorPercent == nil)
    let sampled = try (1...5).map { try evaluate(threads: 1, seed: UInt64($0)).sampledErrorPercent }
    #expect(Set(sampled).count > 1)
  }

  @Test("averaging one rollout is that rollout")
  func oneRollout() throws {
    let one = try evaluate(threads: 1, rollouts: 1)
    #expect(one.sampledErrorPercent == one.averagedErrorPercent)
    #expect(try one.sampledErrorPercent == evaluate(threads: 1, rollouts: 3).sampledErrorPercent)
  }

  @Test("a learner that samples nothing has no sampled columns")
  func deterministic() throws {
    let center = try evaluate(threads: 1) { $0.gaze = CenterGaze() }
    #expect(center.sampledErrorPercent == nil && center.averagedErrorPercent == nil)
    let single = try evaluate(threads: 1) { $0.glimpses = 1 }
    #expect(single.sampledErrorPercent == nil)
  }

  @Test(
    "errors and cross entropy are those of the examples one by one, full shards or not",
    arguments: [1, 39, 40, 41, 130])
  func oneByOne(count: Int) throws {
    let replica = largeModel().makeReplica(on: Blobs(), examples: 1)
    var (errors, crossEntropy) = (0, 0.0)
    for index in 0..<count {
      crossEntropy += Double(try replica.evaluate(Rollout(.test, firstExample: index, count: 1, seed: 1)))
      let p = (0..<4).map { replica.scores[0, $0] }
      var pixels = [UInt8](repeating: 0, count: 144)
      var span = pixels.mutableSpan
      let label = Blobs().draw(.test, index: index, seed: 1, into: &span)
      if p.firstIndex(of: p.max() ?? 0) != Int(label) { errors += 1 }
    }
    let evaluation = try evaluate(threads: 1, examples: count)
    #expect(evaluation.errorPercent == 100 * Double(errors) / Double(count))
    #expect(abs(evaluation.loss - crossEntropy / Double(count)) < 1e-5)
  }
}
