import Foundation

/// A value that only one thread at a time can use.
///
/// Uses an `NSLock` instead of a `Mutex`: ThreadSanitizer does not see a `Mutex`, which is a futex, and would report
/// every access.
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: sending Value) { self.value = value }

  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    try lock.withLock { try body(&value) }
  }
}
