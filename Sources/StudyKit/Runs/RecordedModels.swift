import Foundation
import Learning

/// What a study makes tables of: its records, and the models that were trained.
extension Study {
  /// The seed of the runs whose models are shown in tables and figures.
  public static let shownSeed: UInt64 = 1

  /// All recorded runs of a condition, in the order of seeds, whatever this command trains.
  public func records(of condition: Condition) -> [RunRecord] {
    records.all.filter { $0.condition == condition.name }
  }

  /// A condition's learner as it was after training, from its published weights; nil where there are none.
  public func learner(of condition: Condition, seed: UInt64 = shownSeed) throws -> (any Learner)? {
    let run = try run(condition, seed: seed)
    return try records[run.identifier].flatMap { try run.trainedLearner($0) }
  }
}
