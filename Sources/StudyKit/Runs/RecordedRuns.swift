import Foundation
import Learning

/// The records in the folder of a study and preset. A record is only added, or replaced by the same run.
///
/// Any thread keeps its run as soon as it is finished.
final class RecordedRuns: Sendable {
  /// `Results/<study>/<preset>`
  let folder: String
  private let records: Locked<[String: RunRecord]>

  init(reading folder: String) throws {
    self.folder = folder
    let found = try Self.files(in: folder).map(RunRecord.init(reading:))
    records = Locked(Dictionary(found.map { ($0.identifier, $0) }) { $1 })
  }

  private static func files(in folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder + "/runs") else { return [] }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder + "/runs") else {
      throw FileError(
        path: folder + "/runs", reason: "this folder could not be read",
        cure: "check that it is a folder and that you may read it")
    }
    return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted().map {
      "\(folder)/runs/\($0)"
    }
  }

  /// Where the weights of a run are published.
  static func weightsPath(_ identifier: String, in folder: String) -> String {
    "\(folder)/weights/\(identifier).safetensors"
  }

  subscript(identifier: String) -> RunRecord? { records.withLock { $0[identifier] } }

  /// Whether a run is recorded, with the weights that are published.
  func isComplete(_ run: Run) -> Bool {
    guard let record = self[run.identifier], Self.hasAll(record, of: run) else { return false }
    return record.weightsChecksum == nil || FileManager.default.fileExists(atPath: run.weightsPath)
  }

  private static func hasAll(_ record: RunRecord, of run: Run) -> Bool {
    record.weightsChecksum != nil || !run.condition.publishesEverySeed || record.test == nil
  }

  /// By condition and seed.
  var all: [RunRecord] {
    records.withLock { $0.values.sorted { ($0.condition, $0.seed) < ($1.condition, $1.seed) } }
  }

  /// Refuses to mix runs: every record must have the configuration of its condition, including data and options.
  ///
  /// Returns the names of conditions that the study no longer has.
  @discardableResult
  func check(_ conditions: [Condition], preset: TrainingSettings) throws -> [String] {
    var unknown: [String] = []
    for record in all {
      guard let condition = conditions.first(where: { $0.name == record.condition }) else {
        if unknown.last != record.condition { unknown.append(record.condition) }
        continue
      }
      let run = try Run(condition, seed: record.seed, preset: preset, folder: folder)
      try run.check(record, at: run.recordPath)
    }
    return unknown
  }

  /// How a run compares with its earlier record.
  enum Kept: Equatable {
    case new
    case same
    /// Where they first differ, and possible reasons.
    case differing(String)
  }

  /// Keeps a finished run with its weights.
  ///
  /// When all digits are the same, the old record stays, with its origin, its times and its weights.
  func keep(_ record: RunRecord, weights: [UInt8]?) throws -> Kept {
    let old = self[record.identifier]
    let differences = old.map(record.differences) ?? []
    let path = Self.weightsPath(record.identifier, in: folder)
    let hasWeights =
      FileManager.default.contents(atPath: path).map { Checksum.crc32($0) } == record.weightsChecksum
    if let weights, old == nil || !differences.isEmpty || !hasWeights {
      try AtomicFile.makeFolder(folder + "/weights")
      try AtomicFile.write(weights, to: path)
    }
    if let old, differences.isEmpty, [old.weightsChecksum, nil].contains(record.weightsChecksum) {
      return .same
    }
    try AtomicFile.makeFolder(folder + "/runs")
    try AtomicFile.write(RecordFile.text(of: record), to: "\(folder)/runs/\(record.identifier).json")
    records.withLock { $0[record.identifier] = record }
    if record.weightsChecksum == nil { unlink(path) }  // of the run that it replaces
    guard let old, let first = differences.first else { return old == nil ? .new : .same }
    let reasons = old.circumstances(now: record.origins.last)
    return .differing("differs from the record: " + ([first] + reasons).joined(separator: "; "))
  }

  /// Keeps a run that another study or preset of these results has recorded, under this run's name; returns where it
  /// was.
  ///
  /// - Parameter results: the folder with one folder for each study.
  func take(_ run: Run, from results: String) throws -> String? {
    let key = Data("\"\(run.configuration.key)\"".utf8)
    for place in FileManager.default.subfolders(of: results).flatMap(FileManager.default.subfolders) {
      for path in (try? Self.files(in: place)) ?? [] {
        // Most do not match, and reading a whole record takes long.
        guard let text = FileManager.default.contents(atPath: path), text.range(of: key) != nil,
          var record = try? RunRecord(reading: path), record.configuration == run.configuration,
          Self.hasAll(record, of: run)
        else { continue }
        let weights = FileManager.default.contents(atPath: Self.weightsPath(record.identifier, in: place))
        guard record.weightsChecksum == nil || record.weightsChecksum == weights.map({ Checksum.crc32($0) })
        else { continue }
        record.condition = run.condition.name
        if !run.publishesWeights { record.weightsChecksum = nil }
        _ = try keep(record, weights: record.weightsChecksum.flatMap { _ in weights.map { [UInt8]($0) } })
        return path
      }
    }
    return nil
  }
}

extension FileManager {
  fileprivate func subfolders(of folder: String) -> [String] {
    ((try? contentsOfDirectory(atPath: folder)) ?? []).sorted().map { "\(folder)/\($0)" }
  }
}
