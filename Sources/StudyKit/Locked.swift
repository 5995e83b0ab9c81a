import Foundation

/// A value that one thread at a time can touch.
///
/// The standard library's `Mutex` would serve, but on Linux ThreadSanitizer does not see it lock, and reports
/// every access that it guards: it says something only of locks that are made of pthread's.
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: sending Value) { self.value = value }

  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    try lock.withLock { try body(&value) }
  }
}
