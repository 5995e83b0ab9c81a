import Foundation
import Synchronization
import Training

/// The executable of a study, built beside this one.
struct BuiltStudy {
  static let prefix = "study-"

  let name: String
  let path: String

  /// One for every folder in `Studies`, in the order of their names.
  static func all() throws -> [BuiltStudy] {
    let manager = FileManager.default
    let executable =
      (try? manager.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    let beside = (executable as NSString).deletingLastPathComponent
    let folders = ((try? manager.contentsOfDirectory(atPath: "Studies")) ?? []).sorted()
      .filter { manager.fileExists(atPath: "Studies/\($0)/main.swift") }
    guard !folders.isEmpty else {
      throw FileError(path: "Studies", reason: "holds no study", cure: "run this from the package's folder")
    }
    return try folders.map { folder in
      let name = prefix + folder.lowercased()
      let path = "\(beside)/\(name)"
      guard manager.isExecutableFile(atPath: path) else {
        throw FileError(path: path, reason: "this study is not built", cure: "run 'swift build' first")
      }
      return BuiltStudy(name: name, path: path)
    }
  }

  /// Runs the study to its end; its exit status, 128 and the signal's number if a signal ended it.
  ///
  /// Ctrl-C and SIGTERM are passed on, so that the study stops as it does alone and can go on later. `quietly`
  /// leaves out what it prints but for what is wrong.
  func run(_ arguments: [String], quietly: Bool = false) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if quietly { process.standardOutput = FileHandle.nullDevice }
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        let child = BuiltStudy.running.load(ordering: .relaxed)
        if child > 0 { kill(child, number) }
      }
    }
    try process.run()
    // A terminal sends Ctrl-C to the group of both; a second one would make the study leave at once.
    setpgid(process.processIdentifier, process.processIdentifier)
    Self.running.store(process.processIdentifier, ordering: .relaxed)
    process.waitUntilExit()
    Self.running.store(0, ordering: .relaxed)
    return process.terminationReason == .uncaughtSignal
      ? 128 + process.terminationStatus : process.terminationStatus
  }

  private static let running = Atomic<pid_t>(0)
}
