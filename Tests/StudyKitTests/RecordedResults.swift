import Foundation
import Learning

@testable import StudyKit

/// A condition of the fake network with records of these test errors, %; nil for one that diverged.
func summary(
  _ name: String, paper: Double? = nil, _ errors: Double?..., world: FakeWorld = FakeWorld(),
  measure: Measure = .error
) throws -> ConditionSummary {
  let condition = try Condition(name, "model \(name)", on: world, paper: paper, FakeNetwork())
  let records = try errors.enumerated().map { index, error in
    try record(name, seed: UInt64(index + 1), error: error)
  }
  guard let summary = ConditionSummary(of: condition, records, measure) else {
    throw CellError(problem: "no records")
  }
  return summary
}

func record(_ condition: String, seed: UInt64, error: Double?, epochs: [String] = []) throws -> RunRecord {
  let training = Configuration("training").with("batch_size", 32)
  var record = RunRecord(
    condition: condition, seed: seed, configuration: Configuration("run").with("training", training),
    parameters: 421)
  record.curve = try epochs.map { try JSONDecoder().decode(EpochResult.self, from: Data($0.utf8)) }
  record.seconds = epochs.map { _ in 2 }
  record.test = try error.map { error in
    let json =
      #"{"examples": 400, "loss": 0.5, "errorPercent": \#(error), "sampledErrorPercent": \#(error + 1)}"#
    return try JSONDecoder().decode(Evaluation.self, from: Data(json.utf8))
  }
  if error == nil { record.failure = "diverged" }
  return record
}
