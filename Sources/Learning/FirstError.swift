/// The first error of several threads.
final class FirstError {
  private let first = Locked<(any Error)?>(nil)

  func catching(_ work: () throws -> Void) {
    do {
      try work()
    } catch {
      first.withLock { if $0 == nil { $0 = error } }
    }
  }

  /// Throws it, once.
  func throwIfAny() throws {
    let error = first.withLock { error in
      defer { error = nil }
      return error
    }
    if let error { throw error }
  }
}
