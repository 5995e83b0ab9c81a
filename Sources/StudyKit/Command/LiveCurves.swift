import Foundation

/// Shows the validation error of every run against its examples, about once a second: in a window, or drawn with
/// characters above the progress lines.
///
/// A thread of its own draws, so that a gnuplot that is slow, stuck or gone costs the training nothing: runs only
/// leave their newest numbers here, and `close` waits no longer than `patience`.
public final class LiveCurves: Sendable {
  /// One run's curve.
  struct Curve: Equatable, Sendable {
    var run: String
    var condition: String
    var points: [Point]
    var isFinished: Bool
  }

  struct Point: Equatable, Sendable {
    var examples: Int
    var errorPercent: Double
  }

  /// Where the curves are drawn.
  enum Place: Equatable, Sendable {
    /// With one of gnuplot's terminals that open one.
    case window(String)
    case characters
  }

  private struct State {
    var curves: [Curve] = []
    var isChanged = false
    var isClosed = false
  }

  private let state = Locked(State())
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  private static let interval = 1.0  // ours: seconds between two drawings
  private static let patience = 2.0  // ours: seconds that a gnuplot which does not answer may cost at the end

  /// Starts showing, or says in one sentence on the display why there is nothing to show with.
  public convenience init(title: String, on display: ProgressDisplay) {
    switch Self.choosePlace(
      environment: ProcessInfo.processInfo.environment, terminals: Gnuplot.terminals(),
      isTerminal: display.pictureSize != nil)
    {
    case .success(let place): self.init(title: title, place: place, on: display)
    case .failure(let reason):
      display.message("--live shows nothing: \(reason.text).")
      self.init()
    }
  }

  /// Shows nothing.
  private init() { ended.signal() }

  init(title: String, place: Place, on display: ProgressDisplay, command: String? = nil) {
    let thread = Thread { [self] in
      switch place {
      case .window(let terminal): showWindow(title, terminal, display, command)
      case .characters: showCharacters(title, display)
      }
      ended.signal()
    }
    thread.name = "live curves"
    thread.start()
  }

  // MARK: - What happens

  /// The whole curve of a run as it is now. May be called from any thread.
  func show(_ record: RunRecord) {
    let points = record.curve.map { Point(examples: $0.examples, errorPercent: $0.validationErrorPercent) }
    let curve = Curve(
      run: record.name, condition: record.condition, points: points, isFinished: record.isFinished)
    state.withLock { state in
      let index = state.curves.firstIndex { $0.run == curve.run } ?? state.curves.count
      if index == state.curves.count {
        state.curves.append(curve)
      } else if state.curves[index] == curve {
        return
      }
      state.curves[index] = curve
      state.isChanged = true
    }
  }

  /// Shows what is new for the last time, and leaves; a drawing of characters stays on the screen.
  public func close() {
    state.withLock { $0.isClosed = true }
    wake.signal()
    _ = ended.wait(timeout: .now() + Self.patience)
  }

  // MARK: - On the thread

  /// Calls `draw` with the curves about once a second until there is no more to come; nil when none has changed.
  private func everyInterval(_ draw: (_ changed: [Curve]?, _ isLast: Bool) -> Bool) {
    var goesOn = true
    while goesOn {
      _ = wake.wait(timeout: .now() + Self.interval)
      let (curves, isLast) = state.withLock { state in
        defer { state.isChanged = false }
        // By name, not by who came first: a run keeps its letter when others are faster another time.
        let shown = state.curves.filter { !$0.points.isEmpty }.sorted { $0.run < $1.run }
        return (state.isChanged ? shown : nil, state.isClosed)
      }
      goesOn = draw(curves.flatMap { $0.isEmpty ? nil : $0 }, isLast) && !isLast
    }
  }

  private func showWindow(_ title: String, _ terminal: String, _ display: ProgressDisplay, _ command: String?) {
    let log = "/dev/null"  // what it says about a window that was closed helps nobody
    guard
      let gnuplot = try? command.map({ try Gnuplot(command: $0, errorLog: log) })
        ?? Gnuplot(stopsAtErrors: false, errorLog: log)
    else { return }
    gnuplot.send(LivePlot.opening(terminal: terminal, title: title))
    everyInterval { curves, isLast in
      if let curves { gnuplot.send(LivePlot.window(curves)) }
      // While it pauses, gnuplot notices that its window was closed.
      let isThere = gnuplot.send(isLast ? "" : "pause \(0.8 * Self.interval)")
      if !isThere { display.message("The window of --live is gone; training goes on.") }
      return isThere
    }
    gnuplot.close()
  }

  private func showCharacters(_ title: String, _ display: ProgressDisplay) {
    var picture: [String] = []
    everyInterval { curves, isLast in
      if let curves, let size = display.pictureSize,
        let lines = LivePlot.characters(curves, title: title, columns: size.columns, rows: size.rows)
      {
        picture = lines
        if !isLast { display.show(picture: lines) }
      }
      return true
    }
    display.show(picture: [])
    if !picture.isEmpty { display.message(picture.joined(separator: "\n")) }
  }

  // MARK: - Where

  struct Reason: Error, Equatable { let text: String }

  /// A window where there is a display and a gnuplot that opens one; else characters, if a terminal shows them.
  static func choosePlace(
    environment: [String: String], terminals: Set<String>?, isTerminal: Bool
  ) -> Result<Place, Reason> {
    guard let terminals else {
      return .failure(Reason(text: "gnuplot is not installed; install it with 'sudo apt-get install gnuplot-nox'"))
    }
    func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    let windows =
      isSet("DISPLAY") ? ["qt", "wxt", "x11"] : isSet("WAYLAND_DISPLAY") ? ["qt", "wxt"] : []
    if let window = windows.first(where: terminals.contains) { return .success(.window(window)) }
    return isTerminal
      ? .success(.characters)
      : .failure(
        Reason(
          text: windows.isEmpty
            ? "there is no display, and standard error is no terminal"
            : "this gnuplot opens no window (gnuplot-qt does), and standard error is no terminal"))
  }
}
