import Foundation
import Numerics
import Synchronization

/// Work that several threads do together.
///
/// It need not be `Sendable`: `perform` is what several threads run at once, and a phase of work ends on all of them
/// before the next begins.
public protocol ParallelWork: AnyObject {
  /// Does the part of the work that falls to one of `workers` threads.
  func perform(worker: Int, of workers: Int)
}

/// A few threads that wait for work; the caller is the first of them.
///
/// A training step takes milliseconds and has three phases, so a thread that runs out of work spins for a
/// moment before it sleeps. One thread means no threads: runs that are one of several side by side have no
/// waiting at all.
public final class WorkerPool: @unchecked Sendable {
  public let threads: Int
  private let generation = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let condition = NSCondition()
  private var work: (any ParallelWork)?
  private var isClosed = false
  private static let spins = 20_000  // about 50 microseconds

  public init(threads: Int) {
    precondition(threads > 0, "a pool has at least one thread, not \(threads)")
    self.threads = threads
    for worker in 1..<max(threads, 1) {
      let thread = Thread { [self] in serve(worker) }
      thread.stackSize = 8 << 20
      thread.name = "worker \(worker)"
      thread.start()
    }
  }

  /// Ends the threads. A pool that is not closed keeps them.
  public func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
    generation.add(1, ordering: .releasing)
  }

  /// Has all threads do their parts, and returns when the last is done.
  public func run(_ work: any ParallelWork) {
    prepareThreadForArithmetic()
    guard threads > 1 else { return work.perform(worker: 0, of: 1) }
    self.work = work
    unfinished.store(threads - 1, ordering: .relaxed)
    condition.lock()
    generation.add(1, ordering: .releasing)
    condition.broadcast()
    condition.unlock()
    work.perform(worker: 0, of: threads)
    var spins = 0
    while unfinished.load(ordering: .acquiring) > 0 {
      spins += 1
      if spins > Self.spins { sched_yield() }
    }
    self.work = nil
  }

  private func serve(_ worker: Int) {
    prepareThreadForArithmetic()
    var seen = 0
    while true {
      var spins = 0
      while generation.load(ordering: .acquiring) == seen && spins < Self.spins { spins += 1 }
      if generation.load(ordering: .acquiring) == seen {
        condition.lock()
        while generation.load(ordering: .acquiring) == seen && !isClosed { condition.wait() }
        condition.unlock()
      }
      if isClosed { return }
      seen = generation.load(ordering: .acquiring)
      work?.perform(worker: worker, of: threads)
      unfinished.subtract(1, ordering: .releasing)
    }
  }
}
