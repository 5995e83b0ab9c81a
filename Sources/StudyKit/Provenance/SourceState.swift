import Foundation

/// The commit that the running program was built from.
struct SourceState: Equatable {
  static let unknown = "unknown"
  var commit = unknown
  var uncommittedChanges: Bool?

  /// Looks from the executable's folder, since `.build/...` lies in the checkout of the study's package, then from the
  /// current one. There, a checkout of something else, in which the study was merely started, does not count.
  static func current() -> SourceState {
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    func checkout(_ folder: String) -> String? {
      guard FileManager.default.fileExists(atPath: folder) else { return nil }
      return Command.output(["git", "rev-parse", "--show-toplevel"], in: folder)
    }
    if let top = checkout((executable as NSString).deletingLastPathComponent) {
      return SourceState(checkout: top)
    }
    guard let top = checkout(FileManager.default.currentDirectoryPath),
      FileManager.default.fileExists(atPath: top + "/Sources/StudyKit")
    else { return SourceState() }
    return SourceState(checkout: top)
  }

  private init() {}

  init(checkout folder: String) {
    guard let commit = Command.output(["git", "rev-parse", "HEAD"], in: folder) else { return }
    self.commit = commit
    // Results change while a study runs; that is not a change of the source.
    let status = ["git", "status", "--porcelain", "--", ".", ":(exclude)Results"]
    uncommittedChanges = Command.output(status, in: folder).map { !$0.isEmpty }
  }
}
