// How far apart two cores are. A host moves a virtual machine's cores, and where they stop sharing a cache, two threads
// that work on one small network take up to three times as long.

import Foundation
import Learning
import Synchronization

/// Two threads that answer each other through one number in memory.
final class CoreDistance: ParallelWork {
  private let pool: WorkerPool
  private let turn = Atomic<Int>(0)
  private var handovers: [Double] = []
  private static let (trials, exchanges) = (25, 200)  // ours: half a millisecond on near cores

  init() throws { pool = try WorkerPool(threads: 2) }

  deinit { pool.close() }

  func measure() -> Handover {
    handovers = []
    for _ in 0..<Self.trials {
      turn.store(0, ordering: .relaxed)
      pool.run(self)
    }
    return Handover(nanosecondsPerHandover: handovers.median ?? .nan)
  }

  func perform(worker: Int, of workers: Int) {
    take(turn: worker)  // both have begun
    let start = ContinuousClock.now
    for exchange in 1...Self.exchanges { take(turn: 2 * exchange + worker) }
    if worker == 0 {
      handovers.append((ContinuousClock.now - start).seconds * 1e9 / Double(2 * Self.exchanges))
    }
  }

  private func take(turn mine: Int) {
    var looks = 0
    while turn.load(ordering: .acquiring) != mine {
      looks += 1
      if looks > 10_000 { sched_yield() }  // the other thread may have no core
    }
    turn.store(mine + 1, ordering: .releasing)
  }
}

/// Which times of a handover are long, judged by the shortest so far.
struct Nearness {
  private var least = Double.infinity

  mutating func isFar(_ handover: Handover) -> Bool {
    least = min(least, handover.nanosecondsPerHandover)
    // ours: near cores mostly took 37 to 68 ns, far ones 200 and more
    return handover.nanosecondsPerHandover > 2.5 * least
  }
}
