import Foundation
import NumericCore
import RecurrentAttention
import Training
import VisualTasks

/// What a preset means for one study: how many seeds, and how long each run trains.
public struct Plan: Sendable {
  public var seeds: Int
  public var training: TrainingSettings
  /// Conditions that are trained only when `--only` names them, to keep the preset short.
  public var leavesOut: Set<String>

  public init(seeds: Int, _ training: TrainingSettings, leavesOut: Set<String> = []) {
    self.seeds = seeds
    self.training = training
    self.leavesOut = leavesOut
  }
}

/// One experiment of the paper: reads its command line, trains its conditions, and writes everything that a
/// reader of the results needs into `Results/<name>/<preset>/`.
public final class Study {
  public let name: String
  /// Title of the figures and the report: "Cluttered digits".
  public let title: String
  public let question: String
  public let options: StudyOptions
  public private(set) var plan: Plan
  /// MNIST, or what `--mnist` names; one copy for all runs.
  public let digits: DigitImages
  /// Where the study writes.
  public let folder: String

  let scripts: String
  /// That of the preset `paper`, whichever is run.
  let paperPlan: Plan?
  let started = Date()
  /// What every figure was drawn from in this run.
  var figureInputs: [String: String] = [:]
  private var lock: FolderLock?
  var conditions: [Condition] = []
  var runs: [Run] = []
  var records: [String: RunRecord] = [:]
  var figures: [(name: String, caption: String)] = []
  var lacksGnuplot = false
  /// What the tables of the results folder were when they were written, by file name.
  var tableChecksums: [String: TableChecksum] = [:]
  /// As it was written in this run.
  var provenance: Provenance?
  /// What `--verify` compares with.
  let recorded: RecordedStudy?
  /// What this study decides where the paper is silent, for the report.
  public var ours: [String] = []

  /// Runs a study from its command line and leaves with its exit status: 0; 1 and one sentence about what was
  /// wrong; 2 when a run diverged; 130 or 143 when it was stopped.
  ///
  /// - Parameters:
  ///   - script: the study's main file, beside which its own figure scripts stand.
  ///   - plans: what each preset trains.
  public static func run(
    _ name: String, title: String, question: String, plans: [Preset: Plan], script: String = #filePath,
    _ body: (Study) throws -> Void
  ) {
    let options = StudyOptions.parseOrExit(studyName: name, abstract: question)
    StopSignal.install()
    do {
      let study = try Study(
        name, title: title, question: question, plans: plans, options: options, script: script)
      try body(study)
      let failures = study.runs.compactMap { run in
        study.records[run.name]?.failure.map { "\(run.name): \($0)" }
      }
      guard failures.isEmpty else {
        FileHandle.standardError.write(Data(failures.map { "\($0).\n" }.joined().utf8))
        exit(2)
      }
    } catch is Interruption {
      let sentence =
        options.verify == nil ? "Stopped. The same command goes on from here." : "Stopped; not verified."
      FileHandle.standardError.write(Data((sentence + "\n").utf8))
      exit(StopSignal.exitStatus)
    } catch let finished as Finished {
      exit(finished.status)
    } catch {
      FileHandle.standardError.write(Data("study-\(name): \(StudyOptions.message(for: error))\n".utf8))
      exit(1)
    }
  }

  /// What the command line asked for is done; nothing is left to do.
  struct Finished: Error {
    var status: Int32 = 0
  }

  init(
    _ name: String, title: String, question: String, plans: [Preset: Plan], options: StudyOptions,
    script: String
  ) throws {
    var options = options
    recorded = try options.verify.map { try RecordedStudy(at: $0, study: name) }
    if let recorded { options.preset = recorded.preset }
    guard let plan = plans[options.preset] else {
      throw FileError(
        path: "study-\(name)", reason: "this study has no preset '\(options.preset.rawValue)'",
        cure: "choose among " + plans.keys.map(\.rawValue).sorted().joined(separator: ", "))
    }
    self.name = name
    self.title = title
    self.question = question
    self.options = options
    self.plan = plan
    if let rate = options.learningRate { self.plan.training.learningRate = .constant(rate) }
    if options.bfloat16 { self.plan.training.precision = .bfloat16 }
    scripts = (script as NSString).deletingLastPathComponent
    paperPlan = plans[.paper]
    digits = try options.mnist.map { try DigitImages(directory: $0) } ?? DigitImages.bundled()
    folder = recorded?.folder ?? "\(options.results)/\(name)/\(options.preset.rawValue)"
  }

  // MARK: - Training

  /// Trains every condition from every seed, as many at once as `--jobs` allows, and writes the tables.
  public func run(_ conditions: [Condition]) throws {
    try run(conditions, tables: { runTables })
  }

  /// The same with tables of another kind.
  func run(_ conditions: [Condition], tables: () -> RunTables) throws {
    if let recorded, !options.list { try verify(conditions, recorded, tables: tables) }
    let selected = try options.selected(from: conditions.map(\.name))
    let names = options.only == nil ? selected.filter { !plan.leavesOut.contains($0) } : selected
    let seeds = options.seeds ?? plan.seeds
    runs = try conditions.flatMap { condition in
      try (1...seeds).map { seed in
        try Run(
          condition, seed: UInt64(seed), preset: plan.training, data: checksums,
          folder: folder + "/checkpoints")
      }
    }
    let asked = runs.filter { names.contains($0.condition.name) }
    if options.listRuns { try list(asked) }
    try checkRunToTrain()
    try open(conditions)
    if options.fresh { try discardCheckpoints(of: names) }
    if options.figuresOnly { return }
    if options.train != nil { try trainSingleRun() }
    if options.collect { try collect(asked) } else { try execute(asked) }
    // Conditions that were left out with --only keep the results they have.
    for run in runs where !names.contains(run.condition.name) {
      do {
        if let record = try run.savedRecord() { records[run.name] = record }
      } catch {
        FileHandle.standardError.write(Data("\(run.name) is left out of the tables: \(error)\n".utf8))
      }
    }
    let written = tables()
    try write(written.runs, as: "runs")
    try write(written.curves, as: "curves")
    try write(written.timing, as: "timing")
    try writeProvenance(seeds: Array(1...seeds))
  }

  /// Takes the results folder for these conditions, or answers `--list`.
  func open(_ conditions: [Condition]) throws {
    if options.list {
      print(conditionList(conditions), terminator: "")
      throw Finished()
    }
    self.conditions = conditions
    if options.figuresOnly { try checkTables() } else { try AtomicFile.makeFolder(folder + "/checkpoints") }
    if let run = options.train {
      lock = try FolderLock(folder: folder, run: run)
      return
    }
    lock = try FolderLock(folder: folder)
    tableChecksums = ((try? Provenance(reading: folder + "/provenance.json"))?.tables ?? [:])
      .filter { FileManager.default.fileExists(atPath: folder + "/" + $0.key) }
    AtomicFile.removeLeftovers(in: [folder, folder + "/checkpoints", folder + "/figures"])
  }

  func execute(_ runs: [Run]) throws {
    let jobs = options.jobCount(runs: runs.count)
    let threads = max(1, options.threadCount / jobs)
    let display = ProgressDisplay(total: runs.reduce(0) { $0 + $1.cost })
    defer { display.close() }
    let live = options.live ? LiveCurves(title: title, on: display) : nil
    defer { live?.close() }
    let queue = RunQueue(Self.longestFirst(runs))
    queue.work(jobs: jobs) { run in
      let pool = WorkerPool(threads: threads)
      defer { pool.close() }
      let cost = run.condition.network.relativeCost
      let record = try run.execute(pool: pool, isStopping: { StopSignal.isSet || queue.hasFailed }) {
        record, examples, speed in
        live?.show(run: run.name, of: run.condition.name, record)
        display.update(
          run: run.name,
          ProgressDisplay.fields(
            epoch: min(record.epochs.count + 1, run.training.epochs), of: run.training.epochs,
            trainErrorPercent: record.epochs.last?.training.errorPercent,
            validationErrorPercent: record.epochs.last?.validationErrorPercent),
          done: Double(examples) * cost, of: run.work * cost, imagesPerSecond: speed)
      }
      live?.show(run: run.name, of: run.condition.name, record)
      display.finished(run: run.name, line: Self.line(record))
      return record
    }
    for (run, record) in queue.finished { records[run.name] = record }
    if let error = queue.firstError { throw error }
  }

  private static func line(_ record: RunRecord) -> String {
    if let failure = record.failure { return "given up: \(failure)" }
    guard let test = record.test else { return "not finished" }
    return "test \(CSVValue.fixed(test.errorPercent, places: 2)) %"
      + (test.sampledErrorPercent.map { "  sampled \(CSVValue.fixed($0, places: 2)) %" } ?? "")
      + "  in \(spoken(seconds: record.seconds.reduce(0, +)))"
  }

  private func discardCheckpoints(of names: [String]) throws {
    let manager = FileManager.default
    let place = folder + "/checkpoints"
    for file in (try? manager.contentsOfDirectory(atPath: place)) ?? []
    where names.contains(where: { file.hasPrefix($0 + "-seed") }) {
      try manager.removeItem(atPath: place + "/" + file)
    }
  }

  private func conditionList(_ conditions: [Condition]) -> String {
    var table = TextTable(
      header: ["condition", "task", "paper error, %"], alignments: [.left, .left, .right])
    for condition in conditions {
      let paper = condition.paperErrorPercent.map { CSVValue.fixed($0, places: 2) } ?? ""
      let name = condition.name + (plan.leavesOut.contains(condition.name) ? " (--only)" : "")
      table.append([name, condition.task.summary, paper])
    }
    return table.terminal
  }

  var checksums: [String: String] {
    Dictionary(digits.checksums.map { ($0.file, $0.crc32) }) { first, _ in first }
  }

  func writeProvenance(seeds: [Int]) throws {
    let jobs = options.jobCount(runs: max(1, runs.count))
    var provenance = Provenance(
      study: name, preset: options.preset.rawValue, arguments: Array(CommandLine.arguments.dropFirst()),
      seeds: seeds,
      threads: options.threadCount, jobs: jobs, libraries: ["oneDNN": oneDNNVersion()],
      dataChecksums: checksums,
      started: started)
    provenance.seconds = Date().timeIntervalSince(started)
    provenance.configurations = try runs.filter { $0.seed == 1 }.map { run in
      try JSONDecoder().decode(RunConfiguration.self, from: Data(run.configuration.utf8))
    }
    provenance.origins = OriginOfRuns.grouped(
      runs.compactMap { run in records[run.name].map { (run.name, $0) } })
    self.provenance = provenance
    try writeTableChecksums()
  }
}
