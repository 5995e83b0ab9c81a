import Foundation

/// Runs waiting for one of a few threads, in the order given.
final class RunQueue: Sendable {
  private struct State {
    var waiting: ArraySlice<Run>
    var finished: [(Run, RunRecord)] = []
    var errors: [any Error] = []
  }

  private let state: Locked<State>

  init(_ runs: [Run]) { state = Locked(State(waiting: runs[...])) }

  var finished: [(Run, RunRecord)] { state.withLock { $0.finished } }
  /// What a user has to mend comes before the interruptions that follow from it.
  var firstError: (any Error)? {
    state.withLock { $0.errors.first { !($0 is Interruption) } ?? $0.errors.first }
  }
  var hasFailed: Bool { state.withLock { !$0.errors.isEmpty } }

  /// Works off the queue with so many threads; returns when all have ended. The first error stops the others.
  func work(jobs: Int, _ execute: @escaping @Sendable (Run) throws -> RunRecord) {
    let group = DispatchGroup()
    for _ in 0..<jobs {
      group.enter()
      let thread = Thread { [self] in
        while let run = next() {
          do {
            let record = try execute(run)
            state.withLock { $0.finished.append((run, record)) }
          } catch {
            state.withLock { $0.errors.append(error) }
          }
        }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
  }

  private func next() -> Run? {
    state.withLock { state in
      guard state.errors.isEmpty && !StopSignal.isSet else {
        if StopSignal.isSet && state.errors.isEmpty && !state.waiting.isEmpty {
          state.errors.append(Interruption())
        }
        return nil
      }
      return state.waiting.popFirst()
    }
  }
}
