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

  /// A condition's learner as it was after training, from its weights or its checkpoint; nil where there is neither.
  public func learner(of condition: Condition, seed: UInt64 = shownSeed) throws -> (any Learner)? {
    let run = try run(condition, seed: seed)
    return try records[run.identifier].flatMap { try run.trainedLearner($0) }
  }

  /// Makes tables that need trained weights. They stay as they are when the command trains none of the conditions, and
  /// are made again, from the published weights, when they are not there.
  ///
  /// - Parameters:
  ///   - tables: what is written: `Table.glimpses.description`.
  ///   - part: of the study, in the tables' names.
  ///   - conditions: those whose weights are needed.
  public func analyse(
    _ tables: TableDescription..., part: String? = nil, of conditions: [Condition], _ body: () throws -> Void
  ) rethrows {
    if options.columns { return self.tables += tables }
    guard !isStopped else { return }
    let areThere = tables.allSatisfy {
      FileManager.default.fileExists(atPath: path(of: $0.name, part))
    }
    let areAsked =
      !options.figuresOnly && asked.contains { run in conditions.contains { $0.name == run.condition.name } }
    if areAsked || !areThere { try body() }
  }
}
