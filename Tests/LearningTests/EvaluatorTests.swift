import NumericCore
import RecurrentAttention
import Testing
import VisualTasks

@testable import Training

@Suite("Evaluator")
struct EvaluatorTests {
  /// An untrained model of larger weights than usual, so that where it looks decides what it says.
  private func largeModel(_ change: (inout AttentionSettings) -> Void = { _ in }) -> RecurrentAttentionModel {
    let model = blobModel(change)
    for i in 0..<model.parameters.length { model.parameters.flat[i] *= 3 }
    model.parameters.refreshCopies()
    return model
  }

  private func evaluate(
    threads: Int, scenes: Int = 230, rollouts: Int = 3, seed: UInt64 = 1,
    _ change: (inout AttentionSettings) -> Void = { _ in }
  ) -> Evaluation {
    let pool = WorkerPool(threads: threads)
    defer { pool.close() }
    return Evaluator(largeModel(change), on: BlobTask(), pool: pool)
      .evaluate(.test, scenes: scenes, seed: seed, rollouts: rollouts, standardDeviation: 0.5)
  }

  @Test("one and three threads count the same errors")
  func threads() {
    let one = evaluate(threads: 1)
    #expect(evaluate(threads: 3) == one)
    #expect(one.scenes == 230 && one.errorPercent > 10 && one.errorPercent < 100)
    #expect(one.sampledErrorPercent != nil && one.averagedErrorPercent != nil)
  }

  @Test("the headline does not hang on the seed, nor on rollouts; the sampled columns hang on the seed")
  func headline() {
    let one = evaluate(threads: 1)
    let (seeded, unsampled) = (evaluate(threads: 1, seed: 2), evaluate(threads: 1, rollouts: 0))
    #expect(seeded.errorPercent == one.errorPercent && seeded.crossEntropy == one.crossEntropy)
    #expect(unsampled.errorPercent == one.errorPercent && unsampled.crossEntropy == one.crossEntropy)
    #expect(unsampled.sampledErrorPercent == nil && unsampled.averagedErrorPercent == nil)
    let sampled = (1...5).map { evaluate(threads: 1, seed: UInt64($0)).sampledErrorPercent }
    #expect(Set(sampled).count > 1)
  }

  @Test("averaging one rollout is that rollout")
  func oneRollout() {
    let one = evaluate(threads: 1, rollouts: 1)
    #expect(one.sampledErrorPercent == one.averagedErrorPercent)
    #expect(one.sampledErrorPercent == evaluate(threads: 1, rollouts: 3).sampledErrorPercent)
  }

  @Test("a learner that samples nothing has no sampled columns")
  func deterministic() {
    let center = evaluate(threads: 1) { $0.policy = .center }
    #expect(center.sampledErrorPercent == nil && center.averagedErrorPercent == nil)
    let single = evaluate(threads: 1) { $0.glimpses = 1 }
    #expect(single.sampledErrorPercent == nil)
  }

  @Test(
    "errors and cross entropy are those of the scenes one by one, full shards or not",
    arguments: [1, 49, 50, 51, 130])
  func scenes(count: Int) {
    // By hand, one image at a time.
    let model = largeModel()
    let worker = model.makeWorker(images: 1, side: 12)
    var (errors, crossEntropy) = (0, 0.0)
    for index in 0..<count {
      let label = BlobTask().draw(.test, index: index, seed: 1, into: worker.batch.image(0))
      worker.batch.labels[0] = label
      worker.batch.count = 1
      crossEntropy += Double(worker.evaluate(Rollout(seed: 1, firstExample: index, standardDeviation: nil)))
      let p = (0..<4).map { worker.probabilities[0, $0] }
      if p.firstIndex(of: p.max() ?? 0) != Int(label) { errors += 1 }
    }
    let evaluation = evaluate(threads: 1, scenes: count)
    #expect(evaluation.errorPercent == 100 * Double(errors) / Double(count))
    #expect(abs(evaluation.crossEntropy - crossEntropy / Double(count)) < 1e-5)
  }
}
