// All studies at once, and the README's table made from what they wrote.

import ArgumentParser
import Foundation
import StudyKit
import Training

@main
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Runs every study, one after the other, and makes the README's table from the results.",
    discussion: "What follows '--' is passed on to every study, as in: reproduce --preset paper -- --seeds 5")

  @Option(help: ArgumentHelp("Run every study at this preset.", valueName: "preset"))
  var preset: Preset?

  @Flag(help: "Draw all figures and reports again, from the tables alone.")
  var figuresOnly = false

  @Flag(help: "Write the README's table from the results.")
  var table = false

  @Flag(help: "Fail if the README's table, a figure or a report is stale, or a table was changed.")
  var check = false

  @Option(help: ArgumentHelp("Where the studies write.", valueName: "folder"))
  var results = "Results"

  @Argument(parsing: .postTerminator, help: .hidden)
  var passedOn: [String] = []

  func validate() throws {
    guard preset != nil || figuresOnly || table || check else {
      throw ValidationError("Nothing to do: give --preset, --figures-only, --table or --check.")
    }
    if table, check { throw ValidationError("--table mends what --check finds; give one of them.") }
  }

  func run() throws {
    do {
      if preset != nil || figuresOnly { try runStudies() }
      if table || check { try writeOrCheckTable() }
      if check { try checkFigures() }
    } catch let error as StudyFailure {
      say("reproduce: \(error.sentence)")
      throw ExitCode(error.status)
    } catch {
      say("reproduce: \(error)")
      throw ExitCode(1)
    }
  }

  // MARK: - Studies

  private func runStudies() throws {
    let studies = try BuiltStudy.all()
    let presets = preset.map { [$0] } ?? Preset.allCases
    var failed: [String] = []
    for study in studies {
      for preset in presets {
        if figuresOnly, !hasResults(study, preset) { continue }
        say("\n\(study.name), \(preset.rawValue)")
        let arguments =
          ["--preset", preset.rawValue, "--results", results] + (figuresOnly ? ["--figures-only"] : [])
        let status = try study.run(arguments + passedOn)
        if status == 130 || status == 143 {
          throw StudyFailure(
            sentence: "stopped in \(study.name); the same command goes on from there.", status: status)
        }
        if status != 0 { failed.append("\(study.name) (\(preset.rawValue))") }
      }
    }
    guard failed.isEmpty else {
      throw StudyFailure(
        sentence: "failed: \(failed.joined(separator: ", ")); each says why above.", status: 1)
    }
  }

  private func hasResults(_ study: BuiltStudy, _ preset: Preset) -> Bool {
    let folder = study.name.dropFirst(BuiltStudy.prefix.count)
    let files = try? FileManager.default.contentsOfDirectory(
      atPath: "\(results)/\(folder)/\(preset.rawValue)")
    return files?.contains { $0.hasSuffix(".csv") } ?? false
  }

  // MARK: - Table

  private func writeOrCheckTable() throws {
    let path = "README.md"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, reason: "is not here", cure: "run this from the folder that holds it")
    }
    let page = String(decoding: data, as: UTF8.self)
    let made = try GeneratedPart("results").replaced(
      in: page, of: path, with: ResultsTable(results: results).markdown)
    if check {
      try TableChecksum.checkAll(in: results)
      guard made == page else {
        throw FileError(
          path: path, reason: "its table is not what \(results)/ makes it",
          cure: "run 'swift run reproduce --table' and commit the change")
      }
    } else if made != page {
      try AtomicFile.write(made, to: path)
      print("README.md: the table was written.")
    }
  }

  // MARK: - Figures and reports

  private func checkFigures() throws {
    guard Gnuplot.version() != nil else {
      throw FileError(
        path: "gnuplot", reason: "is not installed, so figures cannot be checked",
        cure: "install it with 'sudo apt-get install gnuplot-nox'")
    }
    var stale: [String] = []
    for study in try BuiltStudy.all() {
      for preset in [Preset.quick, .paper] where hasResults(study, preset) {  // a smoke run is no result
        stale += try StaleResults(of: study, preset, in: results).sentences
      }
    }
    for sentence in stale { say(sentence) }
    guard stale.isEmpty else {
      throw StudyFailure(
        sentence: "\(stale.count) \(stale.count == 1 ? "file is" : "files are") stale.", status: 1)
    }
    print("README.md's table, figures and reports are what the tables make them.")
  }

  private func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

struct StudyFailure: Error {
  let sentence: String
  let status: Int32
}
