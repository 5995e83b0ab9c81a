/// What is wrong with a data file or a request for scenes: one sentence that says where, what was expected,
/// what was found instead, and what to do.
public struct DataError: Error, CustomStringConvertible, Sendable {
  /// The file, or the task, that cannot be used.
  public let subject: String
  public let expected: String
  public let found: String
  public let cure: String

  public init(_ subject: String, expected: String, found: String, cure: String) {
    self.subject = subject
    self.expected = expected
    self.found = found
    self.cure = cure
  }

  public var description: String {
    "\(subject): expected \(expected), found \(found); \(cure)."
  }
}
