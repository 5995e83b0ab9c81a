// Where numbers come from: enough to make them again, or to see why they differ.

import Foundation
import Training

/// What a study ran on and with, written as `provenance.json` beside its tables.
public struct Provenance: Codable, Equatable, Sendable {
  public var study: String
  public var preset: String
  public var arguments: [String]
  public var seeds: [Int]
  public var threads: Int
  public var jobs: Int
  /// SHA-256 or what else the task gives, by file name.
  public var dataChecksums: [String: String]

  public var commit: String
  /// Whether anything but results differed from that commit; nil outside git.
  public var uncommittedChanges: Bool?
  public var swift: String
  public var optimised: Bool
  /// Versions by library name.
  public var libraries: [String: String]
  public var gnuplot: String?

  public var processor: String
  public var instructionSets: [String]
  public var cores: Int
  public var operatingSystem: String

  /// ISO 8601, UTC.
  public var started: String
  public var seconds: Double
  /// The full settings of every condition; seeds differ in nothing else.
  var configurations: [RunConfiguration] = []
  /// What trained each run, where that is known: not what wrote the tables, if runs were finished before.
  var origins: [OriginOfRuns]?
  /// What each table was when it was written, by its file's name.
  var tables: [String: TableChecksum]?

  /// Asks git, gnuplot and the processor; the rest is given. `seconds` is filled in when the run ends.
  public init(
    study: String, preset: String, arguments: [String], seeds: [Int], threads: Int, jobs: Int,
    libraries: [String: String], dataChecksums: [String: String], started: Date = Date()
  ) {
    self.study = study
    self.preset = preset
    self.arguments = arguments
    self.seeds = seeds
    self.threads = threads
    self.jobs = jobs
    self.dataChecksums = dataChecksums
    self.libraries = libraries
    let source = SourceState.current()
    commit = source.commit
    uncommittedChanges = source.uncommittedChanges
    swift = Self.compiler
    optimised = Self.isOptimised
    gnuplot = Gnuplot.version()
    let processor = Processor.current()
    self.processor = processor.name
    instructionSets = processor.instructionSets
    cores = ProcessInfo.processInfo.activeProcessorCount
    operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
    self.started = started.formatted(.iso8601)
    seconds = 0
  }

  /// Sorted keys, so that two runs differ only where they differ.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// Reads what `json` wrote.
  public init(json bytes: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Provenance.self, from: Data(bytes))
  }

  public func write(to path: String) throws {
    try AtomicFile.write(json(), to: path)
  }

  public init(reading path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, reason: "could not be read", cure: "run the study again to write it")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      self = try decoder.decode(Provenance.self, from: data)
    } catch {
      throw FileError(
        path: path, reason: "is not a provenance that this version of the study reads",
        cure: "run the study again to write it, or build the commit that stands in it")
    }
  }

  /// Read at compile time; asking `swift --version` takes a second and may name another compiler.
  static var compiler: String {
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

  /// Assertions are checked only in code that is not optimised.
  private static var isOptimised: Bool {
    var optimised = true
    assert(
      {
        optimised = false; return true
      }())
    return optimised
  }
}

/// The commit that the running source stands at.
struct SourceState: Equatable {
  var commit = "unknown"
  var uncommittedChanges: Bool?

  /// Looks from the executable's folder (`.build/...` lies in the checkout), then from the current one. A
  /// checkout of something else, from which the study was merely started, does not count.
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
    // Results change while a study runs; they do not say that the source did.
    let status = ["git", "status", "--porcelain", "--", ".", ":(exclude)Results"]
    uncommittedChanges = Command.output(status, in: folder).map { !$0.isEmpty }
  }
}

/// The processor's name and what of its instructions matters for matrix arithmetic.
struct Processor: Equatable {
  var name = "unknown"
  var instructionSets: [String] = []

  static func current() -> Processor {
    guard let data = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return Processor() }
    return Processor(description: String(decoding: data, as: UTF8.self))
  }

  init() {}

  /// Reads the text of /proc/cpuinfo: `flags` on x86-64, `Features` on ARM, which often gives no name.
  init(description: String) {
    let relevant = [
      "sse4_2", "avx", "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512dq", "avx512vl",
      "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16",
      "asimd", "asimdhp", "sve", "sve2", "i8mm", "bf16",
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
