import Foundation
import Learning
import StudyKit
import Synchronization

/// The executable of a study, built beside this one.
struct BuiltStudy {
  static let prefix = "study-"

  let name: String
  let path: String

  /// Where it writes.
  func folder(_ preset: Preset, in results: String) -> String {
    "\(results)/\(name.dropFirst(Self.prefix.count))/\(preset.rawValue)"
  }

  /// A study that trains nothing has a report and no runs.
  func hasResults(_ preset: Preset, in results: String) -> Bool {
    ["runs", "report.md"].contains {
      FileManager.default.fileExists(atPath: "\(folder(preset, in: results))/\($0)")
    }
  }

  /// One for every folder in `Studies`, in the order of their names.
  static func all() throws -> [BuiltStudy] {
    let manager = FileManager.default
    let folders = ((try? manager.contentsOfDirectory(atPath: "Studies")) ?? []).sorted()
      .filter { manager.fileExists(atPath: "Studies/\($0)/main.swift") }
    guard !folders.isEmpty else {
      throw FileError(path: "Studies", reason: "holds no study", cure: "run this from the package's folder")
    }
    return try folders.map { folder in try BuiltStudy(built: prefix + folder.lowercased()) }
  }

  init(built name: String) throws {
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    self.name = name
    path = (executable as NSString).deletingLastPathComponent + "/" + name
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw FileError(
        path: path, reason: "is not built",
        cure: "run 'swift build'; a new study must be in the list 'studies' of Package.swift")
    }
  }

  /// Runs the study to its end. Returns its exit status, or 128 plus the signal's number if a signal ended it.
  ///
  /// Ctrl-C, SIGTERM and SIGHUP are passed on, so the study stops as it does alone and can be resumed later. A terminal
  /// does not send them to it as well, because Foundation gives it a process group of its own.
  ///
  /// - Parameter output: gets what it prints, in place of standard output.
  func run(_ arguments: [String], output: FileHandle? = nil) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments + (name.hasPrefix(Self.prefix) ? ["--among-studies"] : [])
    if let output { process.standardOutput = output }
    StopSignal.install { number in
      let child = BuiltStudy.running.load(ordering: .relaxed)
      if child > 0 {
        kill(child, number)
      } else if child == BuiltStudy.starting {
        BuiltStudy.early.store(number, ordering: .relaxed)
      } else {
        _exit(128 + number)
      }
    }
    // Ctrl-Z stops both, and continuing this program continues both.
    signal(SIGTSTP) { _ in
      let child = BuiltStudy.running.load(ordering: .relaxed)
      if child > 0 { kill(child, SIGSTOP) }
      kill(getpid(), SIGSTOP)
      if child > 0 { kill(child, SIGCONT) }
    }
    signal(SIGQUIT) { number in
      let child = BuiltStudy.running.load(ordering: .relaxed)
      if child > 0 { kill(child, number) }
      _exit(128 + number)
    }
    Self.running.store(Self.starting, ordering: .relaxed)
    do {
      try process.run()
    } catch {
      Self.running.store(0, ordering: .relaxed)
      throw error
    }
    Self.running.store(process.processIdentifier, ordering: .relaxed)
    let number = Self.early.exchange(0, ordering: .relaxed)
    if number > 0 { kill(process.processIdentifier, number) }
    process.waitUntilExit()
    Self.running.store(0, ordering: .relaxed)
    return process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
  }

  /// A run without a record, as the study lists it.
  struct MissingRun {
    let key: String
    /// Estimated time on one thread.
    let seconds: Double
  }

  /// - Throws: `StudyFailure` with the study's status when it fails.
  func missingRuns(_ arguments: [String]) throws -> [MissingRun] {
    let lines = try output(
      of: arguments.filter { $0 != "--live" } + ["--list-runs", "--missing", "--costs"],
      failing: "did not list its runs")
    return lines.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      return words.count == 3 ? Double(words[2]).map { MissingRun(key: words[1], seconds: $0) } : nil
    }
  }

  /// Runs it and returns what it prints.
  ///
  /// - Throws: `StudyFailure` with the study's status, and what it failed to do.
  func output(of arguments: [String], failing: String) throws -> String {
    let place = NSTemporaryDirectory() + "reproduce-\(UUID().uuidString)"
    try AtomicFile.write("", to: place)
    defer { unlink(place) }
    let status = try run(arguments, output: FileHandle(forWritingAtPath: place))
    try StudyFailure.throwIfStopped(self, status)
    guard status == 0 else { throw StudyFailure("\(name) \(failing); it says why above.", status) }
    return String(decoding: FileManager.default.contents(atPath: place) ?? Data(), as: UTF8.self)
  }

  /// The process of the study; 0 for none, `starting` when it has no number yet.
  private static let running = Atomic<pid_t>(0)
  private static let starting: pid_t = -1
  /// A signal that came before the process had a number.
  private static let early = Atomic<Int32>(0)
}
