import Foundation
import Learning
import Testing

@testable import StudyKit

/// A clock that a test turns and a screen that it reads.
private final class Stage: Sendable {
  private let state = Locked((now: 0.0, text: ""))
  var now: Double {
    get { state.withLock { $0.now } }
    set { state.withLock { $0.now = newValue } }
  }
  var text: String { state.withLock { $0.text } }
  /// The lines of a log without their time stamps, which are 20 characters and two spaces.
  var lines: [String] { text.split(separator: "\n").map { String($0.dropFirst(22)) } }

  func display(
    _ runs: [(run: String, cost: Double)], jobs: Int = 1, beside: ProgressDisplay.Beside = .init(),
    interactive: Bool,
    rows: Int = 24
  ) -> ProgressDisplay {
    ProgressDisplay(
      expecting: runs, jobs: jobs, beside: beside, interactive: interactive, clock: { self.now },
      output: { text in self.state.withLock { $0.text += text } }, terminalSize: { (80, rows) })
  }
}

/// So far, of a run of so many seconds.
private func progress(_ fraction: Double, of seconds: Double) -> RunProgress {
  RunProgress(
    fraction: fraction, secondsLeft: (1 - fraction) * seconds, secondsInAll: seconds, imagesPerSecond: 1234.4)
}

@Test(
  "durations are given in their two largest units",
  arguments: [
    (0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3_600, "1 h 0 min"),
    (7_530, "2 h 5 min"), (97_200, "1 d 3 h"), (-1, "unknown"), (.infinity, "unknown"),
  ] as [(Double, String)])
func durations(seconds: Double, expected: String) {
  #expect(durationText(seconds: seconds) == expected)
}

@Test(
  "a log gets one plain line per run and half minute, stamped; before a rate is measured it claims no time left"
)
func logLines() {
  let stage = Stage()
  let display = stage.display([("ram-8 seed 1", 1), ("fc seed 1", 1)], interactive: false)
  display.update(run: "ram-8 seed 1", "epoch 0/20", RunProgress(fraction: 0))
  for second in 1...100 {
    stage.now = Double(second)
    display.update(
      run: "ram-8 seed 1", ProgressDisplay.fields(epoch: second / 10, of: 20, train: 12.4),
      progress(Double(second) / 200, of: 200))
  }
  display.finished(run: "ram-8 seed 1", line: "test 4.08 %")
  display.close()
  #expect(
    stage.lines == [
      "ram-8 seed 1  epoch 0/20; all: 0 % after 0 s",
      "ram-8 seed 1  epoch  3/20  train 12.40 %  1234 images/s  2 min 50 s left; all: 7 % after 30 s, 6 min 10 s left",
      "ram-8 seed 1  epoch  6/20  train 12.40 %  1234 images/s  2 min 20 s left; all: 15 % after 1 min 0 s, 5 min 40 s left",
      "ram-8 seed 1  epoch  9/20  train 12.40 %  1234 images/s  1 min 50 s left; all: 22 % after 1 min 30 s, 5 min 10 s left",
      "ram-8 seed 1  test 4.08 %",
    ])
  #expect(!stage.text.contains("\u{1B}") && !stage.text.contains("unknown"))
  #expect(stage.text.split(separator: "\n").allSatisfy { $0.dropFirst(19).hasPrefix("Z  ") })
}

@Test("what other studies have done and have left is part of the total")
func besideOthers() {
  let stage = Stage()
  // This study's costs are 4 units now, but 2 were expected when the command began.
  let beside = ProgressDisplay.Beside(done: 2, left: 6, own: 2, seconds: 60)
  let display = stage.display([("a", 3), ("b", 1)], jobs: 2, beside: beside, interactive: false)
  display.update(run: "b", "", RunProgress(fraction: 0))
  // 60 s on two jobs for 2 units: 60 s a unit. On one job a, 1.5 units, and on both 6 more.
  #expect(stage.lines.last?.hasSuffix("all: 20 % after 1 min 0 s, 4 min 30 s left") == true, "\(stage.lines)")
  stage.now = 30
  display.update(run: "a", "", progress(0.5, of: 20))
  // With 20 s for 1.5 units, 40 s a unit: b takes 20 s, a 10 s more, and six units on two jobs 120 s.
  #expect(
    stage.lines.last?.hasSuffix("all: 27 % after 1 min 30 s, 2 min 20 s left") == true, "\(stage.lines)")
}

@Test("on a terminal the block is redrawn in place and what is finished stays above it")
func terminalBlock() {
  let stage = Stage()
  let display = stage.display([("a", 1), ("b", 1)], interactive: true)
  display.update(run: "a", "epoch 1/2", progress(0.1, of: 10))
  stage.now = 1
  display.update(run: "b", "epoch 1/2", progress(0.1, of: 10))
  #expect(stage.text.contains("\u{1B}[2A\r\u{1B}[Ja  epoch 1/2"))
  display.finished(run: "a", line: "test 1.20 %")
  #expect(stage.text.contains("\u{1B}[3A\r\u{1B}[Ja  test 1.20 %\nb  epoch 1/2"))
  display.close()
  #expect(stage.text.hasSuffix("\u{1B}[2A\r\u{1B}[J"))
}

@Test("more runs than the screen has rows for are counted, so that the block can be redrawn in place")
func manyRuns() {
  let stage = Stage()
  let display = stage.display([], interactive: true, rows: 6)
  for run in 1...9 {
    stage.now += 1
    display.update(run: "run \(run)", "epoch 1/2", RunProgress(fraction: 0))
  }
  let block = stage.text.components(separatedBy: "\r").last?.split(separator: "\n").map(String.init) ?? []
  #expect(block.count == 5)
  #expect(block[2].hasPrefix("run 3") && block[3] == "and 6 more" && block[4].hasPrefix("all: "), "\(block)")
}

@Test("a drawing stands above the runs where the screen has room for both, and never scrolls it")
func picture() {
  let stage = Stage()
  let display = stage.display([("a", 1)], interactive: true, rows: 14)
  display.update(run: "a", "epoch 1/2", progress(0.1, of: 10))
  #expect(display.pictureSize.map { $0.rows } == 10)
  display.show(picture: ["one", "two"])
  #expect(stage.text.contains("\u{1B}[2A\r\u{1B}[Jone\ntwo\na  epoch 1/2"))
  display.show(picture: Array(repeating: "high", count: 12))
  #expect(!stage.text.contains("high"))
  display.show(picture: [])
  #expect(stage.display([], interactive: true, rows: 12).pictureSize == nil)
  #expect(stage.display([], interactive: false, rows: 40).pictureSize == nil)
}

@Test("redraws come at most ten times a second, however often runs report")
func redrawRate() {
  let stage = Stage()
  let display = stage.display([("a", 1)], interactive: true)
  for step in 0..<1_000 {
    stage.now = Double(step) / 1_000
    display.update(run: "a", "", progress(Double(step) / 10_000, of: 10))
  }
  #expect((9...11).contains(stage.text.components(separatedBy: "all: ").count - 1))
}

@Suite("The time left") struct ForecastTests {
  @Test(
    "of waiting runs follows from their cost relative to the measured ones, each taken by the first free job"
  )
  func waiting() throws {
    var forecast = Forecast([("a", 10), ("b", 20), ("c", 10), ("d", 10)], jobs: 2, beside: .init())
    #expect(forecast.secondsLeft == nil)
    forecast.change("a") { $0.progress = progress(0.5, of: 40) }  // four seconds a unit: 20 s left
    forecast.change("b") { $0.progress = RunProgress(fraction: 0) }  // not measured: 80 s
    // c after a, at 60 s; d after c, at 100 s.
    #expect(abs(try #require(forecast.secondsLeft) - 100) < 1e-9)
    #expect(forecast.fraction == 0.1)
    for run in ["a", "b", "c", "d"] { forecast.change(run) { $0.isFinished = true } }
    #expect(forecast.secondsLeft == 0)
    #expect(forecast.fraction == 1)
  }

  @Test("counts the test, at the rate that validations had, and is right from the first validation on")
  func test() throws {
    // A step of ten images takes 1 s, an evaluated image 0.2 s: six times what a third of a step would be.
    let settings = TrainingSettings(
      epochs: 4, examplesPerEpoch: 50, batchSize: 10, validationExamples: 40, testExamples: 400)
    let clock = Locked(0.0)
    var pace = Pace(settings, rollouts: 2, steps: 0, clock: { clock.withLock(\.self) })
    func pass(_ seconds: Double) { clock.withLock { $0 += seconds } }
    let whole = 20.0 + 32.0 + 240.0
    #expect(pace.progress == RunProgress(fraction: 0))
    for epoch in 1...4 {
      for _ in 1...4 {
        pass(1)
        _ = pace.afterStep()
      }
      pass(1 + 8)
      let progress = pace.afterEpoch()
      let spent = Double(epoch) * 13
      #expect(abs(try #require(progress.secondsInAll) - whole) < 1e-6)
      #expect(abs(try #require(progress.secondsLeft) - (whole - spent)) < 1e-6)
    }
    for shard in 1...10 {
      pass(120 * 0.2)
      let reported = pace.afterShard(rollouts: 3)
      let progress = try #require(reported)
      #expect(abs(try #require(progress.secondsLeft) - (240 - Double(shard) * 24)) < 1e-6)
      #expect(progress.isTesting && progress.imagesPerSecond == nil)
    }
  }

  @Test("does not count the earlier work of a resumed run as speed")
  func resumed() throws {
    let settings = TrainingSettings(
      epochs: 10, examplesPerEpoch: 10, batchSize: 10, validationExamples: 1, testExamples: 1)
    let clock = Locked(0.0)
    var pace = Pace(settings, rollouts: 0, steps: 9, clock: { clock.withLock(\.self) })
    #expect(pace.progress.fraction > 0.4)
    clock.withLock { $0 = 10 }
    let progress = pace.afterEpoch()
    #expect(try #require(progress.secondsInAll) > 90)
  }
}

@Test("a study says first how many runs it trains, how many at the same time, and with how many threads")
func plannedRuns() {
  #expect(Study.runsText(6, jobs: 2, threads: 1) == "Training 6 runs, 2 at a time, with 1 thread each.")
  #expect(Study.runsText(6, jobs: 1, threads: 2) == "Training 6 runs, one at a time, with 2 threads.")
  #expect(Study.runsText(1, jobs: 1, threads: 1) == "Training 1 run with 1 thread.")
}
