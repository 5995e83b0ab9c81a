import ArgumentParser
import Autodiff
import Foundation
import Learning

/// How long a study takes: `smoke` shows that it runs, `quick` shows the effect, `paper` gives the numbers.
public enum Preset: String, CaseIterable, ExpressibleByArgument, Sendable {
  case smoke, quick, paper
}

/// The command line of every study. Each study has its own conditions, and its own seeds and budget for a preset.
public struct StudyOptions: ParsableCommand, Sendable {
  @Option(
    help: "How long to train. smoke: to see that it runs; quick: to see the effect; paper: for the tables.")
  public var preset = Preset.quick
  @Option(
    parsing: .unconditional, help: .init("Seeds per condition (default: by preset).", valueName: "count"))
  public var seeds: Int?
  @Option(
    parsing: .unconditional,
    help: .init("Number of runs at the same time (default: one per thread).", valueName: "count"))
  var jobs: Int?
  @Option(
    parsing: .unconditional,
    help: .init("Number of threads for all runs together (default: all cores).", valueName: "count"))
  var threads: Int?
  @Option(name: .customLong("only"), help: .init("Only these conditions.", valueName: "name,name"))
  var onlyNames: [String] = []
  @Flag(help: "Train only what has no record or lacks its published weights, the shortest first.")
  var missing = false
  @Flag(help: "List the conditions and stop.") var list = false
  @Flag(help: "Describe the columns of the tables and stop.") var columns = false
  @Option(help: .init("Folder for all results.", valueName: "folder"))
  public var results = Self.usualResults
  @Option(
    help: .init(
      "Folder of a data set in the format of MNIST's four files (default: the package's MNIST); needs --results.",
      valueName: "folder"
    ))
  public var mnist: String?
  @Option(parsing: .unconditional, help: .init("Constant learning rate; needs --results.", valueName: "rate"))
  var learningRate: Float?
  @Flag(help: "Multiply in bfloat16; needs --results.") var bfloat16 = false
  @Option(
    help: .init(
      "Train the cheapest recorded run of a folder again and compare; --only chooses another.",
      valueName: "folder")) var verify: String?
  @Flag(help: "Test all published weights again and compare.") var retest = false
  @Flag(help: "Discard checkpoints and start again.") var fresh = false
  @Flag(help: "Draw and report from the records; train nothing.") var figuresOnly = false
  @Flag(help: "Draw learning curves while training.") var live = false
  @Flag(help: "List the runs, one per line, and stop.") var listRuns = false
  @Option(help: .init("Train only this run; others may run meanwhile.", valueName: "run")) var train: String?
  @Flag(help: "Write tables, figures and report if every run has a record; otherwise name the missing runs.")
  var collect = false

  /// For `reproduce`: lists the runs with keys and seconds.
  @Flag(help: .private) var costs = false

  /// For `reproduce`: the expected costs of the studies before this one, of those after it and of this one, and the
  /// seconds since the command began.
  @Option(help: .private) var beside: String?
  /// From `reproduce`, which passes the same options to every study, also to one that trains nothing.
  @Flag(help: .private) var amongStudies = false

  public init() {}

  // MARK: - What follows from them

  /// The names after `--only`, with commas between them, however often it was given; nil without it.
  public var only: String? { onlyNames.isEmpty ? nil : onlyNames.joined(separator: ",") }

  public var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Runs at once: never more than there are runs, or threads to give them.
  func jobCount(runs: Int) -> Int { max(1, min(jobs ?? threadCount, threadCount, runs)) }

  /// The conditions asked for, in the study's order.
  func selected(from names: [String]) throws -> [String] {
    guard let only else { return names }
    let asked = only.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.isEmpty
    }
    for name in asked where !names.contains(name) {
      throw ValidationError("There is no condition '\(name)'; choose among \(names.joined(separator: ", ")).")
    }
    return names.filter(asked.contains)
  }

  var besideOthers: ProgressDisplay.Beside? {
    let numbers = (beside ?? "").split(separator: ",").compactMap { Double($0) }
    guard numbers.count == 4, numbers.allSatisfy({ (0..<1e15).contains($0) }) else { return nil }
    return .init(done: numbers[0], left: numbers[1], own: numbers[2], seconds: numbers[3])
  }

  /// Options that change how every condition is trained.
  @Sendable func override(_ training: inout TrainingSettings) {
    if let learningRate { training.learningRate = .constant(learningRate) }
    if bfloat16 { training.precision = .bfloat16 }
  }

  // MARK: - Mistakes

  /// What the command does instead of training.
  private var commands: [String] {
    Self.given(
      ("--list", list), ("--columns", columns), ("--list-runs", listRuns), ("--train", train != nil),
      ("--collect", collect),
      ("--figures-only", figuresOnly), ("--verify", verify != nil), ("--retest", retest))
  }

  /// Options whose results differ from the committed ones.
  private var others: [String] {
    Self.given(("--learning-rate", learningRate != nil), ("--bfloat16", bfloat16), ("--mnist", mnist != nil))
  }

  /// Options that have no meaning when nothing is trained.
  var ofTraining: [String] {
    commands.filter { $0 != "--figures-only" && $0 != "--columns" } + others.filter { $0 != "--mnist" }
      + Self.given(
        ("--seeds", seeds != nil), ("--only", only != nil), ("--missing", missing), ("--fresh", fresh),
        ("--live", live))
  }

  private static func given(_ options: (String, Bool)...) -> [String] { options.filter(\.1).map(\.0) }

  public mutating func validate() throws {
    func refuse(if isWrong: Bool, _ sentence: String) throws {
      if isWrong { throw ValidationError(sentence) }
    }
    // Ours: more than anybody trains, and as many threads as a process can start.
    for (name, value, most) in [("seeds", seeds, 1_000), ("jobs", jobs, 1_024), ("threads", threads, 1_024)] {
      try refuse(if: !(1...most).contains(value ?? 1), "--\(name) must be 1 to \(most), not \(value ?? 0).")
    }
    if let jobs, let threads {
      try refuse(
        if: jobs > threads,
        "--jobs \(jobs) needs at least \(jobs) threads; --threads \(threads) is the number for all runs together."
      )
    }
    let names = only?.split(separator: ",").filter { !$0.allSatisfy(\.isWhitespace) }
    try refuse(if: names?.isEmpty == true, "--only names no condition; --list shows them.")
    try refuse(if: results.isEmpty, "--results names no folder.")
    try refuse(if: results.hasPrefix("~"), Self.unexpanded("results", results))
    if let rate = learningRate {
      try refuse(if: !(rate > 0 && rate.isFinite), "--learning-rate must be a number above 0, not \(rate).")
    }
    if bfloat16, let obstacle = ProductPrecision.bfloat16.obstacle {
      throw ValidationError("\(obstacle) Train without --bfloat16.")
    }
    let list = commands.joined(separator: " and ")
    try refuse(if: commands.count > 1, "\(list) exclude each other; give one of them.")
    if let command = commands.first {
      // A task that is started again would discard what it had done.
      try refuse(if: fresh, "--fresh applies only to training; leave it out with \(command).")
      try refuse(if: live && train == nil, "--live works only while training; leave it out with \(command).")
      try refuse(
        if: missing && !listRuns && train == nil && !collect,
        "--missing applies to training and to lists of runs; leave it out with \(command).")
      try refuse(
        if: seeds != nil && (verify != nil || retest), "--seeds adds runs, and \(command) uses recorded ones."
      )
    }
    if let option = others.first, verify == nil, Self.isUsual(results) {
      throw ValidationError(
        "\(option) makes results that differ from those in Results; name another folder with --results.")
    }
  }

  public static let usualResults = "Results"

  /// What is said of a path whose `~` the shell has left as it is, as it does after `=`.
  package static func unexpanded(_ option: String, _ path: String) -> String {
    "--\(option)=\(path) names a folder '~' here, not your home folder; leave a space after --\(option)."
  }

  /// Whether a path is the folder of the committed results, however it is written.
  private static func isUsual(_ results: String) -> Bool {
    results.resolvedPath == usualResults.resolvedPath
  }

  // MARK: - The study's name in --help

  /// The parser takes a command's name and abstract from its type, and here they differ from study to study.
  private static let shown = Locked((name: "study", abstract: ""))

  public static var configuration: CommandConfiguration {
    let shown = shown.withLock(\.self)
    return CommandConfiguration(
      commandName: shown.name, abstract: shown.abstract,
      discussion: """
        Ctrl-C stops training, and the same command resumes it. Each finished run is a record in Results/<study>/<preset>/runs; \
        tables, figures and report.md are made from the records.

        Examples:
          \(shown.name) --list
          \(shown.name) --preset paper --missing
          \(shown.name) --figures-only
        """)
  }

  static func name(study: String, abstract: String) { shown.withLock { $0 = ("study-" + study, abstract) } }
}

extension String {
  /// A path without symbolic links and dots, so that two ways to write one file are equal.
  package var resolvedPath: String { URL(fileURLWithPath: self).resolvingSymlinksInPath().standardized.path }
}
