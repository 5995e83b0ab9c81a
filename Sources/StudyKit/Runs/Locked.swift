import Foundation

/// A value that one thread at a time can touch.
///
/// An `NSLock`, not a `Mutex`: of that one's lock, a futex, ThreadSanitizer sees nothing and reports every access.
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: sending Value) { self.value = value }

  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    try lock.withLock { try body(&value) }
  }
}
