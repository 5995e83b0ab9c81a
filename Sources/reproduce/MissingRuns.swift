import Foundation
import StudyKit

extension Reproduce {
  /// Trains all runs without a record, over all studies: the study with the least to do first, and in each study the
  /// shortest run first, so that most tables are complete early. Each run becomes a record as soon as it is finished.
  func trainMissing(_ preset: Preset) throws {
    let arguments = ["--preset", preset.rawValue, "--results", results] + passedOn
    say("Measuring a few steps of every condition without a record, to tell how long all will take.")
    var plans: [(study: BuiltStudy, runs: [BuiltStudy.MissingRun])] = []
    for study in try BuiltStudy.all() {
      let runs = try study.missingRuns(arguments)
      say("\(study.name): \(runs.count) \(runs.count == 1 ? "run" : "runs") without a record")
      if !runs.isEmpty || tablesAreOlder(study, preset) { plans.append((study, runs)) }
    }
    plans.sort { $0.runs.seconds < $1.runs.seconds }
    let costs = plans.map(\.runs).withoutShared
    say(
      "In all \(costs.joined().count) runs of \(plans.count) studies; a run that studies share counts once.")
    let started = Date()
    var failed: [String] = []
    for (index, plan) in plans.enumerated() {
      let (done, left) = (costs[..<index].joined(), costs[(index + 1)...].joined())
      say(
        "\n\(plan.study.name), \(preset.rawValue): \(plan.runs.count) \(plan.runs.count == 1 ? "run" : "runs")"
      )
      let beside = [
        done.seconds, left.seconds, costs[index].seconds, Date().timeIntervalSince(started),
      ].map { String($0) }.joined(separator: ",")
      let status = try plan.study.run(arguments + ["--missing", "--beside", beside])
      try StudyFailure.throwIfStopped(plan.study, status)
      // A run that diverged is recorded, and the others go on.
      if status != 0, status != 2 { failed.append(plan.study.name) }
    }
    try StudyFailure.throwIfAny(failed)
  }

  /// True when there is no report, or when a process was killed between its last record and its tables.
  private func tablesAreOlder(_ study: BuiltStudy, _ preset: Preset) -> Bool {
    func changed(_ name: String) -> Date? {
      let path = "\(study.folder(preset, in: results))/\(name)"
      return (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
    guard let report = changed("report.md") else { return true }
    return changed("runs").map { report < $0 } ?? false
  }
}

extension Sequence where Element == BuiltStudy.MissingRun {
  /// What all of them take on one thread.
  var seconds: Double { reduce(0) { $0 + $1.seconds } }
}

extension Sequence where Element == [BuiltStudy.MissingRun] {
  /// The runs of each study that no earlier one has. A study reuses what earlier ones have trained.
  var withoutShared: [[BuiltStudy.MissingRun]] {
    var keys: Set<String> = []
    return map { runs in runs.filter { keys.insert($0.key).inserted } }
  }
}
