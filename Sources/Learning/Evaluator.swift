import Foundation
import Numerics
import Synchronization

/// Evaluates a learner on validation or test examples, with shards divided among threads.
public final class Evaluator: ParallelWork {
  /// Ours: a number of rows that oneDNN's kernel processes without a remainder; with 50, a row took 6 % longer.
  package static let shardSize = 40

  private let learner: any Learner
  private let pool: WorkerPool
  private let replicas: [any Replica]
  private let sums: [Matrix]  // averaged scores, one per thread
  private let arena = Arena()
  private let next = Atomic<Int>(0)
  private let failure = FirstError()
  private var job = Job()
  private var results = UnsafeMutableBufferPointer<ShardResult>(start: nil, count: 0)

  private struct Job {
    var split = Split.validation
    var examples = 0
    var seed: UInt64 = 0
    var rollouts = 0
    var progress = Progress(fraction: 1, epoch: 0)
    var afterShard: (@Sendable (_ rollouts: Int) throws -> Void)?
  }

  private struct ShardResult {
    var errors = 0
    var sampledErrors = 0
    var averagedErrors = 0
    var loss = 0.0
  }

  public init(_ learner: any Learner, on world: any World, pool: WorkerPool) {
    self.learner = learner
    self.pool = pool
    replicas = (0..<pool.threads).map { _ in learner.makeReplica(on: world, examples: Self.shardSize) }
    let arena = arena
    sums = replicas.map { replica in
      let columns = replica.scores.columns
      return Matrix(arena.take(count: Self.shardSize * columns), rows: Self.shardSize, columns: columns)
    }
  }

  /// - Parameters:
  ///   - examples: how many of the split, from the first; beyond its size, new examples are made of the same material.
  ///   - rollouts: how many sampled rollouts are averaged; with 0, only the policies' means are used.
  ///   - progress: the moment of the training that decides the deviation of sampled rollouts.
  ///   - afterShard: called by any thread after this many rollouts of a few examples each; throws to stop that thread.
  public func evaluate(
    _ split: Split, examples: Int, seed: UInt64, rollouts: Int, progress: Progress,
    afterShard: (@Sendable (_ rollouts: Int) throws -> Void)? = nil
  ) throws -> Evaluation {
    let isSampled = rollouts > 0 && learner.isStochastic
    job = Job(
      split: split, examples: examples, seed: seed,
      rollouts: isSampled ? (learner.canAverageRollouts ? rollouts : 1) : 0, progress: progress,
      afterShard: afterShard)
    results = .allocate(capacity: (examples + Self.shardSize - 1) / Self.shardSize)
    results.initialize(repeating: ShardResult())
    defer { results.deallocate() }
    next.store(0, ordering: .relaxed)
    pool.run(self)
    try failure.throwIfAny()
    let sum = results.reduce(into: ShardResult()) { sum, result in
      sum.errors += result.errors
      sum.sampledErrors += result.sampledErrors
      sum.averagedErrors += result.averagedErrors
      sum.loss += result.loss
    }
    func percent(_ errors: Int) -> Double { 100 * Double(errors) / Double(max(examples, 1)) }
    return Evaluation(
      examples: examples, loss: sum.loss / Double(max(examples, 1)), errorPercent: percent(sum.errors),
      sampledErrorPercent: isSampled ? percent(sum.sampledErrors) : nil,
      averagedErrorPercent: isSampled ? percent(sum.averagedErrors) : nil)
  }

  public func perform(worker: Int, of workers: Int) {
    var isFine = true
    while isFine {
      let shard = next.add(1, ordering: .relaxed).oldValue
      guard shard < results.count else { return }
      isFine = false
      failure.catching {
        results[shard] = try evaluate(shard: shard, with: replicas[worker], sums: sums[worker])
        try job.afterShard?(1 + job.rollouts)
        isFine = true
      }
    }
  }

  private func evaluate(shard: Int, with replica: any Replica, sums: Matrix) throws -> ShardResult {
    let first = shard * Self.shardSize
    let count = min(Self.shardSize, job.examples - first)
    var rollout = Rollout(
      job.split, firstExample: first, count: count, seed: job.seed, progress: job.progress)
    var result = ShardResult()
    result.loss = Double(try replica.evaluate(rollout))
    result.errors = errors(replica, count, replica.scores)
    guard job.rollouts > 0 else { return result }
    for row in 0..<count { sums.row(row).update(repeating: 0, count: sums.columns) }
    rollout.isSampled = true
    for index in 1...job.rollouts {
      rollout.index = index
      _ = try replica.evaluate(rollout)
      let scores = replica.scores
      if index == 1 { result.sampledErrors = errors(replica, count, scores) }
      for row in 0..<count {
        let (sum, scores) = (sums.row(row), scores.row(row))
        for j in 0..<sums.columns { sum[j] += scores[j] }
      }
    }
    result.averagedErrors = errors(replica, count, sums)
    return result
  }

  private func errors(_ replica: any Replica, _ count: Int, _ scores: Matrix) -> Int {
    (0..<count).count { !replica.isRight($0, scores: scores.row($0)) }
  }
}
