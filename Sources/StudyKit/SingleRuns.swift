// A study whose runs are trained one by one, by as many processes or machines as there are: `--list-runs` names
// them, `--train` trains one, `--collect` makes of them what the study makes when it trains them all itself.

import ArgumentParser
import Foundation
import Training

extension StudyOptions {
  func checkSingleRuns() throws {
    let asked = [
      ("--list-runs", listRuns), ("--train", train != nil), ("--collect", collect), ("--list", list),
      ("--figures-only", figuresOnly),
    ].filter(\.1).map(\.0)
    guard listRuns || train != nil || collect else { return }
    guard asked.count == 1 else {
      throw ValidationError("\(asked.joined(separator: " and ")) ask for different things; give one of them.")
    }
    // A task that is started again would throw away what it had done.
    if fresh {
      throw ValidationError("\(asked[0]) goes on from checkpoints; remove them by hand instead of --fresh.")
    }
  }
}

extension Study {
  /// The longest first, so that no core waits long for the last; those of equal length as they were.
  static func longestFirst(_ runs: [Run]) -> [Run] {
    runs.enumerated().sorted { ($1.element.cost, $0.offset) < ($0.element.cost, $1.offset) }.map(\.element)
  }

  /// Answers `--list-runs`.
  func list(_ runs: [Run]) throws {
    for run in Self.longestFirst(runs) { print(run.identifier) }
    throw Finished()
  }

  /// The run that `--train` names, if it does.
  ///
  /// - Throws: `ValidationError` when there is none of that name.
  private func runToTrain() throws -> Run? {
    guard let name = options.train else { return nil }
    guard let run = runs.first(where: { $0.identifier == name }) else {
      throw ValidationError("There is no run '\(name)'; --list-runs shows them, and --seeds makes more.")
    }
    return run
  }

  /// Before anything is written under a name that is mistaken.
  func checkRunToTrain() throws { _ = try runToTrain() }

  /// Answers `--train`: the run's checkpoint is all that is written.
  func trainSingleRun() throws {
    guard let run = try runToTrain() else { return }
    try execute([run])
    guard let failure = records[run.name]?.failure else { throw Finished() }
    FileHandle.standardError.write(Data("\(run.name): \(failure).\n".utf8))
    throw Finished(status: 2)
  }

  /// Answers `--collect`: has the records of finished runs where `execute` would have trained them.
  ///
  /// - Throws: `FileError` that names the runs that are missing.
  func collect(_ asked: [Run]) throws {
    var missing: [String] = []
    for run in asked {
      let record = try run.savedRecord()
      if let record, record.isFinished {
        records[run.name] = record
      } else {
        let state = record.map { "\($0.epochs.count) of \(run.training.epochs) epochs" } ?? "not begun"
        missing.append("\(run.identifier) (\(state))")
      }
    }
    guard missing.isEmpty else {
      throw FileError(
        path: folder,
        reason:
          "\(missing.count) of \(asked.count) runs are not finished: \(missing.joined(separator: ", "))",
        cure: "train them, each with --train or all without --collect")
    }
  }

  /// Refuses what a study without runs cannot do.
  func refuseSingleRuns() throws {
    guard options.listRuns || options.train != nil || options.collect else { return }
    throw ValidationError("This study trains nothing, so it has no runs to list, train or collect.")
  }
}
