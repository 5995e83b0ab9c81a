import Foundation
import Learning
import Numerics

/// The results of `work` for 0..<count, in this order, computed by several threads.
public func concurrently<Value: Sendable>(
  _ count: Int, threads: Int, _ work: @escaping @Sendable (Int) throws -> Value
) throws -> [Value] {
  let waiting = Locked((0..<count)[...])
  let results = Locked([Int: Result<Value, any Error>]())
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    prepareThreadForArithmetic()
    while let index = waiting.withLock({ $0.popFirst() }) {
      let result = Result { try work(index) }
      results.withLock { $0[index] = result }
    }
  }
  return try results.withLock { results in try (0..<count).compactMap { try results[$0]?.get() } }
}
