// How fast our training step is, compared with the machine's limit and with other frameworks, measured in turn.

import ArgumentParser
import Autodiff
import Foundation
import Learning
import Numerics
import StudyKit

@main
enum Program {
  static func main() {
    let words = CommandLine.arguments.dropFirst()
    // Not a subcommand: `--help` then shows the options that people need.
    if words.first == "serve" { Serve.main(Array(words.dropFirst())) } else { Benchmark.main() }
  }
}

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Compares training and evaluation with the machine's limit, PyTorch and JAX.",
    discussion: """
      In every round all contenders are measured in turn, while the others wait; ratios are taken within a round. \
      Numbers of different runs are not comparable. --columns says what each column means.
      """)

  @Flag(
    help:
      "Only training of the attention model, one run and two side by side, batch 128, and its profile; three rounds."
  )
  var quick = false

  @Option(
    help: ArgumentHelp(
      "Only these networks and parts: \(Station.words.joined(separator: ", ")).", valueName: "name,name"))
  var only: [String] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Batch sizes (default: 20,128,512).", valueName: "size,size"))
  var batches: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Numbers of threads (default: 1,2).", valueName: "count,count"))
  var threads: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Rounds (default: 5; with --quick 3).", valueName: "count"))
  var rounds: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Seconds of one burst.", valueName: "seconds"))
  var burst = 0.5

  @Option(help: ArgumentHelp("Interpreters that have torch or jax.", valueName: "path,path"))
  var python = "python3"

  @Option(help: ArgumentHelp("The peers' scripts (default: the package's own).", valueName: "folder"))
  var peers: String?

  @Flag(help: "Describe the columns of the tables and stop.")
  var columns = false

  @Flag(help: "Compare with no framework.")
  var withoutPeers = false

  @Option(
    help: ArgumentHelp("Another build of this program, to compare with this one.", valueName: "path"))
  var against: String?

  @Flag(help: "Compare with our own step in bfloat16.")
  var bfloat16 = false

  @Option(help: ArgumentHelp("Folder for tables and figures.", valueName: "folder"))
  var results = "Results"

  @Flag(help: "Measure nothing; draw from the tables of the last such run.")
  var figuresOnly = false

  func validate() throws {
    let words = self.words
    if !only.isEmpty, words.isEmpty { throw ValidationError("--only names nothing.") }
    for word in words where !Station.words.contains(word) {
      throw ValidationError("There is no '\(word)'; choose among \(Station.words.joined(separator: ", ")).")
    }
    _ = try numbers(batches, "batches", most: 1 << 14)
    _ = try numbers(threads, "threads", most: 1 << 8)
    if let rounds, !(1...10_000).contains(rounds) {
      throw ValidationError("--rounds is 1 to 10000, not \(rounds).")
    }
    if !(0.05...60).contains(burst) { throw ValidationError("--burst is 0.05 to 60 seconds, not \(burst).") }
    if bfloat16, let obstacle = ProductPrecision.bfloat16.obstacle {
      throw ValidationError("\(obstacle) Measure without --bfloat16.")
    }
    var isFolder: ObjCBool = false
    if let against,
      !FileManager.default.isExecutableFile(atPath: against)
        || FileManager.default.fileExists(atPath: against, isDirectory: &isFolder) && isFolder.boolValue
    {
      throw ValidationError("'\(against)' is not an executable; build it first.")
    }
  }

  func run() throws {
    try runProgram("benchmark") {
      if columns {
        print(Self.tables.map(\.markdown).joined(separator: "\n"), terminator: "")
      } else {
        try draw(in: folder(of: figuresOnly ? preset : measure()))
      }
    }
  }

  // MARK: - What was asked for

  /// A run of fewer cells or contenders never replaces a run of all.
  private var preset: String {
    !only.isEmpty || batches != nil || threads != nil || withoutPeers
      ? Self.selected : quick ? "quick" : "full"
  }
  private static let selected = "selected"
  private func folder(of preset: String) -> String { "\(results)/benchmarks/\(preset)" }

  private var words: [String] {
    only.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  private func numbers(_ text: String?, _ name: String, most: Int) throws -> [Int]? {
    guard let text else { return nil }
    return try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let number = Int(word), (1...most).contains(number) else {
        throw ValidationError("--\(name) takes numbers of 1 to \(most), not '\(word)'.")
      }
      return number
    }
  }

  private func stations() throws -> [Station] {
    let words =
      words.isEmpty && quick ? Subject.attention.map(\.name) + ["training", "two-runs", "profile"] : words
    let stations = Station.chosen(
      words: words,
      batches: try numbers(batches, "batches", most: 1 << 14) ?? (quick ? [128] : Station.batches),
      threads: try numbers(threads, "threads", most: 1 << 8) ?? Station.threadCounts)
    guard !stations.isEmpty else {
      throw ValidationError("Nothing is left to measure: these networks do not have these parts.")
    }
    return stations
  }

  // MARK: - Measuring

  /// Returns the name under which it is kept.
  private func measure() throws -> String {
    let started = Date()
    let stations = try stations()
    let peers = try findPeers()
    try AtomicFile.makeFolder(folder(of: preset))
    let runner = Runner(
      schedule: BurstSchedule(rounds: rounds ?? (quick ? 3 : 5), burstSeconds: burst), peers: peers,
      ownExecutable: try Self.ownExecutable(), otherExecutable: against,
      comparesBFloat16: bfloat16, report: say)
    do {
      try runner.run(stations)
    } catch {
      Self.printTables(runner)  // what was measured so far
      throw error
    }
    Self.printTables(runner)

    let measurements = runner.measurements
    var preset = preset
    if preset != Self.selected, let lost = lostContender(measurements) {
      say(
        "'\(lost)' did not answer, and the run in \(folder(of: preset)) has it. That run stays, and this one is kept as "
          + "'\(Self.selected)'.")
      preset = Self.selected
    }
    let folder = folder(of: preset)
    try AtomicFile.makeFolder(folder)
    try Table.bursts.write(measurements, to: folder + "/bursts.csv")
    try Table.cells.write(measurements.summaries, to: folder + "/cells.csv")
    try Table.products.write(ProductSummary.all(runner.products), to: folder + "/products.csv")
    try Table.profile.write(ProfileRow.parts(runner.profiles), to: folder + "/profile.csv")
    try Table.functions.write(ProfileRow.functions(runner.profiles), to: folder + "/functions.csv")
    try writeProvenance(runner, preset, started: started)
    return preset
  }

  /// A contender of the run that would be replaced, if it is not among those that were measured.
  private func lostContender(_ measurements: [Measurement]) -> String? {
    let former = try? CSVTable(reading: folder(of: preset) + "/cells.csv")
    let contenders = Set(measurements.map(\.contender))
    return former?.rows.lazy.compactMap { try? $0.text("contender") }.first { !contenders.contains($0) }
  }

  private static let tables = [
    Table.bursts.description, Table.cells.description, Table.products.description, Table.profile.description,
    Table.functions.description,
  ]

  private static func printTables(_ runner: Runner) {
    let measurements = runner.measurements
    for work in Work.parts {
      guard let table = TextTable.part(work, measurements) else { continue }
      print(
        "\n\(work.rawValue), images/s; ratios within a round: median (least to most)\n\n\(table.terminal)",
        terminator: "")
    }
    if let table = TextTable.profile(runner.profiles) {
      print("\nprofile of end-to-end training\n\n\(table.terminal)", terminator: "")
    }
    for remark in runner.remarks { print("note: \(remark).") }
  }

  private func findPeers() throws -> Peers? {
    if withoutPeers { return nil }
    let own = ((#filePath as NSString).deletingLastPathComponent as NSString).appendingPathComponent("peers")
    let found = try Peers(
      interpreters: python.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
      folder: peers ?? own)
    for module in ["torch", "jax"] where found.interpreters[module] == nil {
      say("No \(module) in \(python); name an interpreter that has it with --python to compare with it.")
      let former = try? CSVTable(reading: folder(of: preset) + "/cells.csv")
      if try former?.rows.contains(where: { try $0.text("contender").hasPrefix(module) }) == true {
        throw FileError(
          path: folder(of: preset), reason: "holds a run with \(module), which this one would replace",
          cure:
            "name an interpreter that has it with --python, or measure with --without-peers, which writes to '\(Self.selected)'"
        )
      }
    }
    return found
  }

  private static func ownExecutable() throws -> String {
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
      throw FileError(path: "/proc/self/exe", reason: "cannot be read", cure: "run this on Linux")
    }
    return path
  }

  private func writeProvenance(_ runner: Runner, _ preset: String, started: Date) throws {
    try Provenance(
      study: "benchmarks", preset: preset,
      commands: [(["swift run benchmark"] + CommandLine.arguments.dropFirst()).joined(separator: " ")],
      threads: ProcessInfo.processInfo.activeProcessorCount, jobs: 1, libraries: runner.versions,
      started: started
    ).write(to: folder(of: preset) + "/provenance.json")
  }

  // MARK: - Figures

  private func draw(in folder: String) throws {
    let cells = try CSVTable(reading: folder + "/cells.csv")
    let script = (#filePath as NSString).deletingLastPathComponent + "/training-rate.gp"
    try AtomicFile.makeFolder(folder + "/figures")
    let counts = try Set(
      // The figure shows the attention model only.
      cells.rows.filter {
        try $0.text("part") == Work.training.rawValue && $0.text("network").hasPrefix("ram-")
      }.compactMap { try $0.number("threads") })
    do {
      for threads in counts.sorted() {
        try FigureDrawing(data: folder).draw(
          script: script, variables: [("threads", "\(Int(threads))")],
          to: "\(folder)/figures/training-rate-\(Int(threads))")
      }
    } catch let error as FileError where error.path == "gnuplot" {
      say("\(error)")  // the tables are there
    }
    print("\nWritten to \(folder).")
  }
}
