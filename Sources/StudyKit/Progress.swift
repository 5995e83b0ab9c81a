// What is running and how long it will take, for several runs at once.

import Foundation

/// Shows runs in parallel on standard error: a block redrawn in place on a terminal, plain lines in a log.
///
/// Work is counted in one unit (say, training images) over all runs. What a resumed run had done before it
/// was first shown counts as done but not as speed, so the time left is right after a resume too; so show a
/// run once when it starts. All calls may come from any thread.
public final class ProgressDisplay: Sendable {
  private let state: Locked<State>
  private let interactive: Bool
  private let clock: @Sendable () -> Double
  private let output: @Sendable (String) -> Void
  private let terminalSize: @Sendable () -> (columns: Int, rows: Int)

  /// Seconds between two redraws, and between two lines of one run in a log.
  private static let redrawInterval = 0.1
  private static let lineInterval = 30.0

  /// `work` is that of all runs that will be shown. Without `interactive`, standard error decides.
  public convenience init(total work: Double, interactive: Bool? = nil) {
    self.init(
      total: work, interactive: interactive ?? (isatty(STDERR_FILENO) == 1),
      clock: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
      // A line that cannot be shown is no reason to stop a run.
      output: { text in _ = write(STDERR_FILENO, text, text.utf8.count) })
  }

  init(
    total work: Double, interactive: Bool, clock: @escaping @Sendable () -> Double,
    output: @escaping @Sendable (String) -> Void,
    terminalSize: @escaping @Sendable () -> (columns: Int, rows: Int) = { ProgressDisplay.sizeOfTerminal() }
  ) {
    self.interactive = interactive
    self.terminalSize = terminalSize
    self.clock = clock
    self.output = output
    state = Locked(State(total: work, started: clock()))
  }

  // MARK: - What happens

  /// A run has come to `done` of its `work`; `fields` say where and how well (see `fields(epoch:...)`).
  public func update(
    run id: String, _ fields: String, done: Double, of work: Double, imagesPerSecond: Double
  ) {
    let now = clock()
    state.withLock { state in
      let index = state.index(of: id, done: done, at: now)
      state.runs[index].update(fields, done: done, of: work, imagesPerSecond: imagesPerSecond)
      if interactive {
        redraw(&state, at: now)
      } else if now - state.runs[index].lastLine >= Self.lineInterval {
        state.runs[index].lastLine = now
        emit(state.runs[index].line(at: now) + "; all: " + state.totalLine(at: now))
      }
    }
  }

  /// A run is over; `line` stays on the screen.
  public func finished(run id: String, line: String) {
    let now = clock()
    state.withLock { state in
      let index = state.index(of: id, done: 0, at: now)
      let run = state.runs.remove(at: index)
      state.finishedWork += run.work
      state.finishedBefore += run.doneBefore
      show("\(id)  \(line)", &state, at: now)
    }
  }

  /// A line that stays, above the runs.
  public func message(_ text: String) {
    let now = clock()
    state.withLock { show(text, &$0, at: now) }
  }

  /// Lines of a drawing that stand above the runs and are redrawn with them; none takes it away. In a log there
  /// is no place for one.
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
      if interactive { output(state.erasing()) }
      state.linesOnScreen = 0
    }
  }

  /// "epoch 3/20  train 12.40 %  validation 10.85 %", of one width in all epochs.
  public static func fields(
    epoch: Int, of epochs: Int, trainErrorPercent: Double? = nil, validationErrorPercent: Double? = nil
  ) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let count = String(epochs)
    var fields = "epoch \(padded(String(epoch), count.count))/\(count)"
    for (name, value) in [("train", trainErrorPercent), ("validation", validationErrorPercent)] {
      guard let value else { continue }
      fields += "  \(name) \(padded(CSVValue.fixed(value, places: 2), 5)) %"
    }
    return fields
  }

  // MARK: - Showing it

  private func show(_ text: String, _ state: inout State, at now: Double) {
    if interactive {
      output(state.erasing() + text + "\n")
      state.linesOnScreen = 0
      redraw(&state, at: now, always: true)
    } else {
      emit(text)
    }
  }

  private func emit(_ line: String) {
    output(Date().formatted(.iso8601) + "  " + line + "\n")
  }

  private func redraw(_ state: inout State, at now: Double, always: Bool = false) {
    guard always || now - state.lastRedraw >= Self.redrawInterval else { return }
    state.lastRedraw = now
    let size = terminalSize()
    // A line that wraps would take two rows, and the next redraw would start one row too low.
    var lines = state.runs.map { $0.line(at: now) } + ["all: " + state.totalLine(at: now)]
    // Nor can a block that is higher than the screen be redrawn in place.
    if state.picture.count + lines.count < size.rows { lines = state.picture + lines }
    lines = lines.map { String($0.prefix(size.columns - 1)) }
    output(state.erasing() + lines.joined(separator: "\n") + "\n")
    state.linesOnScreen = lines.count
  }

  private static func sizeOfTerminal() -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return (100, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

// MARK: - State

extension ProgressDisplay {
  private struct Run {
    let id: String
    let doneBefore: Double
    let shown: Double
    var lastLine = -Double.infinity
    var fields = ""
    var done: Double
    var work = 0.0
    var imagesPerSecond = 0.0

    mutating func update(_ fields: String, done: Double, of work: Double, imagesPerSecond: Double) {
      self.fields = fields
      self.done = done
      self.work = work
      self.imagesPerSecond = imagesPerSecond
    }

    func line(at now: Double) -> String {
      let rate = imagesPerSecond > 0 ? "  \(Int(imagesPerSecond.rounded())) images/s" : ""
      return "\(id)  \(fields)\(rate)  "
        + timeLeft(done: done, before: doneBefore, of: work, seconds: now - shown)
    }
  }

  private struct State {
    let total: Double
    let started: Double
    var runs: [Run] = []
    var picture: [String] = []
    var finishedWork = 0.0
    var finishedBefore = 0.0
    var linesOnScreen = 0
    var lastRedraw = -Double.infinity

    init(total: Double, started: Double) {
      self.total = total
      self.started = started
    }

    mutating func index(of id: String, done: Double, at now: Double) -> Int {
      if let index = runs.firstIndex(where: { $0.id == id }) { return index }
      runs.append(Run(id: id, doneBefore: done, shown: now, done: done))
      return runs.count - 1
    }

    func totalLine(at now: Double) -> String {
      let done = runs.reduce(finishedWork) { $0 + $1.done }
      let before = runs.reduce(finishedBefore) { $0 + $1.doneBefore }
      let percent = total > 0 ? Int((100 * min(1, done / total)).rounded(.down)) : 0
      return "\(percent) % after \(spoken(seconds: now - started)), "
        + timeLeft(done: done, before: before, of: total, seconds: now - started)
    }

    /// Up to the block's first row, and clear from there to the end of the screen.
    func erasing() -> String {
      linesOnScreen > 0 ? "\u{1B}[\(linesOnScreen)A\r\u{1B}[J" : ""
    }
  }
}

private func timeLeft(done: Double, before: Double, of work: Double, seconds: Double) -> String {
  guard done > before, seconds > 0 else { return "time left unknown" }
  return spoken(seconds: max(0, work - done) * seconds / (done - before)) + " left"
}
