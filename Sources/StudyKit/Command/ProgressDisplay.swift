import Foundation
import Learning

/// Shows runs in parallel on standard error: a block redrawn in place on a terminal, plain lines in a log. All calls
/// may come from any thread.
final class ProgressDisplay: Sendable {
  private let state: Locked<State>
  private let interactive: Bool
  private let clock: @Sendable () -> Double
  private let output: @Sendable (String) -> Void
  private let terminalSize: @Sendable () -> (columns: Int, rows: Int)

  private static let redrawInterval = 0.1
  private static let lineInterval = 30.0

  /// What all studies of the same command were expected to cost, in one unit.
  struct Beside: Sendable, Equatable {
    /// The costs of the studies before this one, and after it.
    var done = 0.0
    var left = 0.0
    /// The cost of this study; nil if it is the only one, and then its costs count as they are.
    var own: Double?
    /// Since the command began.
    var seconds = 0.0
  }

  private struct State {
    var forecast: Forecast
    let started: Double
    var picture: [String] = []
    var linesOnScreen = 0
    var lastRedraw = -Double.infinity

    /// Up to the block's first row, and clear from there to the end of the screen.
    var erasing: String { linesOnScreen > 0 ? "\u{1B}[\(linesOnScreen)A\r\u{1B}[J" : "" }
  }

  init(
    expecting runs: [(run: String, cost: Double)], jobs: Int, beside: Beside = Beside(),
    interactive: Bool = isatty(STDERR_FILENO) == 1
      && ProcessInfo.processInfo.environment["TERM"] != "dumb",
    clock: @escaping @Sendable () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
    // A line that cannot be shown must not stop a run.
    output: @escaping @Sendable (String) -> Void = { _ = write(STDERR_FILENO, $0, $0.utf8.count) },
    terminalSize: @escaping @Sendable () -> (columns: Int, rows: Int) = { ProgressDisplay.sizeOfTerminal() }
  ) {
    self.interactive = interactive
    self.terminalSize = terminalSize
    self.clock = clock
    self.output = output
    let forecast = Forecast(runs, jobs: jobs, beside: beside)
    state = Locked(State(forecast: forecast, started: clock() - beside.seconds))
  }

  // MARK: - What happens

  /// A run has come so far; `fields` say where and how well (see `fields(epoch:...)`).
  func update(run name: String, _ fields: String, _ progress: RunProgress) {
    let now = clock()
    state.withLock { state in
      var isDue = false
      state.forecast.change(name) { run in
        (run.fields, run.progress) = (fields, progress)
        isDue = now - run.lastLine >= Self.lineInterval
        if isDue { run.lastLine = now }
      }
      if interactive {
        redraw(&state, at: now)
      } else if isDue, let run = state.forecast.active.first(where: { $0.name == name }) {
        emit(Self.line(run) + "; all: " + Self.line(state, at: now))
      }
    }
  }

  /// A run is over; `line` stays on the screen.
  func finished(run name: String, line: String) {
    state.withLock { $0.forecast.change(name) { $0.isFinished = true } }
    message("\(name)  \(line)")
  }

  /// A line that stays, above the runs.
  func message(_ text: String) {
    let now = clock()
    state.withLock { state in
      guard interactive else { return emit(text) }
      output(state.erasing + text + "\n")
      state.linesOnScreen = 0
      redraw(&state, at: now, always: true)
    }
  }

  /// Lines of a drawing that stands above the runs and is redrawn with them; no lines remove it. In a log there is no
  /// place for one.
  func show(picture: [String]) {
    let now = clock()
    state.withLock { state in
      state.picture = picture
      if interactive { redraw(&state, at: now, always: true) }
    }
  }

  /// The space for a drawing above the runs; nil where there is none.
  var pictureSize: (columns: Int, rows: Int)? {
    let size = terminalSize()
    let rows = min(20, size.rows - 2 - state.withLock { $0.forecast.active.count + 1 })
    return interactive && rows >= 10 && size.columns >= 50 ? (min(100, size.columns - 1), rows) : nil
  }

  /// Removes the block from the screen. The lines of finished runs stay.
  func close() {
    state.withLock { state in
      if interactive { output(state.erasing) }
      state.linesOnScreen = 0
    }
  }

  // MARK: - Showing it

  /// "epoch  3/20  train 12.40 %  validation 10.85 %", of one width in all epochs.
  static func fields(epoch: Int, of epochs: Int, train: Double? = nil, validation: Double? = nil) -> String {
    let padding = String(repeating: " ", count: max(0, String(epochs).count - String(epoch).count))
    return [("train", train), ("validation", validation)].reduce("epoch \(padding)\(epoch)/\(epochs)") {
      text, field in text + (field.1.map { "  \(field.0) \(String(format: "%5.2f", $0)) %" } ?? "")
    }
  }

  private static func line(_ run: Forecast.Run) -> String {
    let progress = run.progress ?? RunProgress(fraction: 0)
    return "\(run.name)  \(run.fields)" + (progress.isTesting ? "  testing" : "")
      + (progress.imagesPerSecond.map { "  \(Int($0.rounded())) images/s" } ?? "")
      + (progress.secondsLeft.map { "  \(durationText(seconds: $0)) left" } ?? "")
  }

  private static func line(_ state: State, at now: Double) -> String {
    "\(Int(100 * state.forecast.fraction)) % after \(durationText(seconds: now - state.started))"
      + (state.forecast.secondsLeft.map { ", \(durationText(seconds: $0)) left" } ?? "")
  }

  private func emit(_ line: String) { output(Date().formatted(.iso8601) + "  " + line + "\n") }

  private func redraw(_ state: inout State, at now: Double, always: Bool = false) {
    guard always || now - state.lastRedraw >= Self.redrawInterval else { return }
    state.lastRedraw = now
    let size = terminalSize()
    // A block that is higher than the screen cannot be redrawn in place.
    let (active, room) = (state.forecast.active, max(1, size.rows - 2))
    let shown = active.count > room ? room - 1 : active.count
    var lines = active.prefix(shown).map(Self.line)
    if shown < active.count { lines.append("and \(active.count - shown) more") }
    lines.append("all: " + Self.line(state, at: now))
    if state.picture.count + lines.count < size.rows { lines = state.picture + lines }
    // Nor can a line that wraps: it would take two rows, and the next redraw would start one row too low.
    lines = lines.map { String($0.prefix(size.columns - 1)) }
    output(state.erasing + lines.joined(separator: "\n") + "\n")
    state.linesOnScreen = lines.count
  }

  private static func sizeOfTerminal() -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (100, 24) }
    return (max(2, Int(size.ws_col)), Int(size.ws_row))
  }
}
