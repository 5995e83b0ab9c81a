import Foundation

/// Shows runs in parallel on standard error: a block redrawn in place on a terminal, plain lines in a log.
///
/// The time left comes from the measured rates of the runs; those that wait are taken to be as much slower or faster
/// than expected as those that were measured. All calls may come from any thread.
public final class ProgressDisplay: Sendable {
  private let state: Locked<State>
  private let interactive: Bool
  private let clock: @Sendable () -> Double
  private let output: @Sendable (String) -> Void
  private let terminalSize: @Sendable () -> (columns: Int, rows: Int)

  private static let redrawInterval = 0.1
  private static let lineInterval = 30.0

  /// What other studies of the same command have done and will do, in the unit of the expected costs.
  struct Beside: Sendable, Equatable {
    var done = 0.0
    var left = 0.0
    var seconds = 0.0
  }

  convenience init(expecting runs: [(run: String, cost: Double)], jobs: Int, beside: Beside = Beside()) {
    self.init(
      expecting: runs, jobs: jobs, beside: beside, interactive: isatty(STDERR_FILENO) == 1,
      clock: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
      // A line that cannot be shown is no reason to stop a run.
      output: { text in _ = write(STDERR_FILENO, text, text.utf8.count) })
  }

  init(
    expecting runs: [(run: String, cost: Double)], jobs: Int, beside: Beside = Beside(), interactive: Bool,
    clock: @escaping @Sendable () -> Double, output: @escaping @Sendable (String) -> Void,
    terminalSize: @escaping @Sendable () -> (columns: Int, rows: Int) = { ProgressDisplay.sizeOfTerminal() }
  ) {
    self.interactive = interactive
    self.terminalSize = terminalSize
    self.clock = clock
    self.output = output
    state = Locked(State(forecast: Forecast(runs, jobs: jobs, beside: beside), started: clock() - beside.seconds))
  }

  // MARK: - What happens

  /// A run has come so far; `fields` say where and how well (see `fields(epoch:...)`).
  func update(run id: String, _ fields: String, _ progress: RunProgress) {
    let now = clock()
    state.withLock { state in
      state.forecast.update(id, progress)
      let index = state.index(of: id)
      state.runs[index].fields = fields
      state.runs[index].progress = progress
      if interactive {
        redraw(&state, at: now)
      } else if now - state.runs[index].lastLine >= Self.lineInterval {
        state.runs[index].lastLine = now
        emit(state.runs[index].line + "; all: " + state.totalLine(at: now))
      }
    }
  }

  /// A run is over; `line` stays on the screen.
  func finished(run id: String, line: String) {
    let now = clock()
    state.withLock { state in
      state.forecast.finish(id)
      state.runs.removeAll { $0.id == id }
      show("\(id)  \(line)", &state, at: now)
    }
  }

  /// A line that stays, above the runs.
  public func message(_ text: String) {
    let now = clock()
    state.withLock { show(text, &$0, at: now) }
  }

  /// Lines of a drawing that stand above the runs and are redrawn with them; none takes it away. In a log there is no
  /// place for one.
  func show(picture: [String]) {
    let now = clock()
    state.withLock { state in
      state.picture = picture
      if interactive { redraw(&state, at: now, always: true) }
    }
  }

  /// What a drawing above the runs may measure; nil where there is no room for one.
  var pictureSize: (columns: Int, rows: Int)? {
    let size = terminalSize()
    let rows = min(20, size.rows - 2 - state.withLock { $0.runs.count + 1 })
    return interactive && rows >= 10 && size.columns >= 50 ? (min(100, size.columns - 1), rows) : nil
  }

  /// Takes the block off the screen; what stays are the lines of finished runs.
  public func close() {
    state.withLock { state in
      if interactive { output(state.erasing) }
      state.linesOnScreen = 0
    }
  }

  /// "epoch  3/20  train 12.40 %  validation 10.85 %", of one width in all epochs.
  static func fields(epoch: Int, of epochs: Int, train: Double? = nil, validation: Double? = nil) -> String {
    let number = String(epoch)
    let padding = String(repeating: " ", count: max(0, String(epochs).count - number.count))
    return [("train", train), ("validation", validation)].reduce("epoch \(padding)\(number)/\(epochs)") { text, field in
      text + (field.1.map { "  \(field.0) \(String(format: "%5.2f", $0)) %" } ?? "")
    }
  }

  // MARK: - Showing it

  private func show(_ text: String, _ state: inout State, at now: Double) {
    guard interactive else { return emit(text) }
    output(state.erasing + text + "\n")
    state.linesOnScreen = 0
    redraw(&state, at: now, always: true)
  }

  private func emit(_ line: String) { output(Date().formatted(.iso8601) + "  " + line + "\n") }

  private func redraw(_ state: inout State, at now: Double, always: Bool = false) {
    guard always || now - state.lastRedraw >= Self.redrawInterval else { return }
    state.lastRedraw = now
    let size = terminalSize()
    // A line that wraps would take two rows, and the next redraw would start one row too low.
    var lines = state.runs.map(\.line) + ["all: " + state.totalLine(at: now)]
    // Nor can a block that is higher than the screen be redrawn in place.
    if state.picture.count + lines.count < size.rows { lines = state.picture + lines }
    lines = lines.map { String($0.prefix(size.columns - 1)) }
    output(state.erasing + lines.joined(separator: "\n") + "\n")
    state.linesOnScreen = lines.count
  }

  private static func sizeOfTerminal() -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return (100, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  private struct Run {
    let id: String
    var lastLine = -Double.infinity
    var fields = ""
    var progress = RunProgress(fraction: 0)

    var line: String {
      let rate = progress.imagesPerSecond.map { "  \(Int($0.rounded())) images/s" } ?? ""
      let left = progress.secondsLeft.map { "  \(durationText(seconds: $0)) left" } ?? ""
      return "\(id)  \(fields)\(rate)\(left)"
    }
  }

  private struct State {
    var forecast: Forecast
    let started: Double
    var runs: [Run] = []
    var picture: [String] = []
    var linesOnScreen = 0
    var lastRedraw = -Double.infinity

    init(forecast: Forecast, started: Double) {
      self.forecast = forecast
      self.started = started
    }

    mutating func index(of id: String) -> Int {
      if let index = runs.firstIndex(where: { $0.id == id }) { return index }
      runs.append(Run(id: id))
      return runs.count - 1
    }

    func totalLine(at now: Double) -> String {
      "\(Int(100 * forecast.fraction)) % after \(durationText(seconds: now - started))"
        + (forecast.secondsLeft.map { ", \(durationText(seconds: $0)) left" } ?? "")
    }

    /// Up to the block's first row, and clear from there to the end of the screen.
    var erasing: String { linesOnScreen > 0 ? "\u{1B}[\(linesOnScreen)A\r\u{1B}[J" : "" }
  }
}
