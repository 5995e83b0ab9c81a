import Foundation

/// The commit that the running program was built from.
struct SourceState: Equatable {
  var commit = "unknown"
  var uncommittedChanges: Bool?

  /// Looks from the executable's folder (`.build/...` lies in the checkout), then from the current one. A checkout of
  /// something else, in which the study was merely started, does not count.
  static func current() -> SourceState {
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folders = [
      (executable as NSString).deletingLastPathComponent, FileManager.default.currentDirectoryPath,
    ]
    for folder in folders where FileManager.default.fileExists(atPath: folder) {
      guard let top = Command.output(["git", "rev-parse", "--show-toplevel"], in: folder),
        FileManager.default.fileExists(atPath: top + "/Sources/StudyKit")
      else { continue }
      return SourceState(checkout: top)
    }
    return SourceState()
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
