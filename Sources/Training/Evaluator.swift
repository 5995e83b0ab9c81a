import NumericCore
import Synchronization
import VisualTasks

/// Errors of a learner on one split, %. The columns of a table: locations at the mean, one sampled rollout,
/// and the average of several.
public struct Evaluation: Sendable, Codable, Equatable {
  public var scenes: Int
  public var crossEntropy: Double
  /// One rollout, looking at the mean of the location policy: the headline.
  public var errorPercent: Double
  /// One rollout, looking at samples; nil where nothing is sampled.
  public var sampledErrorPercent: Double?
  /// Class probabilities averaged over the sampled rollouts: an extra, never the headline.
  public var averagedErrorPercent: Double?
}

/// Evaluates a learner on validation or test scenes, shards over threads.
public final class Evaluator: ParallelWork, @unchecked Sendable {
  /// Ours: rows that oneDNN's kernel takes without a remainder; 50 took 6 % longer each.
  private static let shardSize = 40

  private let learner: any Learner
  private let task: any SceneTask
  private let pool: WorkerPool
  private let workers: [any LearnerWorker]
  private let sums: [UnsafeMutablePointer<Float>]  // averaged probabilities, one per thread
  private let next = Atomic<Int>(0)
  private var job = Job()
  private var results: [ShardResult] = []

  private struct Job {
    var split = Split.validation
    var scenes = 0
    var seed: UInt64 = 0
    var rollouts = 0
    var standardDeviation: Float = 0
  }

  private struct ShardResult {
    var errors = 0
    var sampledErrors = 0
    var averagedErrors = 0
    var crossEntropy = 0.0
  }

  public init(_ learner: any Learner, on task: any SceneTask, pool: WorkerPool) {
    self.learner = learner
    self.task = task
    self.pool = pool
    workers = (0..<pool.threads).map { _ in learner.makeWorker(images: Self.shardSize, side: task.side) }
    for worker in workers {
      precondition(
        worker.probabilities.columns == task.classCount,
        "a learner of \(worker.probabilities.columns) classes cannot be evaluated on a task of \(task.classCount)"
      )
    }
    sums = (0..<pool.threads).map { _ in .allocate(capacity: Self.shardSize * task.classCount) }
  }

  deinit { sums.forEach { $0.deallocate() } }

  /// - Parameters:
  ///   - scenes: how many scenes of the split, from its first; more than it has digits places them again.
  ///   - rollouts: how many sampled rollouts are averaged; 0 looks at the mean only.
  ///   - standardDeviation: σ of the sampled rollouts.
  public func evaluate(
    _ split: Split, scenes: Int, seed: UInt64, rollouts: Int, standardDeviation: Float
  ) -> Evaluation {
    let isSampled = rollouts > 0 && learner.isStochastic
    job = Job(
      split: split, scenes: scenes, seed: seed, rollouts: isSampled ? rollouts : 0,
      standardDeviation: standardDeviation)
    results = Array(repeating: ShardResult(), count: (scenes + Self.shardSize - 1) / Self.shardSize)
    next.store(0, ordering: .relaxed)
    results.withUnsafeMutableBufferPointer { buffer in
      shardResults = buffer
      pool.run(self)
    }
    var sum = ShardResult()
    for result in results {
      sum.errors += result.errors
      sum.sampledErrors += result.sampledErrors
      sum.averagedErrors += result.averagedErrors
      sum.crossEntropy += result.crossEntropy
    }
    func percent(_ errors: Int) -> Double { 100 * Double(errors) / Double(max(scenes, 1)) }
    return Evaluation(
      scenes: scenes, crossEntropy: sum.crossEntropy / Double(max(scenes, 1)),
      errorPercent: percent(sum.errors),
      sampledErrorPercent: isSampled ? percent(sum.sampledErrors) : nil,
      averagedErrorPercent: isSampled ? percent(sum.averagedErrors) : nil)
  }

  private var shardResults = UnsafeMutableBufferPointer<ShardResult>(start: nil, count: 0)

  public func perform(worker: Int, of workers: Int) {
    while true {
      let shard = next.add(1, ordering: .relaxed).oldValue
      guard shard < shardResults.count else { return }
      shardResults[shard] = evaluate(shard: shard, with: self.workers[worker], sums: sums[worker])
    }
  }

  private func evaluate(
    shard: Int, with worker: any LearnerWorker, sums: UnsafeMutablePointer<Float>
  ) -> ShardResult {
    let first = shard * Self.shardSize
    let batch = worker.batch
    batch.count = min(Self.shardSize, job.scenes - first)
    for i in 0..<batch.count {
      batch.labels[i] = task.draw(job.split, index: first + i, seed: job.seed, into: batch.image(i))
    }
    var result = ShardResult()
    var rollout = Rollout(seed: job.seed, firstExample: first, standardDeviation: nil)
    rollout.exampleSet = Int(job.split.rawValue)
    result.crossEntropy = Double(worker.evaluate(rollout))
    let classes = worker.probabilities.columns
    result.errors = errors(batch) { worker.probabilities.row($0) }
    guard job.rollouts > 0 else { return result }
    sums.update(repeating: 0, count: batch.count * classes)
    for index in 0..<job.rollouts {
      rollout.index = index + 1
      rollout.standardDeviation = job.standardDeviation
      _ = worker.evaluate(rollout)
      if index == 0 { result.sampledErrors = errors(batch) { worker.probabilities.row($0) } }
      for i in 0..<batch.count {
        let (sum, p) = (sums + i * classes, worker.probabilities.row(i))
        for j in 0..<classes { sum[j] += p[j] }
      }
    }
    result.averagedErrors = errors(batch) { sums + $0 * classes }
    return result
  }

  private func errors(_ batch: ImageBatch, _ scores: (Int) -> UnsafeMutablePointer<Float>) -> Int {
    var errors = 0
    for i in 0..<batch.count {
      let score = scores(i)
      var best = 0
      for j in 1..<task.classCount where score[j] > score[best] { best = j }
      if best != Int(batch.labels[i]) { errors += 1 }
    }
    return errors
  }
}
