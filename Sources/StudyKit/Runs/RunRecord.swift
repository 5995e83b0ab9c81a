import Foundation
import Learning

/// What a finished run is: one small file, `runs/<condition>-seed<n>.json`, of which every table is made.
public struct RunRecord: Codable, Sendable, Equatable {
  /// "ram-6"
  public var condition: String
  public var seed: UInt64
  /// Everything that identifies the run; the condition's name is not part of it.
  public var configuration: Configuration
  /// The configuration's digest.
  public var key: String
  public var parameters: Int
  public var curve: [EpochResult] = []
  /// Nil when the run diverged.
  public var test: Evaluation?
  /// Why the run was given up: a loss that is not finite.
  public var failure: String?
  /// Of training and validation, epoch by epoch; decided by a clock.
  public var seconds: [Double] = []
  /// What trained it, in the order of time.
  public var origins: [RunOrigin] = []
  /// Of `weights/<condition>-seed<n>.safetensors`, if there is one.
  public var weightsChecksum: String?

  /// One that has yet to be trained.
  init(condition: String, seed: UInt64, configuration: Configuration, parameters: Int) {
    self.condition = condition
    self.seed = seed
    self.configuration = configuration
    key = configuration.key
    self.parameters = parameters
  }

  /// One word for the command line and for files: "ram-6-seed1".
  public var identifier: String { "\(condition)-seed\(seed)" }
  public var name: String { "\(condition) seed \(seed)" }
  /// Whether it was trained and tested, or given up.
  public var isFinished: Bool { test != nil || failure != nil }

  // MARK: - On disk

  public init(reading path: String) throws {
    self = try RecordFile.read(RunRecord.self, from: path)
    let expected = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let mistake =
      identifier != expected
      ? "it says that it is \(identifier)"
      : key != configuration.key
        ? "its key is \(key), and its configuration's is \(configuration.key)"
        : isFinished ? nil : "it has neither a test nor a failure"
    guard let mistake else { return }
    throw FileError(
      path: path, reason: "was changed: \(mistake)", cure: "restore it with 'git restore', or remove it")
  }

  /// - Throws: `FileError` also where the key is not that of the configuration.
  public init(json bytes: [UInt8]) throws {
    self = try RecordFile.decode(RunRecord.self, from: Data(bytes), of: "record")
    guard key == configuration.key else {
      throw FileError(path: "record", reason: "its key is not its configuration's", cure: "restore it, or remove it")
    }
  }

  func write(to path: String) throws { try AtomicFile.write(RecordFile.text(of: self), to: path) }

  // MARK: - Reproduction

  /// Where the digits differ from those that were recorded, in the order of time:
  /// "epoch 3: train_error_percent is 12.4, recorded 12.3".
  func differences(from recorded: RunRecord) -> [String] {
    var found = Self.differences(["parameters": String(parameters)], ["parameters": String(recorded.parameters)])
    for (new, old) in zip(curve, recorded.curve) where new != old {
      found += Self.differences(RecordFile.leaves(of: new), RecordFile.leaves(of: old)).map { "epoch \(old.epoch): \($0)" }
    }
    if curve.count != recorded.curve.count {
      found.append("\(curve.count) epochs, recorded \(recorded.curve.count)")
    }
    if test != recorded.test {
      let (new, old) = (RecordFile.leaves(of: test), RecordFile.leaves(of: recorded.test))
      found += Self.differences(new, old).map { "test: \($0)" }
    }
    if failure != recorded.failure {
      found.append("the outcome is '\(failure ?? "trained")', recorded '\(recorded.failure ?? "trained")'")
    }
    return found
  }

  /// What differs between where it was recorded and where it was trained now.
  func circumstances(now: RunRecord) -> [String] {
    guard let then = origins.last, let now = now.origins.last else { return [] }
    return then.differences(from: now)
  }

  static func differences(_ new: [String: String], _ old: [String: String]) -> [String] {
    Set(new.keys).union(old.keys).sorted().filter { new[$0] != old[$0] }.map {
      "\($0) is \(new[$0] ?? "nothing"), recorded \(old[$0] ?? "nothing")"
    }
  }
}
