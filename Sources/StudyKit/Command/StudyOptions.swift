import ArgumentParser
import Autodiff
import Foundation

/// How long a study takes: `smoke` shows that it runs, `quick` shows the effect, `paper` gives the numbers.
public enum Preset: String, CaseIterable, ExpressibleByArgument, Sendable {
  case smoke
  case quick
  case paper
}

/// The command line that every study has. Conditions, seeds and the budget of a preset are the study's own.
public struct StudyOptions: ParsableCommand, Sendable {
  @Option(help: "Budget.")
  public var preset = Preset.quick

  @Option(parsing: .unconditional, help: ArgumentHelp("Seeds per condition (default: by preset).", valueName: "count"))
  public var seeds: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Runs at the same time (default: one per thread).", valueName: "count"))
  var jobs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads of all runs together (default: all cores).", valueName: "count"))
  var threads: Int?

  @Option(help: ArgumentHelp("Only these conditions.", valueName: "name,name"))
  public var only: String?

  @Flag(help: "Train only what has no record, the shortest first.")
  var missing = false

  @Flag(help: "List the conditions and stop.")
  var list = false

  @Option(help: ArgumentHelp("Where everything is written.", valueName: "folder"))
  public var results = Self.usualResults

  @Option(help: ArgumentHelp("MNIST's four files (default: the package's).", valueName: "folder"))
  public var mnist: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("A constant one, with --results.", valueName: "rate"))
  var learningRate: Float?

  @Flag(help: "Multiply in bfloat16, with --results.")
  var bfloat16 = false

  @Option(help: ArgumentHelp("Train one recorded run again and compare.", valueName: "folder"))
  var verify: String?

  @Flag(help: "Test all published weights again and compare.")
  var retest = false

  @Flag(help: "Discard checkpoints and start anew.")
  var fresh = false

  @Flag(help: "Train nothing; draw and report from the records.")
  var figuresOnly = false

  @Flag(help: "Draw learning curves while training.")
  var live = false

  @Flag(help: "List the names of the runs, one a line, and stop.")
  var listRuns = false

  @Option(help: ArgumentHelp("Train one run only; others may train beside it.", valueName: "run"))
  var train: String?

  @Flag(help: "Train nothing; write everything from all runs.")
  var collect = false

  /// For `reproduce`: lists the runs with keys and seconds.
  @Flag(help: .private)
  var costs = false

  /// For `reproduce`: what other studies have done, have left to do, and how long all has taken.
  @Option(help: .private)
  var beside: String?

  static let usualResults = "Results"

  public init() {}

  // MARK: - What follows from them

  public var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Runs at once: never more than there are runs, or threads to give them.
  func jobCount(runs: Int) -> Int { max(1, min(jobs ?? threadCount, threadCount, runs)) }

  /// The conditions asked for, in the study's order.
  func selected(from names: [String]) throws -> [String] {
    guard let only else { return names }
    let asked = only.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    for name in asked where !names.contains(name) {
      throw ValidationError("There is no condition '\(name)'; choose among \(names.joined(separator: ", ")).")
    }
    return names.filter(asked.contains)
  }

  /// The options that are given and mean nothing where nothing is trained.
  var ofTraining: [String] {
    [
      ("--seeds", seeds != nil), ("--only", only != nil), ("--missing", missing), ("--list", list),
      ("--learning-rate", learningRate != nil), ("--bfloat16", bfloat16), ("--verify", verify != nil),
      ("--retest", retest), ("--fresh", fresh), ("--live", live), ("--list-runs", listRuns), ("--train", train != nil),
      ("--collect", collect),
    ].filter(\.1).map(\.0)
  }

  var besideOthers: ProgressDisplay.Beside? {
    guard let numbers = beside?.split(separator: ",").compactMap({ Double($0) }), numbers.count == 3 else { return nil }
    return ProgressDisplay.Beside(done: numbers[0], left: numbers[1], seconds: numbers[2])
  }

  // MARK: - Mistakes

  public mutating func validate() throws {
    for (name, value) in [("seeds", seeds), ("jobs", jobs), ("threads", threads)] {
      if let value, value < 1 { throw ValidationError("--\(name) is at least 1, not \(value).") }
    }
    if let only, only.split(separator: ",").allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
      throw ValidationError("--only names no condition; --list shows them.")
    }
    if results.isEmpty { throw ValidationError("--results names no folder.") }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is a number above 0, not \(learningRate).")
    }
    if bfloat16, let obstacle = ProductPrecision.bfloat16.obstacle {
      throw ValidationError("\(obstacle) Train without --bfloat16.")
    }
    let commands = [
      ("--list", list), ("--list-runs", listRuns), ("--train", train != nil), ("--collect", collect),
      ("--figures-only", figuresOnly), ("--verify", verify != nil), ("--retest", retest),
    ].filter(\.1).map(\.0)
    guard commands.count <= 1 else {
      throw ValidationError("\(commands.joined(separator: " and ")) ask for different things; give one of them.")
    }
    if let command = commands.first {
      // A task that is started again would throw away what it had done.
      try refuse("--fresh", if: fresh, "discards checkpoints, which \(command) does not")
      try refuse("--live", if: live && train == nil, "shows trainings that are recorded, and \(command) records none")
      try refuse("--missing", if: missing && !listRuns, "chooses among runs, and \(command) says itself which it means")
      try refuse("--seeds", if: seeds != nil && (verify != nil || retest), "makes runs; \(command) takes recorded ones")
    }
    if verify == nil, Self.isUsual(results) {
      try refuse("--learning-rate", if: learningRate != nil, Self.elsewhere)
      try refuse("--bfloat16", if: bfloat16, Self.elsewhere)
      try refuse("--mnist", if: mnist != nil && !list, Self.elsewhere)
    }
  }

  private static let elsewhere = "makes other runs than those in Results; name another folder for them with --results"

  private func refuse(_ option: String, if isGiven: Bool, _ reason: String) throws {
    if isGiven { throw ValidationError("\(option) \(reason).") }
  }

  /// Whether a path is the folder of the committed results, however it is written.
  static func isUsual(_ results: String) -> Bool {
    func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().standardized.path }
    return resolved(results) == resolved(usualResults)
  }

  // MARK: - The study's name in --help

  /// The parser takes a command's name and abstract from its type, and here they differ from study to study.
  private static let shown = Locked((name: "study", abstract: ""))

  public static var configuration: CommandConfiguration {
    let shown = shown.withLock { $0 }
    return CommandConfiguration(commandName: shown.name, abstract: shown.abstract)
  }

  static func name(study: String, abstract: String) { shown.withLock { $0 = ("study-" + study, abstract) } }
}
