import Foundation
import Numerics

/// The results of `work` for 0..<count, in this order, computed by several threads.
public func concurrently<Result: Sendable>(
  _ count: Int, threads: Int, _ work: @escaping @Sendable (Int) -> Result
) -> [Result] {
  let state = Locked((next: 0, results: [Int: Result]()))
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    prepareThreadForArithmetic()
    while true {
      let index = state.withLock { state in
        defer { state.next += 1 }
        return state.next
      }
      guard index < count else { return }
      let result = work(index)
      state.withLock { $0.results[index] = result }
    }
  }
  return state.withLock { state in (0..<count).compactMap { state.results[$0] } }
}
