import Foundation
import Learning

/// The tables that only this study has.
extension Study {
  /// Writes a table of the study's own, `<table>.csv`; with a part, `<table>-<part>.csv`. Outside of `analyse`, every
  /// command writes it again, so that it cannot be older than what it is made of.
  ///
  /// - Parameter isMeasured: whether its numbers differ every time, as times do; a command that only draws then keeps
  ///   the old table.
  public func write<Row>(
    _ table: Table<Row>, part: String? = nil, isMeasured: Bool = false,
    _ rows: @autoclosure () throws -> [Row]
  ) throws {
    try table.description.check()
    if options.columns { return tables.append(table.description) }
    let name = Self.name(table.name, part)
    guard conditions.isEmpty || !Self.runTables.contains(name), ownTables.insert(name).inserted else {
      throw DefinitionError(
        "a table's name", "'\(name)'", "another table of the study has it", cure: "rename it")
    }
    let path = path(of: table.name, part)
    if isMeasured, options.figuresOnly, FileManager.default.fileExists(atPath: path) { return }
    try table.write(rows(), to: path)
  }

  /// A table of this study, read from its folder.
  public func table(_ name: String, part: String? = nil) throws -> CSVTable {
    try CSVTable(reading: path(of: name, part))
  }

  func path(of table: String, _ part: String? = nil) -> String { "\(folder)/\(Self.name(table, part)).csv" }

  /// "scenes-100": the name of a table or figure of a part of the study.
  public static func name(_ table: String, _ part: String?) -> String {
    table + (part.map { "-" + $0 } ?? "")
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
    try throwIfStopped()
    try body()
    // An old table must not pass for a new one.
    for name in names where !ownTables.contains(name) { unlink("\(folder)/\(name).csv") }
    try analysed.note(names, sources: sources)
  }

  /// The same for one table, made of the rows that are returned; with nil, there is no table.
  public func analyse<Row>(
    _ table: Table<Row>, part: String? = nil, of conditions: [Condition], settings: String = "",
    _ rows: () throws -> [Row]?
  ) throws {
    try analyse(table.description, part: part, of: conditions, settings: settings) {
      if let rows = try rows() { try write(table, part: part, rows) }
    }
  }

  /// Whether the weights that a record has, or should have, are not there.
  private func lacksWeights(_ record: RunRecord) -> Bool {
    guard record.weightsChecksum != nil else { return record.seed == Self.shownSeed && record.test != nil }
    return !FileManager.default.fileExists(atPath: RecordedRuns.weightsPath(record.identifier, in: folder))
  }
}
