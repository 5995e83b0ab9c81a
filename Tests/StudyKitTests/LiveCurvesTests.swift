import Foundation
import Learning
import Testing

@testable import StudyKit

private func run(_ condition: String, _ errors: [Double], isFinished: Bool = false) throws -> RunRecord {
  var run = try record(
    condition, seed: 1, error: 1,
    epochs: errors.enumerated().map { index, error in
      #"{"epoch": \#(index + 1), "examples": \#(1_000 * (index + 1)), "learningRate": 1, "scheduled": {}, "#
        + #""trainErrorPercent": 1, "metrics": {}, "gradientNorm": 1, "validationErrorPercent": \#(error)}"#
    })
  if !isFinished { run.test = nil }
  return run
}

/// What a display has put out.
private final class Said: Sendable {
  private let state = Locked("")
  var text: String { state.withLock { $0 } }
  func append(_ text: String) { state.withLock { $0 += text } }
}

@Suite("Curves while training") struct LiveCurvesTests {
  @Test("a window where there is a display and a terminal for it, else characters, else a reason")
  func places() throws {
    func place(_ environment: [String: String], _ terminals: Set<String>?, isTerminal: Bool = true)
      -> LiveCurves.Place
    {
      LiveCurves.choosePlace(environment: environment, terminals: terminals, isTerminal: isTerminal)
    }
    #expect(place(["DISPLAY": ":0"], ["x11", "qt", "dumb"]) == .window("qt"))
    #expect(place(["DISPLAY": ":0"], ["x11", "dumb"]) == .window("x11"))
    #expect(place(["WAYLAND_DISPLAY": "wayland-0"], ["x11", "dumb"]) == .characters)
    #expect(place(["DISPLAY": ":0"], ["dumb"]) == .characters)
    #expect(place(["DISPLAY": ""], ["x11", "dumb"]) == .characters)
    for (terminals, word) in [(nil, "not installed"), (["dumb"], "not a terminal")]
      as [(Set<String>?, String)]
    {
      guard case .nowhere(let reason) = place([:], terminals, isTerminal: false) else {
        Issue.record("no reason without \(word)")
        continue
      }
      #expect(reason.contains(word))
    }
  }

  @Test(
    "characters: every growing run is named, the axis reaches from the least error to the most",
    .enabled(if: Gnuplot.version() != nil))
  func characters() throws {
    let runs = [try run("a", [80, 40, 20, 10]), try run("over", [50, 50], isFinished: true)]
    let plot = LivePlot(title: "Digits", colours: [:])
    let lines = try #require(plot.characters(runs, columns: 70, rows: 16))
    #expect(lines.count <= 16 && lines.allSatisfy { $0.count <= 70 })
    #expect(lines[0].contains("Digits: validation error (%) by thousand examples"))
    #expect(lines.contains { $0.contains("a seed 1") } && !lines.contains { $0.contains("over") })
    #expect(lines.contains { $0.contains("10 ") } && lines.contains { $0.contains("80 ") })
  }

  @Test(
    "a gnuplot that ends or never reads costs a sentence and two seconds, not the training",
    arguments: ["true", "sleep 30"])
  func deadGnuplot(command: String) {
    let said = Said()
    let display = ProgressDisplay(
      expecting: [], jobs: 1, interactive: false, clock: { 0 }, output: { said.append($0) })
    let live = LiveCurves(
      LivePlot(title: "Digits", colours: [:]), place: .window("x11"), on: display, command: command)
    for seed in 1...3 {
      live.show(
        RunRecord(condition: "a", seed: UInt64(seed), configuration: Configuration("run"), parameters: 1))
    }
    for _ in 0..<1_000 where command == "true" && said.text.isEmpty { usleep(10_000) }
    let start = ContinuousClock.now
    live.close()
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(
      said.text.contains("The window of --live is gone; training goes on.") == (command == "true"))
  }
}
