import ArgumentParser
import Foundation
import Numerics

/// Our own side, as a process that speaks the peers' protocol. So all contenders are started, warmed up and asked in
/// the same way, and another build of this program can be one of them.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark serve",
    abstract: "Runs steps when asked on standard input; the benchmark starts this itself.")

  @Option var network = ""
  @Option var batch = 128
  @Option var threads = 1
  @Option var works = ""
  @Flag var products = false
  @Flag var bfloat16 = false

  func run() throws {
    prepareThreadForArithmetic()
    let encoder = JSONEncoder()
    func say(_ value: some Encodable) throws {
      try FileHandle.standardOutput.write(contentsOf: try encoder.encode(value) + [10])
    }
    let limit = products ? try ProductLimit(threads: threads) : nil
    let copyLimit = products ? try CopyLimit(threads: threads) : nil
    let distance = products && threads > 1 ? try CoreDistance() : nil
    var own: OwnContender?
    if let subject = Subject.named(network) {
      let works = works.split(separator: ",").compactMap { Work(rawValue: String($0)) }
      own = try OwnContender(
        subject, batch: batch, threads: threads, precision: bfloat16 ? .bfloat16 : .single, works: works)
    } else if !products {
      throw ValidationError("There is no network '\(network)'.")
    }
    try say(Ready(ready: true, version: "oneDNN " + oneDNNVersion()))
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard words.count == 2, let seconds = Double(words[1]) else { continue }
      do {
        if words[0] == "products", let limit {
          try say(limit.measure(seconds: seconds))
        } else if words[0] == "copy", let copyLimit {
          try say(copyLimit.measure(seconds: seconds))
        } else if words[0] == "handover", let distance {
          try say(distance.measure())
        } else if let work = Work(rawValue: String(words[0])), let own {
          try say(own.burst(of: work, seconds: seconds))
        } else {
          try say(Failure(error: "'\(words[0])' is unknown here"))
        }
      } catch {
        try say(Failure(error: "\(error)"))
      }
    }
  }

  private struct Ready: Encodable {
    let ready: Bool
    let version: String
  }

  private struct Failure: Encodable { let error: String }
}
