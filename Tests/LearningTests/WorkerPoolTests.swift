import Foundation
import Synchronization
import TestProcesses
import Testing

@testable import Learning

@Suite("WorkerPool")
struct WorkerPoolTests {
  /// Counts how often every worker was called, each in memory of its own.
  private final class Counter: ParallelWork {
    let calls: UnsafeMutablePointer<Int>
    let threads: Int
    let wrong = Atomic<Int>(0)

    init(threads: Int) {
      self.threads = threads
      calls = .allocate(capacity: threads * 16)
      calls.initialize(repeating: 0, count: threads * 16)
    }

    deinit { calls.deallocate() }

    func perform(worker: Int, of workers: Int) {
      if workers != threads || worker < 0 || worker >= threads { wrong.add(1, ordering: .relaxed) }
      calls[worker * 16] += 1
    }
  }

  @Test("every worker runs exactly once per run, 10,000 times", arguments: [1, 2, 3])
  func once(threads: Int) throws {
    let pool = try WorkerPool(threads: threads)
    defer { pool.close() }
    let counter = Counter(threads: threads)
    var isExact = true
    for run in 1...10_000 {
      pool.run(counter)
      // What the others wrote is seen as soon as `run` is back.
      for worker in 0..<threads where counter.calls[worker * 16] != run { isExact = false }
    }
    #expect(isExact && counter.wrong.load(ordering: .relaxed) == 0)
  }

  /// Halves the smallest normal number on every thread.
  private final class Halving: ParallelWork {
    let results: UnsafeMutablePointer<Float>
    var smallest = Float.leastNormalMagnitude
    init(threads: Int) {
      results = .allocate(capacity: threads)
      results.initialize(repeating: 1, count: threads)
    }
    deinit { results.deallocate() }
    func perform(worker: Int, of workers: Int) { results[worker] = smallest * 0.5 }
  }

  @Test(
    "every thread flushes denormal numbers to zero, or digits would depend on who computes them", .promptly)
  func denormals() async {
    // In a new process, because a thread begins with the setting of the one that started it.
    await #expect(processExitsWith: .success) {
      let work = Halving(threads: 3)
      try WorkerPool(threads: 3).run(work)
      // By its bits: such a thread also reads denormal numbers as zero.
      exit((0..<3).allSatisfy { work.results[$0].bitPattern == 0 } ? 0 : 1)
    }
  }

  @Test("a pool that fell asleep wakes up again")
  func sleep() async throws {
    let pool = try WorkerPool(threads: 2)
    defer { pool.close() }
    let counter = Counter(threads: 2)
    for run in 1...3 {
      pool.run(counter)
      #expect(counter.calls[16] == run)
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test("a pool that gets fewer threads than it needs ends those that it got, and says so")
  func refused() throws {
    let ended = DispatchSemaphore(value: 0)
    var started = 0
    let error = #expect(throws: FileError.self) {
      _ = try WorkerPool(threads: 4) { name, body in
        // No machine has an address space for this stack.
        try startThread(name, stackSize: started == 2 ? 1 << 60 : 1 << 20) {
          body()
          ended.signal()
        }
        started += 1
      }
    }
    #expect(
      error?.description == "worker 3: this thread could not be started: Resource temporarily unavailable; "
        + "allow more processes (ulimit -u, or the container's limit) or use fewer threads.")
    for _ in 0..<2 { #expect(ended.wait(timeout: .now() + 10) == .success) }
  }
}
