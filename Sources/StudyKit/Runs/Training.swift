import ArgumentParser
import Foundation
import Learning

extension Study {
  /// Trains the requested runs and keeps each one as soon as it is finished; returns how many records are new.
  ///
  /// - Throws: `Interruption` when it was stopped before any run had finished.
  func trainAsked() throws -> Int {
    if options.missing {
      asked.removeAll(where: records.isComplete)
      if asked.isEmpty { print("Nothing is missing: every run is recorded in \(folder)/runs.") }
    }
    if options.fresh {
      for path in asked.flatMap({ run in ["", ".previous", ".damaged"].map { run.checkpointPath + $0 } })
      where unlink(path) != 0 && errno != ENOENT {
        throw FileError(path: path, action: "could not be removed", errno: errno)
      }
    }
    var checked: Set<String> = []
    for run in asked where checked.insert(run.condition.name).inserted {
      try checkCurves(of: run.makeLearner())
    }
    let ordered = ordered(asked)
    let jobs = options.jobCount(runs: ordered.count)
    let threads = max(1, options.threadCount / jobs)
    let display = ProgressDisplay(
      expecting: zip(ordered, try expectedCosts(ordered, jobs: jobs)).map { ($0.name, $1) }, jobs: jobs,
      beside: options.besideOthers ?? .init())
    defer { display.close() }
    if !ordered.isEmpty { display.message(Self.runsText(ordered.count, jobs: jobs, threads: threads)) }
    let colours = Palette.colours(of: conditions)
    let live = options.live ? LiveCurves(title: title, colours: colours, on: display) : nil
    defer { live?.close() }
    let (errors, changes) = (Locked([any Error]()), Locked(0))
    let isStopping: @Sendable () -> Bool = { StopSignal.isSet || errors.withLock { !$0.isEmpty } }
    let (records, results, isFresh) = (records, options.results, options.fresh)
    _ = RunOrigin.current  // runs a program, for which Foundation would wait forever if no thread were left
    _ = try concurrently(ordered.count, threads: jobs) { index in
      let run = ordered[index]
      do {
        if isStopping() { throw Interruption() }
        if !isFresh, records[run.identifier] == nil,
          !FileManager.default.fileExists(atPath: run.checkpointPath),
          let place = try records.take(run, from: results)
        {
          changes.withLock { $0 += 1 }
          return display.finished(run: run.name, line: "taken from \(place), which is the same run")
        }
        let pool = try WorkerPool(threads: threads)
        defer { pool.close() }
        let outcome = try run.execute(pool: pool, isStopping: isStopping, warn: display.message) {
          record, progress in
          live?.show(record)
          display.update(run: run.name, Self.fields(of: record, run), progress)
        }
        live?.show(outcome.record)
        let kept = try records.keep(outcome.record, weights: outcome.weights)
        if kept != .same { changes.withLock { $0 += 1 } }
        display.finished(run: run.name, line: Self.line(outcome, kept))
      } catch {
        errors.withLock { $0.append(error) }  // the first one stops the other runs
      }
    }
    let count = changes.withLock(\.self)
    // An error that the user must correct takes precedence over the interruptions that follow from it.
    let error = errors.withLock { $0.first { !($0 is Interruption) } ?? $0.first }
    isStopped = error is Interruption && count > 0 && options.train == nil
    if let error, !isStopped { throw error }
    return count
  }

  /// The longest first, so that no core waits long for the last one; with `--missing` the shortest first, so that most
  /// runs are done early. Runs of equal length keep their order.
  func ordered(_ runs: [Run]) -> [Run] {
    let keyed = runs.enumerated().map { (run: $1, key: (options.missing ? 1 : -1) * $1.cost, place: $0) }
    return keyed.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.run)
  }

  /// Thread seconds, estimated from a few steps of each condition, if some runs wait for others; otherwise
  /// multiply-adds.
  private func expectedCosts(_ runs: [Run], jobs: Int) throws -> [Double] {
    guard runs.count > jobs || options.besideOthers != nil || options.costs else { return runs.map(\.cost) }
    var costs: [String: Double] = [:]
    for run in runs where costs[run.condition.name] == nil {
      try throwIfStopped()
      costs[run.condition.name] = (try? run.probe()) ?? 0  // a failure is reported when it is trained
    }
    return runs.map { costs[$0.condition.name] ?? 0 }
  }

  /// "Training 6 runs, 2 at a time, with 1 thread each."
  ///
  /// - Parameter threads: for each job.
  static func runsText(_ runs: Int, jobs: Int, threads: Int) -> String {
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    let pace = runs == 1 ? "" : jobs == 1 ? ", one at a time," : ", \(jobs) at a time,"
    return "Training \(count(runs, "run"))\(pace) with \(count(threads, "thread"))"
      + (jobs == 1 ? "." : " each.")
  }

  static func fields(of record: RunRecord, _ run: Run) -> String {
    ProgressDisplay.fields(
      epoch: min(record.curve.count + 1, run.training.epochs), of: run.training.epochs,
      train: record.curve.last?.trainErrorPercent, validation: record.curve.last?.validationErrorPercent)
  }

  private static func line(_ outcome: Run.Outcome, _ kept: RecordedRuns.Kept) -> String {
    let record = outcome.record
    let seconds = durationText(seconds: record.seconds.reduce(0, +))
    let result =
      record.test.map { test in
        "test error \(test.errorPercent.fixed(2)) %"
          + (test.sampledErrorPercent.map { "  sampled \($0.fixed(2)) %" } ?? "") + "  in \(seconds)"
      } ?? "given up: \(record.failure ?? "")"
    switch kept {
    case .new: return result
    case .same:
      return result + (outcome.isTrainedNow ? "; the recorded run, digit for digit" : "; trained before")
    case .differing(let difference): return result + "; " + difference
    }
  }

  // MARK: - Runs trained by several processes

  /// Answers `--list-runs`.
  func listRuns() throws -> Never {
    try records.check(conditions, preset: plan.training)
    let runs = ordered(asked.filter { !options.missing || !records.isComplete($0) })
    let costs = options.costs ? try expectedCosts(runs, jobs: 1) : []
    for (index, run) in runs.enumerated() {
      print(run.identifier + (options.costs ? " \(run.configuration.key) \(costs[index])" : ""))
    }
    throw Finished()
  }

  /// Answers `--collect`; returns how many runs there are.
  ///
  /// - Throws: `FileError` that names the runs that are missing.
  func collect() throws -> Int {
    let missing = try asked.filter { records[$0.identifier] == nil }.map { run in
      let epochs = try run.savedRecord().map { "\($0.curve.count) of \(run.training.epochs) epochs" }
      return "\(run.identifier) (\(epochs ?? "not begun"))"
    }
    guard missing.isEmpty else {
      let list =
        "\(missing.count) of \(asked.count) runs are not finished: \(missing.joined(separator: ", "))"
      throw FileError(path: folder, reason: list, cure: "train them, each with --train or all with --missing")
    }
    return asked.count
  }
}
