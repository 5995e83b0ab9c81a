import ArgumentParser
import Foundation
import Learning

extension Study {
  /// The folder with records that `--verify` names: `Results/<name>/<preset>`, or `Results/<name>`, which stands for
  /// the requested preset or else the shortest.
  static func recorded(at place: String, study: String, preset: Preset) throws -> (
    folder: String, preset: Preset
  ) {
    func isRecorded(_ folder: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/runs") }
    let place = place.count > 1 && place.hasSuffix("/") ? String(place.dropLast()) : place
    let named = isRecorded(place) ? Preset(rawValue: (place as NSString).lastPathComponent) : nil
    let below = ([preset] + Preset.allCases).map { ("\(place)/\($0.rawValue)", $0) }
    guard let found = named.map({ (place, $0) }) ?? below.first(where: { isRecorded($0.0) }) else {
      throw FileError(
        path: place, reason: "holds no records to verify",
        cure: "name a folder as studies write it, which ends with the preset: Results/\(study)/quick")
    }
    if let writer = try? Provenance(reading: found.0 + "/provenance.json").study, writer != study {
      throw FileError(
        path: found.0, reason: "was written by study-\(writer), not by study-\(study)",
        cure: "give it to study-\(writer) --verify")
    }
    return found
  }

  /// Trains the cheapest of the recorded runs again, in a folder of its own, and compares it with its record.
  ///
  /// - Throws: `Finished` when they are the same, `ValidationError` when they are not.
  func verify(_ names: [String]) throws -> Never {
    try records.check(conditions, preset: plan.training)
    let again = FileManager.default.temporaryDirectory.path + "/verify-\(name)-\(UUID().uuidString)"
    let recorded = conditions.flatMap { condition in records(of: condition).map { (condition, $0) } }
    let runs = try recorded.filter { names.contains($0.0.name) }.map { condition, record in
      (record, try Run(condition, seed: record.seed, preset: plan.training, folder: again))
    }
    guard let (record, run) = runs.min(by: { $0.1.cost < $1.1.cost }) else {
      let choice = Set(recorded.map(\.0.name)).sorted().joined(separator: ", ")
      throw FileError(
        path: folder + "/runs", reason: "has no record of the conditions asked for",
        cure: choice.isEmpty ? "train one first" : "choose with --only among " + choice)
    }
    try AtomicFile.makeFolder(again + "/checkpoints")
    defer { try? FileManager.default.removeItem(atPath: again) }
    print("Training \(run.name) again as recorded in \(folder): \(run.training.examples) examples.")
    let display = ProgressDisplay(expecting: [], jobs: 1)
    let pool = try WorkerPool(threads: options.threadCount)
    defer { pool.close() }
    let new = try run.execute(pool: pool, isStopping: { StopSignal.isSet }) { record, progress in
      display.update(run: run.name, Self.fields(of: record, run), progress)
    }.record
    display.close()
    let differences = new.differences(from: record)
    let circumstances = record.circumstances(now: new.origins.last)
    for difference in differences.prefix(10) { print(difference) }
    if differences.count > 10 { print("and \(differences.count - 10) more.") }
    for circumstance in circumstances { print("Differs from the recording: \(circumstance).") }
    guard differences.isEmpty else {
      let why =
        circumstances.isEmpty
        ? (new.origins.last?.isKnownSource == true
          ? "source, versions and processor are the recorded ones, so the record was changed, or another source was built"
          : "versions and processor are the recorded ones, so the source or the record was changed")
        : circumstances.contains { !$0.hasPrefix("commit:") }
          ? "the differences listed above may be the reason: another processor or library rounds sums differently"
          : "only the source differs, so a change of it is the reason, or the record was changed"
      throw ValidationError(
        "NOT VERIFIED: \(run.name) of \(folder) differs in \(differences.count) \(differences.count == 1 ? "number" : "numbers"); \(why)."
      )
    }
    let compared = "\(new.curve.count) epochs and the test"
    print("VERIFIED: \(run.name) of \(folder) came out the same, to the last digit: \(compared).")
    throw Finished()
  }

  /// Tests every run that has weights again, from them, and compares with its record.
  ///
  /// - Throws: `Finished` when all are the same, `ValidationError` when one is not.
  func retest(_ names: [String]) throws -> Never {
    try records.check(conditions, preset: plan.training)
    let pool = try WorkerPool(threads: options.threadCount)
    defer { pool.close() }
    var (count, different) = (0, [String]())
    for condition in conditions where names.contains(condition.name) {
      for record in records(of: condition) where record.weightsChecksum != nil {
        let run = try run(condition, seed: record.seed)
        guard FileManager.default.fileExists(atPath: run.weightsPath),
          let learner = try run.trainedLearner(record)
        else {
          throw FileError(
            path: run.weightsPath, reason: "the weights of this record are not there",
            cure: "restore them with 'git restore', or train the run again")
        }
        let test = try run.test(Evaluator(learner, on: condition.world, pool: pool)) { _ in
          try throwIfStopped()
        }
        let reasons = RunRecord.differences(test, from: record.test) + record.circumstances(now: .current)
        let isSame = test == record.test
        let verdict =
          isSame ? ", as recorded, digit for digit" : "; DIFFERS: " + reasons.joined(separator: "; ")
        print("\(run.name): test error \(test.errorPercent.fixed(2)) %\(verdict).")
        count += 1
        if !isSame { different.append(run.name) }
      }
    }
    guard count > 0 else {
      throw FileError(
        path: folder, reason: "has no records with weights",
        cure: "train a condition whose weights are published, from seed 1")
    }
    guard different.isEmpty else {
      let list = different.joined(separator: ", ")
      throw ValidationError("\(different.count) of \(count) tests gave different results: \(list).")
    }
    print("\(count == 1 ? "The test" : "All \(count) tests") from weights in \(folder) came out as recorded.")
    throw Finished()
  }
}
