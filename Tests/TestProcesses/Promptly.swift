import Testing

/// For tests that start processes. All tests share a few threads; a test with this trait does not queue for them.
///
/// Until a test with `#expect(processExitsWith:)` has its thread again, the testing library asks for its ended process
/// without pause, which takes a core from all others. And a long series of tests should start first.
public struct PromptTrait: TestTrait, SuiteTrait, TestScoping {
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withoutActuallyEscaping(function) { function in
      try await Task(priority: .high) { try await function() }.value
    }
  }
}

extension Trait where Self == PromptTrait {
  /// As soon as it is ready, before other tests.
  public static var promptly: Self { Self() }
}
