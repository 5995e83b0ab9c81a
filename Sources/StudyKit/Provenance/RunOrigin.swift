import Foundation
import Numerics

/// Everything outside its configuration that may change a digit of a run: the source and the machine.
public struct RunOrigin: Codable, Equatable, Sendable {
  public var commit: String
  /// Whether the source differed from that commit; nil outside git.
  public var uncommittedChanges: Bool?
  public var swift: String
  /// Versions by library name.
  public var libraries: [String: String]
  public var processor: String
  public var instructionSets: [String]

  /// The origin of what this process trains. Read once, before training, because a later commit is not what runs.
  public static let current = RunOrigin(source: .current(), processor: .current())

  private init(source: SourceState, processor: Processor) {
    commit = source.commit
    uncommittedChanges = source.uncommittedChanges
    swift = Self.compiler
    libraries = ["oneDNN": oneDNNVersion()]
    self.processor = processor.name
    instructionSets = processor.instructionSets
  }

  /// Whether the commit says what was built.
  var isKnownSource: Bool { commit != SourceState.unknown && uncommittedChanges == false }

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
