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

  /// Makes tables that need trained weights, unless they are there and were made from these records with these settings.
  /// A table that was changed or removed is made again, from the published weights. A change of the code that makes a
  /// table is not noticed: remove the table then.
  ///
  /// - Parameters:
  ///   - tables: what is written: `Table.glimpses.description`.
  ///   - part: of the study, in the tables' names.
  ///   - conditions: those whose weights are needed.
  ///   - settings: other numbers that the tables depend on, "6 scenes"; if they change, the tables are made again.
  public func analyse(
    _ tables: TableDescription..., part: String? = nil, of conditions: [Condition], settings: String = "",
    _ body: () throws -> Void
  ) throws {
    for table in tables { try table.check() }
    if options.columns { return self.tables += tables }
    let recorded = conditions.flatMap(records)
    guard !isStopped, !recorded.isEmpty else { return }
    var analysed = try AnalysedTables(reading: folder)
    let sources = AnalysedTables.sources(tables, recorded, settings)
    let names = tables.map { Self.name($0.name, part) }
    if names.allSatisfy({ analysed.isCurrent($0, sources: sources) }) { return keptTables += names }
    if let lost = recorded.first(where: lacksWeights) {
      return say(
        "\(spokenList(names.map { $0 + ".csv" })) \(names.count == 1 ? "was" : "were") not made again: the weights "
          + "\(RecordedRuns.weightsPath(lost.identifier, in: folder)) are not there; restore them with 'git restore'."
      )
    }
    if StopSignal.isSet { throw Interruption() }
    written = []
    try body()
    // An old table must not pass for a new one.
    for name in names where !written.contains(name) { unlink("\(folder)/\(name).csv") }
    try analysed.note(names, sources: sources)
  }

  /// Whether the weights that a record has, or should have, are not there.
  private func lacksWeights(_ record: RunRecord) -> Bool {
    guard record.weightsChecksum != nil else { return record.seed == Self.shownSeed && record.test != nil }
    return !FileManager.default.fileExists(atPath: RecordedRuns.weightsPath(record.identifier, in: folder))
  }
}
