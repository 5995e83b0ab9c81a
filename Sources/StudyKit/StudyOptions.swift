// The command line that every study has.

import ArgumentParser
import Foundation
import NumericCore

/// How long a study takes: `smoke` shows that it runs, `quick` shows the effect, `paper` gives the numbers.
public enum Preset: String, CaseIterable, ExpressibleByArgument, Sendable {
  case smoke
  case quick
  case paper
}

/// What is asked of a study. Conditions, seeds and the budget of a preset are the study's own.
public struct StudyOptions: ParsableCommand, Sendable {
  @Option(help: "Budget.")
  public var preset = Preset.quick

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seeds per condition (default: 1, 3 or 5 by preset).", valueName: "count"))
  public var seeds: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Runs at the same time (default: one per thread).", valueName: "count"))
  var jobs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads of all runs together (default: all cores).", valueName: "count"))
  var threads: Int?

  @Option(help: ArgumentHelp("Only these conditions.", valueName: "name,name"))
  var only: String?

  @Flag(help: "List the conditions and stop.")
  public var list = false

  @Option(help: ArgumentHelp("Where tables and figures go.", valueName: "folder"))
  public var results = Self.usualResults

  @Option(help: ArgumentHelp("The four MNIST files (default: the package's own).", valueName: "folder"))
  public var mnist: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A constant one, for tries elsewhere.", valueName: "rate"))
  var learningRate: Float?

  @Flag(help: "Multiply in bfloat16, for tries elsewhere.")
  var bfloat16 = false

  @Option(help: ArgumentHelp("Train one recorded run again and compare.", valueName: "folder"))
  public var verify: String?

  @Flag(help: "Discard checkpoints and start anew.")
  public var fresh = false

  @Flag(help: "Train nothing; draw and report from the tables.")
  public var figuresOnly = false

  @Flag(help: "Draw learning curves while training.")
  public var live = false

  @Flag(help: "List the names of the runs, one a line, and stop.")
  var listRuns = false

  @Option(help: ArgumentHelp("Train one run only; others may train beside it.", valueName: "run"))
  var train: String?

  @Flag(help: "Train nothing; write everything from finished runs.")
  var collect = false

  private static let usualResults = "Results"

  public init() {}

  // MARK: - What follows from them

  public var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Runs at once: never more than there are runs, or threads to give them.
  public func jobCount(runs: Int) -> Int { max(1, min(jobs ?? threadCount, threadCount, runs)) }

  /// The conditions asked for, in the study's order.
  public func selected(from names: [String]) throws -> [String] {
    guard let only else { return names }
    let asked = only.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    for name in asked where !names.contains(name) {
      throw ValidationError(
        "There is no condition '\(name)'; choose among \(names.joined(separator: ", ")).")
    }
    return names.filter(asked.contains)
  }

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
    for (name, isGiven) in [("learning-rate", learningRate != nil), ("bfloat16", bfloat16)]
    where isGiven && results == Self.usualResults {
      throw ValidationError("--\(name) is for tries; name another folder for them with --results.")
    }
    if verify != nil, fresh || figuresOnly || learningRate != nil || bfloat16 || seeds != nil {
      throw ValidationError(
        "--verify trains one run as it was recorded; give it without --fresh, --figures-only, --learning-rate, "
          + "--bfloat16 and --seeds.")
    }
    if fresh, figuresOnly {
      throw ValidationError("--fresh discards what --figures-only draws from; give one of them.")
    }
    try checkSingleRuns()
  }

  // MARK: - The study's name in --help

  /// The parser takes a command's name and abstract from its type, and here they differ from study to study.
  private static let shown = Locked((name: "study", abstract: ""))

  public static var configuration: CommandConfiguration {
    let shown = shown.withLock { $0 }
    return CommandConfiguration(commandName: shown.name, abstract: shown.abstract)
  }

  /// Reads the command line; prints help, or what is wrong with it, and leaves.
  public static func parseOrExit(studyName: String, abstract: String) -> StudyOptions {
    name(study: studyName, abstract: abstract)
    return parseOrExit()
  }

  static func name(study: String, abstract: String) {
    shown.withLock { $0 = ("study-" + study, abstract) }
  }
}
