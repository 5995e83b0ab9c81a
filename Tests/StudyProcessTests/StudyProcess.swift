import Foundation
import TestProcesses
import Testing

/// The tests of this target, one after the other: each starts processes that use every core.
@Suite(.serialized, .promptly) enum StudyProcessTests {}

/// How a process ended, and what it said.
struct Outcome: Sendable {
  /// 128 and the signal's number if a signal ended it.
  let status: Int32
  let output: String
  let errors: String

  init(status: Int32, output: String, errors: String) {
    (self.status, self.output, self.errors) = (status, output, errors)
  }

  /// Of a command line of a shell.
  init(shell line: String, in folder: TemporaryFolder) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "(\(line)) > output 2> errors"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    try process.run()
    process.waitUntilExit()
    self.init(
      status: process.terminationStatus, output: try folder.text("output"), errors: try folder.text("errors"))
  }

  /// The lines on standard error that are not progress, which starts with a time.
  var sentences: [String] {
    errors.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("20") }
  }

  /// Whether a person reads a sentence and not a trace of the program's insides.
  var isCrash: Bool {
    status > 128 + 15 || status == 128 + SIGABRT || errors.contains("Fatal error")
      || errors.contains("Stack dump")
      || errors.contains("Thread 0")
  }
}

/// The real executable `study-cluttered`, or another one that is built beside it, with the smallest budget that trains,
/// validates, tests, writes and draws.
final class StudyProcess {
  /// The condition whose glimpse paths the study writes, from two seeds.
  static let small = ["--preset", "smoke", "--only", "ram-6", "--seeds", "2"]

  private let process = Process()
  private let streams: TemporaryFolder

  var identifier: Int32 { process.processIdentifier }

  /// - Parameters:
  ///   - drawing: whether it finds gnuplot; figures take half the time of a small run.
  ///   - inTerminal: whether its streams are a terminal, which `script` makes; all comes as output then.
  init(
    _ arguments: [String], of name: String = "study-cluttered", results: String? = nil, drawing: Bool = false,
    inTerminal: Bool = false, in folder: String? = nil
  ) throws {
    streams = try TemporaryFolder()
    let executable = try Self.executable(name)
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let arguments = arguments + (results.map { ["--results", $0] } ?? [])
    process.executableURL = URL(fileURLWithPath: inTerminal ? "/usr/bin/script" : executable)
    process.arguments =
      inTerminal
      ? ["-qec", "stty rows 40 cols 100; " + ([executable] + arguments).joined(separator: " "), "/dev/null"]
      : arguments
    var environment = ProcessInfo.processInfo.environment
    for name in ["DISPLAY", "WAYLAND_DISPLAY"] { environment[name] = nil }
    if !drawing { environment["PATH"] = streams.path }
    process.environment = environment
    for name in ["output", "errors"] { try Data().write(to: URL(fileURLWithPath: streams[name])) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: streams["output"])
    process.standardError = FileHandle(forWritingAtPath: streams["errors"])
    try process.run()
  }

  deinit { if process.isRunning { kill(identifier, SIGKILL) } }

  /// Runs it to its end.
  @discardableResult
  static func run(
    _ arguments: [String], of name: String = "study-cluttered", results: String? = nil, drawing: Bool = false,
    inTerminal: Bool = false, in folder: String? = nil
  ) throws -> Outcome {
    try StudyProcess(
      arguments, of: name, results: results, drawing: drawing, inTerminal: inTerminal, in: folder
    ).wait()
  }

  func send(_ signal: Int32) { kill(identifier, signal) }

  /// Waits until something is there; false when the process has ended first.
  func reaches(_ isThere: () -> Bool) -> Bool {
    while process.isRunning {
      if isThere() { return true }
      usleep(2_000)
    }
    return isThere()
  }

  func wait() throws -> Outcome {
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return Outcome(
      status: process.terminationStatus + (signalled ? 128 : 0), output: try streams.text("output"),
      errors: try streams.text("errors"))
  }

  /// Built into the folder that this test bundle is in.
  static func executable(_ name: String) throws -> String {
    let manager = FileManager.default
    let running = (try? manager.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let places = [running, CommandLine.arguments[0], Bundle.main.executablePath ?? ""]
      .map { ($0 as NSString).deletingLastPathComponent + "/" + name }
    return try #require(
      places.first { manager.isExecutableFile(atPath: $0) },
      "\(name) is built beside the tests: \(places)")
  }
}

/// The results folder of one test, gone when the test is over.
final class TemporaryFolder: Sendable {
  let path = NSTemporaryDirectory() + "study-process-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// A copy of the undisturbed run, to be damaged or continued.
  init(copying original: TemporaryFolder) throws {
    try FileManager.default.copyItem(atPath: original.path, toPath: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(name: String) -> String { path + "/" + name }

  func text(_ name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: self[name])) }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self[name]) }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self[name]) }

  /// Replaces the first occurrence.
  func edit(_ name: String, _ old: String, _ new: String) throws {
    let text = try text(name)
    let range = try #require(text.range(of: old), "\(name) has no \(old)")
    try Data(text.replacingCharacters(in: range, with: new).utf8).write(to: URL(fileURLWithPath: self[name]))
  }

  /// All files below it.
  func names() -> [String] {
    (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
  }

  func names(endingIn end: String) -> [String] { names().filter { $0.hasSuffix(end) } }
}

/// Where a study puts the smoke run's files within its results folder.
let smoke = "cluttered/smoke/"
/// All tables of the undisturbed run but the one that depends on a clock.
func tables() throws -> [String] {
  try Undisturbed.folder().names(endingIn: ".csv").filter {
    $0.hasPrefix(smoke) && $0 != smoke + "timing.csv"
  }
}
let firstCheckpoint = smoke + "checkpoints/ram-6-seed1.safetensors"

/// The run that all others are compared with: started once, left alone to its end, with figures.
enum Undisturbed {
  private static let result: Result<(TemporaryFolder, Outcome), any Error> = Result {
    let folder = try TemporaryFolder()
    // Kept as long as the tests run, so nobody else would remove it.
    atexit { if let (folder, _) = try? Undisturbed.result.get() { _ = try? folder.remove("") } }
    let outcome = try StudyProcess.run(StudyProcess.small, results: folder.path, drawing: true)
    return (folder, outcome)
  }

  static func folder() throws -> TemporaryFolder { try result.get().0 }
  static func outcome() throws -> Outcome { try result.get().1 }
}

/// Expects the tables of the undisturbed run, byte for byte.
func expectUndisturbedTables(_ folder: TemporaryFolder, sourceLocation: SourceLocation = #_sourceLocation)
  throws
{
  let undisturbed = try Undisturbed.folder()
  for table in try tables() {
    let same = try folder.bytes(table) == undisturbed.bytes(table)
    #expect(same, "\(table) differs", sourceLocation: sourceLocation)
  }
}
