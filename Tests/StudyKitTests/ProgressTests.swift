import Foundation
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

  func display(total: Double, interactive: Bool, rows: Int = 24) -> ProgressDisplay {
    ProgressDisplay(
      total: total, interactive: interactive, clock: { self.now },
      output: { text in self.state.withLock { $0.text += text } }, terminalSize: { (80, rows) })
  }
}

@Test(
  "durations are said in their two largest units",
  arguments: [
    (0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3_600, "1 h 0 min"),
    (7_530, "2 h 5 min"), (97_200, "1 d 3 h"), (-1, "unknown"), (.infinity, "unknown"),
  ] as [(Double, String)])
func durations(seconds: Double, expected: String) {
  #expect(spoken(seconds: seconds) == expected)
}

@Test("a log gets one plain line per run and half minute, stamped, with speed and time left")
func logLines() {
  let stage = Stage()
  let display = stage.display(total: 400, interactive: false)
  display.update(run: "ram-8 seed 1", "epoch 0/20", done: 0, of: 200, imagesPerSecond: 0)
  for second in 1...100 {
    stage.now = Double(second)
    display.update(
      run: "ram-8 seed 1", ProgressDisplay.fields(epoch: second / 10, of: 20, trainErrorPercent: 12.4),
      done: Double(second), of: 200, imagesPerSecond: 1234.4)
  }
  display.finished(run: "ram-8 seed 1", line: "test 4.08 %")
  display.close()
  #expect(
    stage.lines == [
      "ram-8 seed 1  epoch 0/20  time left unknown; all: 0 % after 0 s, time left unknown",
      "ram-8 seed 1  epoch  3/20  train 12.40 %  1234 images/s  2 min 50 s left; all: 7 % after 30 s, 6 min 10 s left",
      "ram-8 seed 1  epoch  6/20  train 12.40 %  1234 images/s  2 min 20 s left; all: 15 % after 1 min 0 s, 5 min 40 s left",
      "ram-8 seed 1  epoch  9/20  train 12.40 %  1234 images/s  1 min 50 s left; all: 22 % after 1 min 30 s, 5 min 10 s left",
      "ram-8 seed 1  test 4.08 %",
    ])
  #expect(!stage.text.contains("\u{1B}"))
  #expect(stage.text.split(separator: "\n").allSatisfy { $0.dropFirst(19).hasPrefix("Z  ") })
}

@Test("what a resumed run had done before does not make it look faster")
func resumedRun() {
  let stage = Stage()
  let display = stage.display(total: 100, interactive: false)
  display.update(run: "a", "", done: 90, of: 100, imagesPerSecond: 0)
  stage.now = 50
  display.update(run: "a", "", done: 95, of: 100, imagesPerSecond: 0)
  #expect(stage.lines.last?.hasSuffix("50 s left; all: 95 % after 50 s, 50 s left") == true)
}

@Test("on a terminal the block is redrawn in place and what is finished stays above it")
func terminalBlock() {
  let stage = Stage()
  let display = stage.display(total: 20, interactive: true)
  display.update(run: "a", "epoch 1/2", done: 1, of: 10, imagesPerSecond: 0)
  stage.now = 1
  display.update(run: "b", "epoch 1/2", done: 1, of: 10, imagesPerSecond: 0)
  #expect(stage.text.contains("\u{1B}[2A\r\u{1B}[Ja  epoch 1/2"))
  display.finished(run: "a", line: "test 1.20 %")
  #expect(stage.text.contains("\u{1B}[3A\r\u{1B}[Ja  test 1.20 %\nb  epoch 1/2"))
  display.close()
  #expect(stage.text.hasSuffix("\u{1B}[2A\r\u{1B}[J"))
}

@Test("a drawing stands above the runs where the screen has room for both, and never scrolls it")
func picture() {
  let stage = Stage()
  let display = stage.display(total: 20, interactive: true, rows: 14)
  display.update(run: "a", "epoch 1/2", done: 1, of: 10, imagesPerSecond: 0)
  #expect(display.pictureSize.map { $0.rows } == 10)
  display.show(picture: ["one", "two"])
  #expect(stage.text.contains("\u{1B}[2A\r\u{1B}[Jone\ntwo\na  epoch 1/2"))
  display.show(picture: Array(repeating: "high", count: 12))
  #expect(!stage.text.contains("high"))
  display.show(picture: [])
  #expect(stage.display(total: 1, interactive: true, rows: 12).pictureSize == nil)
  #expect(stage.display(total: 1, interactive: false, rows: 40).pictureSize == nil)
}

@Test("redraws come at most ten times a second, however often runs report")
func redrawRate() {
  let stage = Stage()
  let display = stage.display(total: 10_000, interactive: true)
  for step in 0..<1_000 {
    stage.now = Double(step) / 1_000
    display.update(run: "a", "", done: Double(step), of: 10_000, imagesPerSecond: 0)
  }
  #expect((9...11).contains(stage.text.components(separatedBy: "all: ").count - 1))
}

@Test("runs on many threads are counted once each")
func manyThreads() async {
  let stage = Stage()
  let display = stage.display(total: 800, interactive: false)
  await withTaskGroup(of: Void.self) { group in
    for run in 0..<8 {
      group.addTask {
        for done in 0...100 {
          display.update(run: "run \(run)", "", done: Double(done), of: 100, imagesPerSecond: 0)
        }
        display.finished(run: "run \(run)", line: "over")
      }
    }
  }
  stage.now = 10
  display.update(run: "last", "", done: 0, of: 0, imagesPerSecond: 0)
  #expect(stage.lines.count { $0.hasSuffix("over") } == 8)
  #expect(stage.lines.last?.hasSuffix("all: 100 % after 10 s, 0 s left") == true)
}
