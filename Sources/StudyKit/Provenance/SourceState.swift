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

/// The processor's name, and the instruction sets that matter for matrix arithmetic.
struct Processor: Equatable {
  var name = "unknown"
  var instructionSets: [String] = []

  static func current() -> Processor {
    Processor(
      description: String(
        decoding: FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data(), as: UTF8.self))
  }

  /// Reads the text of /proc/cpuinfo: `flags` on x86-64, `Features` on ARM, which often gives no name.
  init(description: String) {
    let relevant = [
      "sse4_2", "avx", "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512dq", "avx512vl",
      "avx512_vnni",
      "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16", "asimd", "asimdhp", "sve", "sve2",
      "i8mm", "bf16",
    ]
    for line in description.split(separator: "\n") {
      let halves = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard halves.count == 2 else { continue }
      switch halves[0] {
      case "model name" where name == "unknown": name = halves[1]
      case "flags" where instructionSets.isEmpty, "Features" where instructionSets.isEmpty:
        let flags = Set(halves[1].split(separator: " ").map(String.init))
        instructionSets = relevant.filter(flags.contains)
      default: break
      }
    }
  }
}
