import Foundation
import Learning

/// The records in the folder of a study and preset. They are only added to, or replaced by the same run.
///
/// Each run is kept as soon as it is finished, from whichever thread trained it.
final class RecordedRuns: Sendable {
  /// `Results/<study>/<preset>`
  let folder: String
  private let records: Locked<[String: RunRecord]>

  init(reading folder: String) throws {
    self.folder = folder
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/runs")) ?? []
    let found = try names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.map {
      try RunRecord(reading: "\(folder)/runs/\($0)")
    }
    records = Locked(Dictionary(found.map { ($0.identifier, $0) }) { $1 })
  }

  subscript(identifier: String) -> RunRecord? { records.withLock { $0[identifier] } }

  /// By condition and seed.
  var all: [RunRecord] {
    records.withLock { $0.values.sorted { ($0.condition, $0.seed) < ($1.condition, $1.seed) } }
  }

  /// Refuses to mix: every record must be of the run that its condition is now, data and options included.
  ///
  /// Returns the names of conditions that the study no longer has.
  func check(_ conditions: [Condition], preset: TrainingSettings) throws -> [String] {
    var unknown: [String] = []
    for record in all {
      guard let condition = conditions.first(where: { $0.name == record.condition }) else {
        if unknown.last != record.condition { unknown.append(record.condition) }
        continue
      }
      let run = try Run(condition, seed: record.seed, preset: preset, folder: folder)
      guard record.configuration == run.configuration else {
        throw ConfigurationError(path: run.recordPath, recorded: record.configuration, asked: run.configuration)
      }
    }
    return unknown
  }

  /// Keeps a finished run with its weights, and says how it compares with the one that was recorded before.
  ///
  /// The same digits leave the old record as it is: who trained it first, and when, is not lost.
  func keep(_ record: RunRecord, weights: [UInt8]?) throws -> Kept {
    let run = record.identifier
    let old = self[run]
    let differences = old.map { record.differences(from: $0) } ?? []
    if let weights, old == nil || !differences.isEmpty || !hasWeights(run, record.weightsChecksum) {
      try AtomicFile.makeFolder(folder + "/weights")
      try AtomicFile.write(weights, to: "\(folder)/weights/\(run).safetensors")
    }
    if let old, differences.isEmpty, old.weightsChecksum == record.weightsChecksum { return .same }
    try AtomicFile.makeFolder(folder + "/runs")
    try record.write(to: "\(folder)/runs/\(run).json")
    records.withLock { $0[run] = record }
    guard let old else { return .new }
    guard let first = differences.first else { return .same }
    return .differing("differs from the record: " + ([first] + old.circumstances(now: record)).joined(separator: "; "))
  }

  enum Kept: Equatable {
    case new
    case same
    /// Where first, and why perhaps.
    case differing(String)
  }

  private func hasWeights(_ run: String, _ checksum: String?) -> Bool {
    FileManager.default.contents(atPath: "\(folder)/weights/\(run).safetensors").map { Checksum.crc32($0) } == checksum
  }

  // MARK: - Of other studies

  /// The same run, recorded by another study or preset of these results; it is kept here under this run's name.
  ///
  /// - Parameter results: the folder with one folder for each study.
  func take(_ run: Run, from results: String) throws -> String? {
    let manager = FileManager.default
    func names(_ folder: String) -> [String] { ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted() }
    let key = Data("\"\(run.configuration.key)\"".utf8)
    for study in names(results) {
      for preset in names("\(results)/\(study)") {
        let place = "\(results)/\(study)/\(preset)"
        for name in names(place + "/runs") where name.hasSuffix(".json") && !name.hasPrefix(".") {
          let path = "\(place)/runs/\(name)"
          // Most are not it, and reading all of a record takes long.
          guard let text = manager.contents(atPath: path), text.range(of: key) != nil,
            var record = try? RunRecord(reading: path), record.configuration == run.configuration
          else { continue }
          let weights = record.weightsChecksum.flatMap { checksum in
            manager.contents(atPath: "\(place)/weights/\(record.identifier).safetensors").flatMap {
              Checksum.crc32($0) == checksum ? [UInt8]($0) : nil
            }
          }
          if record.weightsChecksum != nil, weights == nil { continue }
          record.condition = run.condition.name
          _ = try keep(record, weights: weights)
          return path
        }
      }
    }
    return nil
  }
}

/// A run of another configuration than the one asked for, and where the two differ.
struct ConfigurationError: Error, CustomStringConvertible, LocalizedError {
  let path: String
  let recorded: Configuration
  let asked: Configuration

  var description: String {
    "\(path): this run is of another configuration (\(recorded.differences(from: asked).joined(separator: "; "))); "
      + "choose another folder with --results, or remove it to train it anew."
  }
  var errorDescription: String? { description }
}
