import Learning

/// Runs that are executed by a few threads, in the order given.
final class RunQueue: Sendable {
  private let runs: [Run]
  private let errors = Locked<[any Error]>([])

  init(_ runs: [Run]) { self.runs = runs }

  /// An error that the user must correct takes precedence over the interruptions that follow from it.
  var firstError: (any Error)? { errors.withLock { $0.first { !($0 is Interruption) } ?? $0.first } }
  var isStopping: Bool { StopSignal.isSet || errors.withLock { !$0.isEmpty } }

  /// Executes all of them on this many threads; returns when all have ended. The first error stops the others.
  func work(jobs: Int, _ execute: @escaping @Sendable (Run) throws -> Void) {
    do {
      _ = try concurrently(runs.count, threads: jobs) { [self] index in
        do {
          if isStopping { throw Interruption() }
          try execute(runs[index])
        } catch {
          errors.withLock { $0.append(error) }
        }
      }
    } catch {
      errors.withLock { $0.append(error) }  // too few threads
    }
  }
}
