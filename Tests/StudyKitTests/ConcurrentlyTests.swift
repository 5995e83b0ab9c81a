import Testing

@testable import StudyKit

@Suite("Work by several threads")
struct ConcurrentlyTests {
  @Test("results stand in the order of their numbers, with any number of threads", arguments: [0, 1, 2, 7])
  func order(threads: Int) throws {
    #expect(try concurrently(50, threads: threads) { $0 * $0 } == (0..<50).map { $0 * $0 })
    #expect(try concurrently(0, threads: threads) { $0 }.isEmpty)
  }

  @Test("of several errors, the one of the lowest number is thrown")
  func errors() {
    struct Wrong: Error, Equatable { let number: Int }
    #expect(throws: Wrong(number: 3)) {
      try concurrently(20, threads: 4) { if $0 % 3 == 0 && $0 > 0 { throw Wrong(number: $0) } }
    }
  }
}
