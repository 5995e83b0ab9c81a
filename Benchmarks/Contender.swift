// One side of a comparison: a process that waits in a read until it is its turn.

import Foundation

struct ContenderError: Error, CustomStringConvertible {
  let name: String
  let reason: String
  var description: String { "\(name): \(reason)" }
}

/// How a contender is started.
struct ContenderCommand: Sendable {
  /// "ours", "torch-compile".
  var name: String
  var executable: String
  var arguments: [String]
  var environment: [String: String] = [:]
}

/// A process that answers lines. Every wait for it has an end.
final class Contender {
  let name: String
  private(set) var version = ""
  /// Processor time of its bursts, and of everything since it was ready.
  private var burstProcessorSeconds = 0.0
  private var burstSeconds = 0.0
  private var ready = (processorSeconds: 0.0, moment: ContinuousClock.now)
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let log: String
  private var unread: [UInt8] = []

  init(_ command: ContenderCommand) throws {
    name = command.name
    log = NSTemporaryDirectory() + "benchmark-\(command.name)-\(UUID().uuidString).log"
    process.executableURL = URL(fileURLWithPath: command.executable)
    process.arguments = command.arguments
    process.environment = ProcessInfo.processInfo.environment.merging(command.environment) { $1 }
    process.standardInput = input
    process.standardOutput = output
    guard FileManager.default.createFile(atPath: log, contents: nil) else {
      throw ContenderError(name: name, reason: "\(log) could not be made; free some space there")
    }
    process.standardError = FileHandle(forWritingAtPath: log)
    do {
      try process.run()
    } catch {
      throw ContenderError(name: name, reason: "'\(command.executable)' could not be started")
    }
  }

  deinit { close() }

  var identifier: Int32 { process.processIdentifier }

  /// Ends it, by closing its input or, if that fails, by force.
  func close() {
    try? input.fileHandleForWriting.close()
    let end = ContinuousClock.now + .seconds(2)
    while process.isRunning && ContinuousClock.now < end { usleep(5_000) }
    if process.isRunning { kill(identifier, SIGKILL) }
    unlink(log)
  }

  // MARK: - Conversation

  /// - Parameter seconds: compiling may take a minute, or several on a busy machine.
  func waitUntilReady(seconds: Double = 600) throws {
    guard case .ready(let version) = try answer(within: seconds) else {
      throw ContenderError(name: name, reason: "did not say that it is ready")
    }
    self.version = version
    ready = (processorSeconds, ContinuousClock.now)
  }

  func burst(of work: Work, seconds: Double) throws -> Burst {
    guard case .burst(let burst) = try ask(work.rawValue, seconds: seconds) else {
      throw ContenderError(name: name, reason: "gave no times of \(work.rawValue)")
    }
    return burst
  }

  func products(seconds: Double) throws -> ProductRates {
    guard case .products(let rates) = try ask("products", seconds: seconds) else {
      throw ContenderError(name: name, reason: "gave no rates of products")
    }
    return rates
  }

  func copy(seconds: Double) throws -> CopyRate {
    guard case .copy(let rate) = try ask("copy", seconds: seconds) else {
      throw ContenderError(name: name, reason: "gave no rate of copying")
    }
    return rate
  }

  func handover() throws -> Handover {
    guard case .handover(let handover) = try ask("handover", seconds: 0) else {
      throw ContenderError(name: name, reason: "gave no time of a handover")
    }
    return handover
  }

  private func ask(_ what: String, seconds: Double) throws -> Answer {
    let (before, start) = (processorSeconds, ContinuousClock.now)
    do {
      try input.fileHandleForWriting.write(contentsOf: Data("\(what) \(seconds)\n".utf8))
    } catch {
      throw ContenderError(name: name, reason: "has ended\(lastWords)")
    }
    let answer = try answer(within: seconds + 120)
    // Threads may spin for a moment before they sleep; that belongs to the burst.
    usleep(20_000)
    burstProcessorSeconds += processorSeconds - before
    burstSeconds += (ContinuousClock.now - start).seconds
    return answer
  }

  private func answer(within seconds: Double) throws -> Answer {
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
      let line = try line(before: end, patience: seconds)
      guard let answer = Answer(line: line) else { continue }
      if case .failure(let message) = answer { throw ContenderError(name: name, reason: message) }
      return answer
    }
  }

  private func line(before end: ContinuousClock.Instant, patience: Double) throws -> String {
    let descriptor = output.fileHandleForReading.fileDescriptor
    while true {
      if let newline = unread.firstIndex(of: 10) {
        let line = String(decoding: unread[..<newline], as: UTF8.self)
        unread.removeSubrange(...newline)
        return line
      }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = (end - ContinuousClock.now).seconds
      let count = poll(&waiting, 1, Int32(max(0, min(left, 3_600)) * 1_000))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw ContenderError(name: name, reason: "was silent for \(Int(patience)) s\(lastWords)")
      }
      var buffer = [UInt8](repeating: 0, count: 4_096)
      let length = read(descriptor, &buffer, buffer.count)
      guard length > 0 else { throw ContenderError(name: name, reason: "has ended\(lastWords)") }
      unread += buffer[..<length]
    }
  }

  /// The last line that it wrote on standard error.
  private var lastWords: String {
    let text = String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").last.map { "; it said: \($0)" } ?? ""
  }

  // MARK: - What it does while others are measured

  /// Processor time of all its threads, so far.
  private var processorSeconds: Double { processorTime(of: identifier) }

  /// The share of a core that it used while others were measured. An idle contender that spins would spoil their
  /// numbers.
  var idleShare: Double {
    let seconds = (ContinuousClock.now - ready.moment).seconds - burstSeconds
    guard seconds > 0 else { return 0 }
    return (processorSeconds - ready.processorSeconds - burstProcessorSeconds) / seconds
  }
}

/// Seconds that a process has computed, from /proc; 0 where there is none.
func processorTime(of process: Int32) -> Double {
  guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return 0 }
  // The name, in parentheses, may hold spaces; fields 14 and 15 are the time in user and in system mode.
  let fields = String(decoding: data, as: UTF8.self).components(separatedBy: ") ").last?.split(separator: " ")
  guard let fields, fields.count > 13, let user = Double(fields[11]), let system = Double(fields[12]) else {
    return 0
  }
  return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
}
