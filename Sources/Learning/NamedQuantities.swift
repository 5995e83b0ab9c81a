/// A number that a learner adds up while it trains: a column of `curves.csv`, as the mean over examples.
public struct Metric: Sendable {
  /// The column's name, in snake_case.
  public let name: String
  /// In one sentence: what it is, and its unit.
  public let about: String

  public init(_ name: String, _ about: String) {
    self.name = name
    self.about = about
  }

  public static let crossEntropy = Metric("cross_entropy", "Cross entropy of the answer, in nats.")
}

/// A number that changes while a learner trains: a column of `curves.csv`, as it is at an epoch's last step.
public struct NamedSchedule: Sendable {
  /// The column's name, in snake_case.
  public let name: String
  /// In one sentence: what it is, and its unit.
  public let about: String
  public let schedule: Schedule

  public init(_ name: String, _ about: String, _ schedule: Schedule) {
    self.name = name
    self.about = about
    self.schedule = schedule
  }
}
