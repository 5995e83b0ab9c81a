// Which source and which machine trained a run: those that write its tables later may be others.

import Foundation
import NumericCore

/// Everything outside its configuration that may change a digit of a run.
struct RunOrigin: Codable, Equatable, Sendable {
  var commit: String
  /// Whether the source differed from that commit; nil outside git.
  var uncommittedChanges: Bool?
  var swift: String
  var libraries: [String: String]
  var processor: String
  var instructionSets: [String]

  /// Of this process; asked once, and before training: a later commit is not what runs.
  static let current = RunOrigin(source: .current(), processor: .current())

  private init(source: SourceState, processor: Processor) {
    commit = source.commit
    uncommittedChanges = source.uncommittedChanges
    swift = Provenance.compiler
    libraries = ["oneDNN": oneDNNVersion()]
    self.processor = processor.name
    instructionSets = processor.instructionSets
  }

  /// Of the process that wrote a provenance.
  init(_ provenance: Provenance) {
    commit = provenance.commit
    uncommittedChanges = provenance.uncommittedChanges
    swift = provenance.swift
    libraries = provenance.libraries
    processor = provenance.processor
    instructionSets = provenance.instructionSets
  }

  /// What differs from `other`, one sentence each, for who wonders why digits do.
  func differences(from other: RunOrigin) -> [String] {
    func name(_ origin: RunOrigin) -> String {
      origin.commit + (origin.uncommittedChanges == true ? " with uncommitted changes" : "")
    }
    func list(_ versions: [String: String]) -> String {
      versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    let pairs = [
      ("commit", name(self), name(other)), ("Swift", swift, other.swift),
      ("libraries", list(libraries), list(other.libraries)), ("processor", processor, other.processor),
      (
        "instruction sets", instructionSets.joined(separator: " "),
        other.instructionSets.joined(separator: " ")
      ),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "\($0.0): recorded \($0.1), here \($0.2)" }
  }
}

/// The runs of one origin, as `provenance.json` lists them; one that was continued elsewhere is in several.
struct OriginOfRuns: Codable, Equatable, Sendable {
  var origin: RunOrigin
  /// "ram-6 seed 1".
  var runs: [String]

  /// In the order of their first run.
  static func grouped(_ records: [(run: String, record: RunRecord)]) -> [OriginOfRuns] {
    records.reduce(into: []) { groups, pair in
      for origin in pair.record.origins ?? [] {
        if let index = groups.firstIndex(where: { $0.origin == origin }) {
          groups[index].runs.append(pair.run)
        } else {
          groups.append(OriginOfRuns(origin: origin, runs: [pair.run]))
        }
      }
    }
  }
}
