// Where the time of a training step goes: samples of the running program, grouped by the part that they hit.

import Foundation
import StudyKit

/// A part of the step. Together they are the step: every sample is in one of them.
enum StepPart: String, CaseIterable, Sendable {
  /// Inside oneDNN: the products themselves and its copying of their factors.
  case products
  /// Cutting glimpses, and the tables that this needs.
  case retina
  /// Bias, rectifier, softmax, losses, their derivatives, samples of locations.
  case elementwise
  /// Adding gradients of shards, the optimiser, transposed copies of the weights.
  case update
  /// Threads that wait for each other, spinning or asleep.
  case waiting
  /// Drawing the scenes.
  case generation
  /// The kernel, the trainer, the measuring itself.
  case other

  /// The part that a function belongs to, by the library that it is in and its linker symbol.
  init(library: String, symbol: String) {
    func has(_ words: String...) -> Bool { words.contains { symbol.contains($0) } }
    if library.contains("dnnl") || library.contains("JIT") || library.contains("anon")
      || library.contains("perf-")
      || has("dnnl", "8Numerics8multiply", "8ProductsC", "ThinProduct", "RoundedMemory", "convol")
    {
      self = .products
    } else if library.contains("gomp") || has("10WorkerPool", "futex", "pthread_cond")
      // A step calls the kernel only to wait.
      || has(
        "sched_yield", "schedule", "syscall", "SYSCALL", "task_switch", "pick_next", "pick_task",
        "update_curr")
    {
      self = .waiting
    } else if has("6Worlds", "14PreparedScenes") {
      self = .generation
    } else if has("Retina", "15SummedAreaTable") {
      self = .retina
    } else if has(
      "9Optimizer", "GradientBufferC7combine", "BatchProducts", "UpdateSlice", "13Transposition",
      "refreshCopies", "clearUntouched", "sumOfSquares")
    {
      self = .update
    } else if has("8Numerics", "8Autodiff", "18RecurrentAttention", "17ReferenceNetworks") {
      self = .elementwise
    } else {
      self = .other
    }
  }
}

/// The parts of one network's training step, with the making of its scenes.
struct StepProfile: Sendable {
  var network: String
  var batch: Int
  var threads: Int
  /// All threads' time is 1.
  var shares: [StepPart: Double]
  /// The functions that took the most time, to see what is behind a part.
  var functions: [(library: String, symbol: String, share: Double)]
  /// Wall time; times `threads`, it is what the shares are of.
  var microsecondsPerImage: Double

  /// Samples a contender during one long burst.
  ///
  /// - Throws: `ContenderError` where perf is missing or not allowed.
  init(of contender: Contender, station: Station, seconds: Double) throws {
    let file = NSTemporaryDirectory() + "benchmark-\(UUID().uuidString).perf"
    defer {
      unlink(file)
      unlink(file + ".old")
    }
    let perf = Process()
    perf.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Only the wall clock's event is there in every virtual machine. perf ends with the sleep.
    perf.arguments = [
      "perf", "record", "-q", "-e", "cpu-clock", "-F", "1999", "-o", file, "-p", "\(contender.identifier)",
      "--", "sleep",
      "\(seconds + 1)",
    ]
    perf.standardOutput = FileHandle.nullDevice
    perf.standardError = FileHandle.nullDevice
    perf.standardInput = FileHandle.nullDevice
    guard (try? perf.run()) != nil else {
      throw ContenderError(name: "profile", reason: "there is no perf; install linux-perf for a profile")
    }
    usleep(500_000)  // until it is attached
    let before = processorTime(of: contender.identifier)
    let start = ContinuousClock.now
    let burst = try contender.burst(of: .endToEnd, seconds: seconds)
    let wall = (ContinuousClock.now - start).seconds
    let busy = (processorTime(of: contender.identifier) - before) / (wall * Double(station.threads))
    perf.waitUntilExit()
    guard perf.terminationStatus == 0, let text = Self.report(of: file) else {
      throw ContenderError(
        name: "profile", reason: "perf may not sample here; lower kernel.perf_event_paranoid to 2 or less")
    }
    self.init(
      network: station.subject.name, batch: station.batch, threads: station.threads,
      microsecondsPerImage: 1e6 / burst.imagesPerSecond, report: text, busy: min(busy, 1))
  }

  /// - Parameters:
  ///   - text: lines "percent|library|symbol".
  ///   - busy: the part of the threads' time in which they computed; in the rest they slept, unseen by samples.
  init(
    network: String, batch: Int, threads: Int, microsecondsPerImage: Double, report text: String, busy: Double
  ) {
    self.network = network
    self.batch = batch
    self.threads = threads
    self.microsecondsPerImage = microsecondsPerImage
    let lines = text.split(separator: "\n").compactMap { line -> (String, String, Double)? in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count >= 3, cells[0].hasSuffix("%"), let percent = Double(cells[0].dropLast()) else {
        return nil
      }
      // Code that oneDNN makes while it runs has no names, only addresses.
      return cells[1].hasPrefix("[JIT]")
        ? ("[JIT]", "generated code", percent) : (cells[1], cells[2], percent)
    }
    let total = lines.reduce(0) { $0 + $1.2 }
    var shares: [StepPart: Double] = [.waiting: 1 - busy]
    for (library, symbol, percent) in lines where total > 0 {
      shares[StepPart(library: library, symbol: symbol), default: 0] += busy * percent / total
    }
    self.shares = shares
    let functions = Dictionary(
      lines.map { ([$0.0, $0.1], busy * $0.2 / max(total, 1)) }, uniquingKeysWith: +)
    self.functions = functions.sorted { ($1.value, $0.key[1]) < ($0.value, $1.key[1]) }.prefix(30)
      .map { ($0.key[0], $0.key[1], $0.value) }
  }

  private static func report(of file: String) -> String? {
    Command.output([
      "perf", "report", "-i", file, "--stdio", "--no-demangle", "--no-children", "--sort", "dso,symbol", "-t",
      "|", "-q",
    ])
  }
}
