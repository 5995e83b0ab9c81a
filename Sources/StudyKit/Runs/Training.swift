import ArgumentParser
import Foundation
import Learning

extension Study {
  /// Trains what was asked for and keeps each run as soon as it is finished; returns how many records are new.
  ///
  /// - Throws: `Interruption` when it was stopped before any run was finished.
  func trainAsked() throws -> Int {
    if options.missing {
      asked.removeAll { self.records[$0.identifier] != nil }
      if asked.isEmpty { print("Nothing is missing: every run is recorded in \(folder)/runs.") }
    }
    if options.fresh { try discardCheckpoints() }
    let ordered = ordered(asked)
    let jobs = options.jobCount(runs: ordered.count)
    let threads = max(1, options.threadCount / jobs)
    let costs = try expectedCosts(ordered, jobs: jobs)
    let display = ProgressDisplay(
      expecting: zip(ordered, costs).map { ($0.name, $1) }, jobs: jobs, beside: options.besideOthers ?? .init())
    defer { display.close() }
    let live = options.live ? LiveCurves(title: title, on: display) : nil
    defer { live?.close() }
    let queue = RunQueue(ordered)
    let (records, results, isFresh, changes) = (records, options.results, options.fresh, Locked(0))
    queue.work(jobs: jobs) { run in
      if !isFresh, records[run.identifier] == nil, !FileManager.default.fileExists(atPath: run.checkpointPath),
        let place = try records.take(run, from: results)
      {
        changes.withLock { $0 += 1 }
        return display.finished(run: run.name, line: "taken from \(place), which is the same run")
      }
      let pool = WorkerPool(threads: threads)
      defer { pool.close() }
      let outcome = try run.execute(pool: pool, isStopping: { StopSignal.isSet || queue.hasFailed }) {
        record, progress in
        live?.show(record)
        display.update(run: run.name, Self.fields(of: record, run, progress), progress)
      }
      live?.show(outcome.record)
      let kept = try records.keep(outcome.record, weights: outcome.weights)
      if kept != .same { changes.withLock { $0 += 1 } }
      display.finished(run: run.name, line: Self.line(outcome, kept))
    }
    let count = changes.withLock(\.self)
    switch queue.firstError {
    case nil: break
    case is Interruption where count > 0 && options.train == nil: isStopped = true
    case let error?: throw error
    }
    return count
  }

  /// The longest first, so that no core waits long for the last; with `--missing` the shortest first, so that most is
  /// done early. Those of equal length stay as they were.
  func ordered(_ runs: [Run]) -> [Run] {
    let sorted = runs.enumerated().map { (run: $1, key: (options.missing ? 1 : -1) * $1.cost, place: $0) }
    return sorted.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.run)
  }

  /// Seconds of a thread as a few steps of each condition say, where some runs wait for others; else multiply-adds.
  private func expectedCosts(_ runs: [Run], jobs: Int) throws -> [Double] {
    guard runs.count > jobs || options.besideOthers != nil || options.costs else { return runs.map(\.cost) }
    var costs: [String: Double] = [:]
    for run in runs where costs[run.condition.name] == nil {
      if StopSignal.isSet { throw Interruption() }
      // One that fails says so when it is trained.
      costs[run.condition.name] = (try? run.probe()) ?? 0
    }
    return runs.map { costs[$0.condition.name] ?? 0 }
  }

  static func fields(of record: RunRecord, _ run: Run, _ progress: RunProgress) -> String {
    let fields = ProgressDisplay.fields(
      epoch: min(record.curve.count + 1, run.training.epochs), of: run.training.epochs,
      train: record.curve.last?.trainErrorPercent, validation: record.curve.last?.validationErrorPercent)
    return fields + (progress.isTesting ? "  testing" : "")
  }

  private static func line(_ outcome: Run.Outcome, _ kept: RecordedRuns.Kept) -> String {
    let record = outcome.record
    let result =
      record.test.map { test in
        String(format: "test %.2f %%", test.errorPercent)
          + (test.sampledErrorPercent.map { String(format: "  sampled %.2f %%", $0) } ?? "")
          + "  in \(durationText(seconds: record.seconds.reduce(0, +)))"
      } ?? "given up: \(record.failure ?? "")"
    switch kept {
    case .same: return result + (outcome.isTrainedNow ? "; the recorded run, digit for digit" : "; trained before")
    case .differing(let where_): return result + "; " + where_
    case .new: return result
    }
  }

  private func discardCheckpoints() throws {
    for run in asked {
      for end in ["", ".previous", ".damaged"] where FileManager.default.fileExists(atPath: run.checkpointPath + end) {
        try FileManager.default.removeItem(atPath: run.checkpointPath + end)
      }
    }
  }

  // MARK: - Runs trained by several processes

  /// Answers `--list-runs`.
  func listRuns() throws -> Never {
    _ = try records.check(conditions, preset: plan.training)
    let runs = ordered(asked.filter { !options.missing || records[$0.identifier] == nil })
    let costs = options.costs ? try expectedCosts(runs, jobs: 1) : []
    for (index, run) in runs.enumerated() {
      print(run.identifier + (options.costs ? " \(run.configuration.key) \(costs[index])" : ""))
    }
    throw Finished()
  }

  /// Answers `--collect`.
  ///
  /// - Throws: `FileError` that names the runs that are missing.
  func collect() throws -> Int {
    let missing = try asked.filter { records[$0.identifier] == nil }.map { run in
      let state = try run.savedRecord().map { "\($0.curve.count) of \(run.training.epochs) epochs" } ?? "not begun"
      return "\(run.identifier) (\(state))"
    }
    guard missing.isEmpty else {
      throw FileError(
        path: folder,
        reason: "\(missing.count) of \(asked.count) runs are not finished: \(missing.joined(separator: ", "))",
        cure: "train them, each with --train or all with --missing")
    }
    return asked.count
  }
}
