import Foundation
import Learning

/// Runs waiting for one of a few threads, in the order given.
final class RunQueue: Sendable {
  private let waiting: Locked<ArraySlice<Run>>
  private let errors = Locked<[any Error]>([])

  init(_ runs: [Run]) { waiting = Locked(runs[...]) }

  /// An error that the user must correct takes precedence over the interruptions that follow from it.
  var firstError: (any Error)? { errors.withLock { $0.first { !($0 is Interruption) } ?? $0.first } }
  var isStopping: Bool { StopSignal.isSet || errors.withLock { !$0.isEmpty } }

  /// Works through the queue with so many threads; returns when all have ended. The first error stops the others.
  func work(jobs: Int, _ execute: @escaping @Sendable (Run) throws -> Void) {
    let group = DispatchGroup()
    for _ in 0..<jobs {
      group.enter()
      let thread = Thread { [self] in
        while let run = waiting.withLock({ $0.popFirst() }) {
          do {
            if isStopping { throw Interruption() }
            try execute(run)
          } catch {
            errors.withLock { $0.append(error) }
          }
        }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
  }
}
