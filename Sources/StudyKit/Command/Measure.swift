/// What a study's percentages are of.
public enum Measure: Sendable {
  /// Wrong answers: less is better.
  case error
  /// 100 minus the error: more is better.
  case caught

  /// In the names of columns.
  package var word: String { self == .error ? "error" : "caught" }
  /// What a percentage is, at the beginning of a sentence.
  package var subject: String { self == .error ? "Error" : "Share caught" }
  /// The measure that corresponds to an error in percent.
  public func percent(ofError error: Double) -> Double { self == .error ? error : 100 - error }
}
