import Foundation
import Learning

/// `analyses.json`: for every table that was made with trained models, a checksum of what it was made from and one of the
/// table. They find a table that is older than its models, or was changed by hand.
struct AnalysedTables {
  private struct Entry: Codable, Equatable {
    /// CRC-32 of the columns, the records and the settings.
    var sources: String
    /// CRC-32 of the file.
    var content: String
  }

  private let folder: String
  private var entries: [String: Entry]
  private var path: String { folder + "/analyses.json" }

  /// Those of a folder of results; none if none was written.
  ///
  /// - Throws: `FileError` about a file that was changed.
  init(reading folder: String) throws {
    self.folder = folder
    entries = [:]
    guard FileManager.default.fileExists(atPath: path) else { return }
    entries = try RecordFile.read([String: Entry].self, from: path)
  }

  /// Whether a table is as it was made, and would be made from the same sources now.
  func isCurrent(_ table: String, sources: String) -> Bool {
    entries[table].map { $0.sources == sources && $0.content == content(of: table) } ?? false
  }

  /// Tables that were changed after they were made: "by_glimpse.csv".
  var changed: [String] {
    entries.filter { table, entry in content(of: table).map { $0 != entry.content } ?? false }
      .map { $0.key + ".csv" }.sorted()
  }

  /// Notes that tables have just been made.
  mutating func note(_ tables: [String], sources: String) throws {
    for table in tables { entries[table] = content(of: table).map { Entry(sources: sources, content: $0) } }
    try AtomicFile.write(RecordFile.text(of: entries), to: path)
  }

  private func content(of table: String) -> String? {
    FileManager.default.contents(atPath: "\(folder)/\(table).csv").map { Checksum.crc32($0) }
  }

  /// A checksum of what tables are made from: their columns, the records of the models, and the analysis's own settings.
  static func sources(_ tables: [TableDescription], _ records: [RunRecord], _ settings: String) -> String {
    let columns = tables.map { table in table.name + ": " + table.columns.map(\.name).joined(separator: ",") }
    let models = records.map { record in
      [
        record.identifier, record.key, record.weightsChecksum ?? "",
        record.test.map { "\($0.errorPercent) \($0.sampledErrorPercent ?? 0)" } ?? "",
      ].joined(separator: " ")
    }
    let own = settings.isEmpty ? [] : [settings]
    return Checksum.crc32(Array((columns + models + own).joined(separator: "\n").utf8))
  }
}
