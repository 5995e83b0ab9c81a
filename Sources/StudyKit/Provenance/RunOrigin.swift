import Foundation
import Numerics

/// Everything outside its configuration that may change a digit of a run: the source and the machine.
public struct RunOrigin: Codable, Equatable, Sendable {
  public var commit: String
  /// Whether the source differed from that commit; nil outside git.
  public var uncommittedChanges: Bool?
  public var swift: String
  /// Versions by library name. This package is among them when it is not the study's own.
  public var libraries: [String: String]
  public var processor: String
  public var instructionSets: [String]

  /// The origin of what this process trains. Read once, before training, because a later commit is not what runs.
  public static let current = RunOrigin()

  private init() {
    let study = Self.studyCheckout
    (commit, uncommittedChanges) = study.map(Self.source(of:)) ?? Self.unknown
    swift = Self.compiler
    libraries = ["oneDNN": oneDNNVersion()]
    let package = Self.checkout((#filePath as NSString).deletingLastPathComponent)
    if let package, package != study {
      let source = Self.source(of: package)
      libraries["recurrent-visual-attention"] =
        source.commit + (source.uncommittedChanges == false ? "" : " with uncommitted changes")
    }
    let description = FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data()
    (processor, instructionSets) = Self.processor(String(decoding: description, as: UTF8.self))
  }

  /// Whether the commit says what was built.
  var isKnownSource: Bool { commit != Self.unknown.commit && uncommittedChanges == false }

  /// What differs from `other`, which may explain different digits: "processor: recorded X, here Y".
  func differences(from other: RunOrigin) -> [String] {
    func name(_ origin: RunOrigin) -> String {
      origin.commit + (origin.uncommittedChanges == true ? " with uncommitted changes" : "")
    }
    func list(_ versions: [String: String]) -> String {
      versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    let pairs = [
      ("commit", name(self), name(other)), ("Swift", swift, other.swift),
      ("libraries", list(libraries), list(other.libraries)), ("processor", processor, other.processor),
      (
        "instruction sets", instructionSets.joined(separator: " "),
        other.instructionSets.joined(separator: " ")
      ),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "\($0.0): recorded \($0.1), here \($0.2)" }
  }

  // MARK: - Where it comes from

  private static let unknown = (commit: "unknown", uncommittedChanges: Bool?.none)

  /// The checkout that the running program was built from.
  ///
  /// Looks from the executable's folder, since `.build/...` lies in the checkout of the study's package, then from the
  /// current one. There, a checkout of something else, in which the study was merely started, does not count.
  private static var studyCheckout: String? {
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return checkout((executable as NSString).deletingLastPathComponent)
      ?? checkout(FileManager.default.currentDirectoryPath).flatMap {
        FileManager.default.fileExists(atPath: $0 + "/Sources/StudyKit") ? $0 : nil
      }
  }

  private static func checkout(_ folder: String) -> String? {
    guard FileManager.default.fileExists(atPath: folder) else { return nil }
    return Command.output(["git", "rev-parse", "--show-toplevel"], in: folder)
  }

  static func source(of checkout: String) -> (commit: String, uncommittedChanges: Bool?) {
    guard let commit = Command.output(["git", "rev-parse", "HEAD"], in: checkout) else { return unknown }
    // Results change while a study runs; that is not a change of the source.
    let status = ["git", "--no-optional-locks", "status", "--porcelain", "--", ".", ":(exclude)Results"]
    return (commit, Command.output(status, in: checkout).map { !$0.isEmpty })
  }

  /// The processor's name and the instruction sets that matter for matrix arithmetic, from the text of /proc/cpuinfo:
  /// `flags` on x86-64, `Features` on ARM, which often gives no name.
  static func processor(_ description: String) -> (name: String, instructionSets: [String]) {
    let relevant = [
      "sse4_2", "avx", "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512dq", "avx512vl",
      "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16", "asimd", "asimdhp",
      "sve", "sve2", "i8mm", "bf16",
    ]
    let fields = description.split(separator: "\n").map { line in
      line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    func first(_ names: String...) -> String? {
      fields.first { $0.count == 2 && names.contains($0[0]) }?[1]
    }
    let flags = Set((first("flags", "Features") ?? "").split(separator: " ").map(String.init))
    return (first("model name") ?? "unknown", relevant.filter(flags.contains))
  }

  /// Read at compile time; asking `swift --version` takes a second and may name another compiler.
  private static var compiler: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
