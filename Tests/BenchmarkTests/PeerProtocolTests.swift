import Foundation
import Testing

@testable import benchmark

@Test("a peer's lines: ready, times, rates, an error, and what is no answer")
func answers() throws {
  #expect(Answer(line: #"{"ready": true, "version": "torch 2.0"}"#) == .ready(version: "torch 2.0"))
  let line = #"{"images_per_second": 1500.5, "median_ms": 85.3, "least_ms": 80, "steps": 6}"#
  guard case .burst(let burst)? = Answer(line: line) else {
    Issue.record("no burst in \(line)")
    return
  }
  #expect(
    burst.imagesPerSecond == 1500.5 && burst.medianMs == 85.3 && burst.leastMs == 80 && burst.steps == 6)
  #expect(Answer(line: #"{"gigaflops": [100, 160.5]}"#) == .products(ProductRates(gigaflops: [100, 160.5])))
  #expect(Answer(line: #"{"gigabytesPerSecond": 25.5}"#) == .copy(CopyRate(gigabytesPerSecond: 25.5)))
  #expect(
    Answer(line: #"{"nanosecondsPerHandover": 45.5}"#) == .handover(Handover(nanosecondsPerHandover: 45.5)))
  #expect(Answer(line: #"{"error": "out of memory"}"#) == .failure("out of memory"))
  for other in [
    "", "WARNING: something", "{", #"{"images_per_second": -1, "median_ms": 1, "least_ms": 1, "steps": 1}"#,
  ] {
    #expect(Answer(line: other) == nil)
  }
}

@Test("a contender that speaks the protocol is measured, noise on its output or not")
func conversation() throws {
  let script = #"""
    echo noise; echo '{"ready": true, "version": "1"}'
    read line; echo "{\"images_per_second\": 7, \"median_ms\": 1, \"least_ms\": 1, \"steps\": 3}"
    read line; echo '{"error": "cannot"}'
    """#
  let contender = try Contender(
    ContenderCommand(name: "script", executable: "/bin/sh", arguments: ["-c", script]))
  defer { contender.close() }
  try contender.waitUntilReady(seconds: 20)
  #expect(contender.version == "1")
  #expect(try contender.burst(of: .training, seconds: 0.1).imagesPerSecond == 7)
  #expect(throws: ContenderError.self) { try contender.burst(of: .training, seconds: 0.1) }
}

@Test("a contender that ends before it is ready says why; one that is silent is not waited for")
func brokenContender() throws {
  let ended = try Contender(
    ContenderCommand(name: "ended", executable: "/bin/sh", arguments: ["-c", "echo no module >&2; exit 1"]))
  #expect {
    try ended.waitUntilReady(seconds: 20)
  } throws: {
    "\($0)".contains("no module")
  }
  let silent = try Contender(
    ContenderCommand(name: "silent", executable: "/bin/sh", arguments: ["-c", "read line"]))
  defer { silent.close() }
  #expect(throws: ContenderError.self) { try silent.waitUntilReady(seconds: 0.1) }
}

@Test("the parts of a profile add up to the step, with the sleep that no sample sees")
func profileAddsUp() {
  let report = """
    60.00%|[JIT] tid 7|[.] 0x00007f0000000000
    20.00%|benchmark|[.] $s8Autodiff7addBias
    10.00%|benchmark|[.] $s8Learning10WorkerPoolC5serve
     6.00%|benchmark|[.] $s8Learning9OptimizerC6update
     4.00%|[kernel.kallsyms]|[k] clear_page

    """
  let profile = StepProfile(
    network: "ram-28", batch: 20, threads: 2, microsecondsPerImage: 50, report: report, busy: 0.9)
  #expect(abs(profile.shares.values.reduce(0, +) - 1) < 1e-9)
  #expect(abs((profile.shares[.waiting] ?? 0) - (0.1 + 0.09)) < 1e-9)
  #expect(abs((profile.shares[.products] ?? 0) - 0.54) < 1e-9)
  #expect(abs((profile.shares[.elementwise] ?? 0) - 0.18) < 1e-9)
}
