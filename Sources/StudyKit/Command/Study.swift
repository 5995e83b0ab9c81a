import ArgumentParser
import Foundation
import Learning

/// One experiment of the paper: reads its command line, trains its conditions, and writes everything that a reader
/// of the results needs into `Results/<name>/<preset>/`.
///
/// A study declares its conditions, tables and figures. The command line decides what is trained, collected, verified
/// or drawn.
public final class Study {
  public let name: String
  /// Title of the figures and the report: "Cluttered digits".
  public let title: String
  public let question: String
  public let measure: Measure
  public let options: StudyOptions
  public let preset: Preset
  public let plan: Plan
  /// The plan of the preset `paper`, whichever preset is run.
  let paperPlan: Plan?
  /// Where the study writes.
  public let folder: String
  /// What this study decides where the paper is silent, for the report.
  public var ours: [String] = []
  public internal(set) var conditions: [Condition] = []
  /// What wrote the tables: the content of `provenance.json`.
  public internal(set) var provenance: Provenance?

  /// The folder of the main file, which also has the study's own figure scripts.
  let scripts: String
  let started = Date()
  var records: RecordedRuns
  /// The runs that this command trains, takes over or collects.
  var asked: [Run] = []
  /// Whether it was asked to stop after a run was recorded. Then tables and figures are written, and the study ends.
  var isStopped = false
  private var lock: FolderLock?

  // What the report has gathered so far
  var figures: [(name: String, caption: String)] = []
  var figureInputs: [String: String] = [:]
  var lacksGnuplot = false
  /// Whether gnuplot failed to draw a figure, which a sentence has said.
  var hasUndrawnFigures = false
  /// The study's own tables that this command has written.
  var ownTables: Set<String> = []
  /// Those that need trained models and were kept as an earlier command made them.
  var keptTables: [String] = []
  /// The tables that `--columns` has met so far.
  var tables: [TableDescription] = []

  /// Runs a study from its command line and exits: with 0 on success; with 1 and a sentence after an error, such as a
  /// figure that was not drawn; with 2 when a run diverged; with 64 for an unknown option; with 129, 130 or 143 when
  /// it was stopped.
  ///
  /// - Parameters:
  ///   - plans: what each preset trains.
  ///   - script: the study's main file.
  public static func run(
    _ name: String, title: String, question: String, measure: Measure = .error, plans: [Preset: Plan],
    script: String = #filePath, _ body: (Study) throws -> Void
  ) {
    prepareProcess()
    StudyOptions.name(study: name, abstract: question)
    let options = StudyOptions.parseOrExit()
    StopSignal.install()
    var trainsNothing = false
    do {
      let study = try Study(
        name, title: title, question: question, measure: measure, plans: plans, options: options,
        script: script)
      defer { trainsNothing = study.conditions.isEmpty }
      try body(study)
      if study.isStopped || StopSignal.isSet { throw Interruption() }
      try study.reportFailures()
      throw Finished(status: study.hasUndrawnFigures ? 1 : 0)
    } catch is Interruption {
      say(
        options.verify != nil || options.retest
          ? "Stopped; not verified."
          : trainsNothing ? "Stopped; nothing is kept." : "Stopped. The same command resumes from here.")
      exit(StopSignal.exitStatus)
    } catch let finished as Finished {
      do {
        try checkStandardOutput()
      } catch {
        say("study-\(name): \(error)")
        exit(1)
      }
      exit(finished.status)
    } catch {
      say("study-\(name): \(StudyOptions.message(for: error))")
      exit(1)
    }
  }

  /// The command is done.
  struct Finished: Error {
    var status: Int32 = 0
  }

  init(
    _ name: String, title: String, question: String, measure: Measure = .error, plans: [Preset: Plan],
    options: StudyOptions, script: String
  ) throws {
    try checkFileName(name, of: "a study")
    let recorded = try options.verify.map { try Self.recorded(at: $0, study: name, preset: options.preset) }
    preset = recorded?.preset ?? options.preset
    guard let plan = plans[preset] else {
      throw FileError(
        path: "study-\(name)", reason: "this study has no preset '\(preset.rawValue)'",
        cure: "choose among " + plans.keys.map(\.rawValue).sorted().joined(separator: ", "))
    }
    self.name = name
    self.title = title
    self.question = question
    self.measure = measure
    self.options = options
    self.plan = plan
    scripts = (script as NSString).deletingLastPathComponent
    paperPlan = plans[.paper]
    folder = recorded?.folder ?? "\(options.results)/\(name)/\(preset.rawValue)"
    records = try RecordedRuns(reading: folder)
    let file = folder + "/provenance.json"
    if FileManager.default.fileExists(atPath: file) { provenance = try Provenance(reading: file) }
  }

  // MARK: - What the command line asks for

  /// Declares the conditions, and lists, trains, collects or verifies them, as the command line asks. Then writes the
  /// tables of all recorded runs.
  ///
  /// - Parameter published: conditions whose weights are published from every seed, and not only from the first: those
  ///   that a table is made from whose rows are means over seeds.
  public func train(_ conditions: [Condition], publishingEverySeedOf published: [Condition] = []) throws {
    let conditions = conditions.map { condition in
      var condition = condition
      condition.publishesEverySeed = published.contains { $0.name == condition.name }
      condition.override = options.override
      return condition
    }
    try declare(conditions)
    if options.columns { return tables += describeRunTables() }
    let selected = try options.selected(from: conditions.map(\.name))
    if options.list {
      print(list(selected), terminator: "")
      throw Finished()
    }
    let names = selected.filter { options.only != nil || !plan.leavesOut.contains($0) }
    let runs = try conditions.flatMap { condition in
      try (1...(options.seeds ?? plan.seeds)).map { try run(condition, seed: UInt64($0)) }
    }
    asked = runs.filter { names.contains($0.condition.name) }
    if options.listRuns { try listRuns() }
    if let name = options.train {
      guard let run = runs.first(where: { $0.identifier == name }) else {
        throw ValidationError(
          "There is no run '\(name)'; --list-runs lists the runs, and --seeds adds seeds.")
      }
      asked = [run]
    }
    if options.verify != nil { try verify(names) }
    if options.retest { try retest(selected) }
    try open()
    for name in try records.check(conditions, preset: plan.training) {
      say(
        "\(folder)/runs: \(name) is left out of the tables, because the study has no condition of that name.")
    }
    guard records.all.isEmpty || conditions.contains(where: { !records(of: $0).isEmpty }) else {
      throw FileError(
        path: folder, reason: "has only records of conditions that the study does not have",
        cure:
          "if another study wrote them, rename this one or name another folder with --results; else remove them "
          + "from runs/")
    }
    if options.figuresOnly {
      try writeRunTables()
      // Records that were brought here from another folder have none yet.
      if provenance == nil { try writeProvenance(commands: recordedCommands) }
      return
    }
    let changes = options.collect ? try collect() : try trainAsked()
    if options.train != nil {
      try reportFailures()
      throw Finished()
    }
    try writeRunTables()
    if changes > 0 || provenance == nil {
      try writeProvenance(commands: [command(seeds: options.seeds, only: options.only)])
    }
  }

  /// Declares that nothing is trained: refuses the options of training, and takes the folder.
  public func trainNothing() throws {
    if options.costs { throw Finished() }  // there are no runs to list
    if options.columns { return }
    if !options.amongStudies, let option = options.ofTraining.first {
      throw ValidationError("study-\(name) trains nothing, so \(option) means nothing; leave it out.")
    }
    try open(hasRecords: false)
  }

  private func declare(_ conditions: [Condition]) throws {
    let names = conditions.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw DefinitionError(
        "a condition's name", "'\(twice)'", "another condition of the study has it",
        cure: "rename one of them")
    }
    guard !names.isEmpty else {
      throw DefinitionError(
        "the list of conditions", "empty", "a study trains at least one", cure: "declare one")
    }
    try plan.check(conditions: names)
    let sources = DataSource.all(of: conditions)
    if options.mnist != nil, sources.isEmpty, !options.amongStudies {
      throw ValidationError("study-\(name) uses no digits, so --mnist means nothing; leave it out.")
    }
    self.conditions = conditions
    // The paper's numbers are for MNIST.
    for index in conditions.indices where sources.contains(where: { $0 != .mnist }) {
      self.conditions[index].paper = nil
    }
  }

  /// Takes the results folder.
  private func open(hasRecords: Bool = true) throws {
    let isThere = hasRecords ? !records.all.isEmpty : FileManager.default.fileExists(atPath: folder)
    if options.figuresOnly, !isThere {
      throw FileError(
        path: folder, reason: "has no \(hasRecords ? "records" : "tables") to draw from",
        cure: "run the study without --figures-only first")
    }
    if !options.figuresOnly { try AtomicFile.makeFolder(folder + "/checkpoints") }
    lock = try FolderLock(folder: folder, run: options.train)
    if options.train == nil {
      let folders = ["", "/checkpoints", "/figures", "/runs", "/weights"]
      AtomicFile.removeLeftovers(in: folders.map { folder + $0 })
    }
    records = try RecordedRuns(reading: folder)  // with what another process has finished meanwhile
  }

  /// For `--columns`, once all tables have been declared: prints what their columns are, and ends.
  func describeTables() throws {
    guard options.columns else { return }
    var seen: Set<String> = []
    print(
      tables.filter { seen.insert($0.name).inserted }.map(\.markdown).joined(separator: "\n"), terminator: "")
    throw Finished()
  }

  private func list(_ names: [String]) -> String {
    var table = TextTable(
      header: ["condition", "model", "task", "paper, %"], alignments: [.left, .left, .left, .right])
    for condition in conditions where names.contains(condition.name) {
      let name = condition.name + (plan.leavesOut.contains(condition.name) ? " (--only)" : "")
      table.append([name, condition.label, condition.group, condition.paper.map { $0.fixed(2) } ?? ""])
    }
    return table.terminal
  }

  func run(_ condition: Condition, seed: UInt64) throws -> Run {
    try Run(condition, seed: seed, preset: plan.training, folder: folder)
  }

  // MARK: - What was done

  func writeProvenance(commands: [String]) throws {
    let before = provenance?.commands ?? []
    let written = Provenance(
      study: name, preset: preset.rawValue, commands: before + commands.filter { !before.contains($0) },
      threads: options.threadCount, jobs: options.jobCount(runs: max(1, asked.count)), started: started)
    try written.write(to: folder + "/provenance.json")
    provenance = written
  }

  /// - Throws: `Finished` with status 2 when a run that was asked for diverged.
  private func reportFailures() throws {
    guard !options.figuresOnly else { return }
    let failures = asked.compactMap { run in records[run.identifier]?.failure.map { "\(run.name): \($0)." } }
    guard !failures.isEmpty else { return }
    say(failures.joined(separator: "\n"))
    throw Finished(status: 2)
  }
}
