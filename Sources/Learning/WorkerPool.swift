import Foundation
import Numerics
import Synchronization

/// Work that several threads do together.
///
/// It need not be `Sendable`: `perform` is what several threads run at once, and a phase of work ends on all of them
/// before the next begins.
public protocol ParallelWork: AnyObject {
  /// Does the part of the work that belongs to one of `workers` threads.
  func perform(worker: Int, of workers: Int)
}

/// A few threads that wait for work. The caller is the first of them, and there is one caller at a time.
///
/// A training step takes milliseconds, some a tenth of one, and has several phases, so a thread that runs out of work
/// spins for a moment before it sleeps. A pool of one starts no threads, so runs that train side by side never wait.
public final class WorkerPool: @unchecked Sendable {
  public let threads: Int
  private let generation = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let condition = NSCondition()
  private var work: (any ParallelWork)?
  private var isClosed = false
  /// Ours: a waiting thread spins for `keptTurns` turns, some microseconds. From then on it yields its core at every
  /// turn, and after `mostTurns` turns, some tens of microseconds, a worker sleeps.
  private static let (keptTurns, mostTurns) = (100, 200)

  /// - Throws: `FileError` when the system allows no more threads.
  public convenience init(threads: Int) throws {
    try self.init(threads: threads) { try startThread($0, $1) }
  }

  /// - Parameter start: starts a thread of that name, or in a test refuses to.
  init(
    threads: Int, start: (String, @escaping @Sendable () -> Void) throws -> Void
  ) throws {
    require(threads > 0, "a pool has at least one thread, not \(threads)")
    self.threads = threads
    do {
      for worker in 1..<max(threads, 1) { try start("worker \(worker)") { [self] in serve(worker) } }
    } catch {
      close()
      throw error
    }
  }

  /// Ends the threads, after which no work can be run. Without it, they stay.
  public func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
    generation.add(1, ordering: .releasing)
  }

  /// Makes all threads do their parts, and returns when the last one is done.
  public func run(_ work: any ParallelWork) {
    prepareThreadForArithmetic()
    guard threads > 1 else { return work.perform(worker: 0, of: 1) }
    self.work = work
    unfinished.store(threads - 1, ordering: .relaxed)
    condition.lock()
    require(!isClosed, "work for a pool that was closed")
    generation.add(1, ordering: .releasing)
    condition.broadcast()
    condition.unlock()
    work.perform(worker: 0, of: threads)
    var turn = 0
    while unfinished.load(ordering: .acquiring) > 0 { Self.wait(&turn) }
    self.work = nil
  }

  private func serve(_ worker: Int) {
    prepareThreadForArithmetic()
    var seen = 0
    while true {
      var turn = 0
      while generation.load(ordering: .acquiring) == seen && turn < Self.mostTurns { Self.wait(&turn) }
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

  private static func wait(_ turn: inout Int) {
    if turn < keptTurns { pauseWaiting() } else { sched_yield() }
    turn += 1
  }
}
