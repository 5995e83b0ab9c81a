import Dispatch
import Learning
import Numerics

/// The results of `work` for 0..<count, in this order, computed by several threads.
///
/// - Throws: the first error of `work` in this order, or `FileError` when the system allows fewer threads.
public func concurrently<Value: Sendable>(
  _ count: Int, threads: Int, _ work: @escaping @Sendable (Int) throws -> Value
) throws -> [Value] {
  let waiting = Locked(0..<count)
  let results = Locked([Int: Result<Value, any Error>]())
  let group = DispatchGroup()
  // None begins before all have started, so a refusal is told at once.
  try waiting.withLock { indices in
    for thread in 0..<min(max(threads, 1), count) {
      group.enter()
      do {
        try startThread("thread \(thread + 1)") {
          prepareThreadForArithmetic()
          while let index = waiting.withLock({ $0.popFirst() }) {
            let result = Result { try work(index) }
            results.withLock { $0[index] = result }
          }
          group.leave()
        }
      } catch {
        group.leave()
        indices = 0..<0
        throw error
      }
    }
  }
  group.wait()
  return try results.withLock { results in try (0..<count).compactMap { try results[$0]?.get() } }
}
