// Runs all studies, and makes the tables of README.md and Documentation from their results.

import ArgumentParser
import Foundation
import Learning
import StudyKit

@main
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Runs every study, one after the other, and makes the tables of README.md and Documentation.",
    discussion: "What follows '--' is passed on to every study, as in: reproduce --preset paper -- --seeds 5")

  @Option(help: ArgumentHelp("Run every study at this preset.", valueName: "preset"))
  var preset: Preset?

  @Flag(help: "With --preset: train only runs without a record.")
  var missing = false

  @Flag(help: "Draw all figures and reports again, from the records.")
  var figuresOnly = false

  @Flag(help: "Test all published weights again and compare.")
  var retest = false

  @Flag(help: "Write the tables of README.md and Documentation from the results.")
  var table = false

  @Flag(help: "Fail if a table, figure, report or page is out of date with the records.")
  var check = false

  @Option(help: ArgumentHelp("Where the studies write.", valueName: "folder"))
  var results = StudyOptions.usualResults

  @Argument(parsing: .postTerminator, help: .hidden)
  var passedOn: [String] = []

  func validate() throws {
    guard preset != nil || figuresOnly || retest || table || check else {
      throw ValidationError("Nothing to do: give --preset, --figures-only, --retest, --table or --check.")
    }
    if table, results != StudyOptions.usualResults {
      throw ValidationError(
        "--table writes the pages of this package, whose numbers are those of Results; leave out --results.")
    }
    if table, check { throw ValidationError("--table corrects what --check finds; give one of them.") }
    if figuresOnly, retest {
      throw ValidationError("--figures-only and --retest exclude each other; give one of them.")
    }
    for option in ["--preset", "--results", "--figures-only", "--retest"]
    where passedOn.contains(where: { $0 == option || $0.hasPrefix(option + "=") }) {
      throw ValidationError("Give \(option) before '--'; the studies get it from there.")
    }
    if missing, passedOn.contains("--fresh") {
      throw ValidationError(
        "--missing trains only what has no record, and --fresh trains again; give one of them.")
    }
    if missing, preset == nil || figuresOnly || retest {
      throw ValidationError(
        "--missing applies to training; it needs --preset and excludes --figures-only and --retest.")
    }
  }

  func run() throws {
    try runProgram("reproduce", status: { ($0 as? StudyFailure)?.status ?? 1 }) {
      if missing, let preset {
        try trainMissing(preset)
      } else if preset != nil || figuresOnly || retest {
        try runStudies()
      }
      if table || check { try GeneratedPages(results: results).update(isCheck: check) }
      if check { try checkFigures() }
    }
  }

  /// Runs every study as requested, and says at the end which of them failed.
  private func runStudies() throws {
    let mode = figuresOnly ? ["--figures-only"] : retest ? ["--retest"] : []
    var failed: [String] = []
    var count = 0
    for study in try BuiltStudy.all() {
      for preset in preset.map({ [$0] }) ?? Preset.allCases {
        let weights = study.folder(preset, in: results) + "/weights"
        if figuresOnly, !study.hasResults(preset, in: results) { continue }
        if retest, !FileManager.default.fileExists(atPath: weights) { continue }
        count += 1
        say("\n\(study.name), \(preset.rawValue)")
        let status = try study.run(["--preset", preset.rawValue, "--results", results] + mode + passedOn)
        try StudyFailure.throwIfStopped(study, status)
        // A run that diverged is recorded, and the others go on.
        if status != 0, status != 2 { failed.append("\(study.name) (\(preset.rawValue))") }
      }
    }
    guard count > 0 else {
      throw FileError(
        path: results, reason: "holds \(retest ? "no published weights" : "no results of a study")",
        cure: "name the folder that the studies wrote with --results")
    }
    try StudyFailure.throwIfAny(failed)
  }

  /// Draws every study again in a temporary folder, and compares.
  private func checkFigures() throws {
    guard Gnuplot.version() != nil else {
      throw FileError(
        path: "gnuplot", reason: "is not installed, so figures cannot be checked",
        cure: "install it with 'sudo apt-get install gnuplot-nox'")
    }
    var stale: [String] = []
    for study in try BuiltStudy.all() {
      for preset in [Preset.quick, .paper]  // a smoke run is no result
      where study.hasResults(preset, in: results) {
        stale += try study.staleResults(preset, in: results)
      }
    }
    for sentence in stale { say(sentence) }
    guard stale.isEmpty else {
      throw StudyFailure("\(stale.count) \(stale.count == 1 ? "file is" : "files are") stale.", 1)
    }
    print("Every table, figure and report agrees with the records.")
  }
}

struct StudyFailure: Error, CustomStringConvertible {
  let description: String
  let status: Int32

  init(_ sentence: String, _ status: Int32) { (description, self.status) = (sentence, status) }

  static func throwIfAny(_ failed: [String]) throws {
    guard !failed.isEmpty else { return }
    throw StudyFailure("failed: \(failed.joined(separator: ", ")); each says why above.", 1)
  }

  static func throwIfStopped(_ study: BuiltStudy, _ status: Int32) throws {
    guard StopSignal.numbers.contains(status - 128) else { return }
    throw StudyFailure("stopped in \(study.name).", status)
  }
}
