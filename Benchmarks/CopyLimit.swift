// The machine's second limit: how fast memory is copied, which is what the update of a large network does.

import Learning
import Numerics

/// Copies memory that no cache holds, by every thread of a pool at once, each its own.
final class CopyLimit: ParallelWork {
  private let pool: WorkerPool
  private let arena = Arena()
  private let copies: [(source: UnsafeMutablePointer<Float>, destination: UnsafeMutablePointer<Float>)]
  private let rates: UnsafeMutablePointer<Double>  // one per thread
  private var seconds = 0.0
  private static let count = 1 << 24  // 64 MiB

  init(threads: Int) throws {
    pool = try WorkerPool(threads: threads)
    let arena = arena
    copies = (0..<threads).map { _ in (arena.take(count: Self.count), arena.take(count: Self.count)) }
    rates = arena.take(count: threads)
  }

  deinit { pool.close() }

  func measure(seconds: Double) -> CopyRate {
    self.seconds = seconds
    pool.run(self)
    return CopyRate(gigabytesPerSecond: (0..<pool.threads).reduce(0) { $0 + rates[$1] })
  }

  func perform(worker: Int, of workers: Int) {
    let (source, destination) = copies[worker]
    let burst = Burst(seconds: seconds, images: 1) { destination.update(from: source, count: Self.count) }
    rates[worker] = 2 * 4 * Double(Self.count) / (burst.medianMs * 1e6)
  }
}
