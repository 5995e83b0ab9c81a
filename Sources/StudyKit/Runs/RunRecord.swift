import Foundation
import Learning

/// The record of a finished run: one small file, `runs/<condition>-seed<n>.json`, from which the tables are made.
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
  /// Why the run was given up: its loss was not finite.
  public var failure: String?
  /// The times of training and validation, epoch by epoch; these depend on a clock.
  public var seconds: [Double] = []
  /// What trained it, in chronological order.
  public var origins: [RunOrigin] = []
  /// The checksum of `weights/<condition>-seed<n>.safetensors`, if there is one.
  public var weightsChecksum: String?

  /// The record of a run that has yet to be trained.
  init(condition: String, seed: UInt64, configuration: Configuration, parameters: Int) {
    self.condition = condition
    self.seed = seed
    self.configuration = configuration
    key = configuration.key
    self.parameters = parameters
  }

  /// The bytes of its published weights.
  ///
  /// - Throws: `FileError` when they cannot be read, or are not those that it names.
  package func weights(at path: String) throws -> [UInt8] {
    let bytes = try Data(ofFile: path)
    guard weightsChecksum == Checksum.crc32(bytes) else {
      throw FileError(
        path: path, reason: "these are not the weights of its record: their checksum differs",
        cure: "restore both with 'git restore'")
    }
    return [UInt8](bytes)
  }

  /// One word for the command line and for files: "ram-6-seed1".
  public var identifier: String { "\(condition)-seed\(seed)" }
  public var name: String { "\(condition) seed \(seed)" }
  /// Whether it was trained and tested, or given up.
  public var isFinished: Bool { test != nil || failure != nil }

  public init(reading path: String) throws {
    self = try RecordFile.read(RunRecord.self, from: path)
    try check(path)
    guard identifier + ".json" != (path as NSString).lastPathComponent else { return }
    throw Self.changed(path, "it says that it is \(identifier)")
  }

  package init(json bytes: [UInt8]) throws {
    self = try RecordFile.decode(RunRecord.self, from: Data(bytes), of: "a record")
    try check("a record")
  }

  /// - Throws: `FileError` about content that no training writes.
  private func check(_ path: String) throws {
    if key != configuration.key {
      throw Self.changed(path, "its key is \(key), but its configuration has the key \(configuration.key)")
    } else if !isFinished {
      throw Self.changed(path, "it has neither a test nor a failure")
    } else if test != nil, failure != nil {
      throw Self.changed(path, "it has both a test and a failure")
    } else if curve.contains(where: { $0.examples < 0 }) || (test?.examples ?? 1) < 1 {
      throw Self.changed(path, "a number of examples in it is impossible")
    } else if parameters < 1 || !seconds.allSatisfy({ (0..<1e9).contains($0) }) {
      throw Self.changed(path, "a number of parameters or seconds in it is impossible")
    } else if test != nil, ![0, curve.count].contains(seconds.count) {
      throw Self.changed(path, "it has the times of \(seconds.count) epochs, and \(curve.count) epochs")
    } else if let wrong = curve.flatMap(\.ownColumns).first(where: { !isFreeCurveColumn($0) }) {
      throw Self.changed(path, "it measures '\(wrong)', which cannot be a column of curves.csv")
    } else if curve.contains(where: { !($0.learningRate >= 0 && $0.gradientNorm >= 0) }) {
      throw Self.changed(path, "a learning rate or gradient norm in it is negative")
    } else if zip(curve, curve.dropFirst()).contains(where: { $0.examples >= $1.examples }) {
      throw Self.changed(path, "its numbers of examples do not grow")
    } else if curve.map(\.epoch) != Array(1..<(curve.count + 1)) {
      throw Self.changed(path, "its epochs are not 1, 2, 3 and so on")
    } else if let wrong = percentages.first(where: { !(0...100).contains($0) }) {
      throw Self.changed(path, "\(wrong) in it is not a percentage")
    }
    guard test != nil, case .nested(let training)? = configuration["training"] else { return }
    for (field, found) in [("epochs", curve.count), ("test_examples", test?.examples ?? 0)] {
      guard case .integer(let asked)? = training[field], asked != found else { continue }
      throw Self.changed(path, "it has \(found) \(field), and its configuration \(asked)")
    }
  }

  private var percentages: [Double] {
    curve.flatMap { [$0.trainErrorPercent, $0.validationErrorPercent] }
      + [test?.errorPercent, test?.sampledErrorPercent, test?.averagedErrorPercent].compactMap(\.self)
  }

  private static func changed(_ path: String, _ mistake: String) -> FileError {
    FileError(
      path: path, reason: "was changed: \(mistake)", cure: "restore it with 'git restore', or remove it")
  }

  // MARK: - Reproduction

  /// Where the digits differ from the recorded ones, in chronological order:
  /// "epoch 3: train_error_percent is 12.4, recorded 12.3".
  func differences(from recorded: RunRecord) -> [String] {
    var found: [String] = []
    if parameters != recorded.parameters {
      found.append("parameters are \(parameters), recorded \(recorded.parameters)")
    }
    for (new, old) in zip(curve, recorded.curve) where new != old {
      found += Self.differences(new, from: old).map { "epoch \(old.epoch): \($0)" }
    }
    if curve.count != recorded.curve.count {
      found.append("\(curve.count) epochs, recorded \(recorded.curve.count)")
    }
    if test != recorded.test { found += Self.differences(test, from: recorded.test).map { "test: \($0)" } }
    if failure != recorded.failure {
      found.append("the outcome is '\(failure ?? "trained")', recorded '\(recorded.failure ?? "trained")'")
    }
    return found
  }

  static func differences<Value: Encodable>(_ new: Value, from old: Value) -> [String] {
    let (new, old) = (RecordFile.fields(of: new), RecordFile.fields(of: old))
    return Set(new.keys).union(old.keys).sorted().filter { new[$0] != old[$0] }.map {
      "\($0) is \(new[$0] ?? "nothing"), recorded \(old[$0] ?? "nothing")"
    }
  }

  /// What differs between the machine and source of the record and those of now.
  func circumstances(now origin: RunOrigin?) -> [String] {
    guard let then = origins.last, let origin else { return [] }
    return then.differences(from: origin)
  }
}

extension EpochResult {
  /// What only its learner has: the names of schedules and metrics.
  fileprivate var ownColumns: [String] { scheduled.keys.sorted() + metrics.keys.sorted() }
}
