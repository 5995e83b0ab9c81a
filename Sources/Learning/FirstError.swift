import Foundation

/// The first error of several threads.
///
/// Uses an `NSLock` instead of a `Mutex`: ThreadSanitizer does not see a `Mutex`, which is a futex, and would report
/// every access.
final class FirstError {
  private let lock = NSLock()
  private var error: (any Error)?

  func catching(_ work: () throws -> Void) {
    do {
      try work()
    } catch {
      lock.withLock { if self.error == nil { self.error = error } }
    }
  }

  /// Throws it, once.
  func throwIfAny() throws {
    let first = lock.withLock {
      defer { error = nil }
      return error
    }
    if let first { throw first }
  }
}
