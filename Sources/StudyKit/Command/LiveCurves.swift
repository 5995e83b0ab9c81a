import Foundation
import Learning

/// Shows the validation error of every run against its examples, about once a second: in a window, or drawn with
/// characters above the progress lines.
///
/// A separate thread draws, so a gnuplot that is slow, stuck or gone does not slow down the training: runs only leave
/// their newest numbers here, and `close` waits no longer than `patience`.
final class LiveCurves: Sendable {
  /// Where the curves are drawn.
  enum Place: Equatable, Sendable {
    /// In a window, by the gnuplot terminal of this name.
    case window(String)
    /// Above the progress lines.
    case characters
    /// The string says why.
    case nowhere(String)
  }

  private let records = Locked([String: RunRecord]())
  private let isClosed = Locked(false)
  private let ended = DispatchSemaphore(value: 0)
  private let wake = DispatchSemaphore(value: 0)
  private let plot: LivePlot

  private static let interval = 1.0  // ours: seconds between two drawings
  private static let patience = 2.0  // ours: seconds that a gnuplot which does not answer may cost at the end

  /// Starts showing, or says in one sentence on the display why there is nothing to show with.
  convenience init(title: String, colours: [String: String], on display: ProgressDisplay) {
    let place = Self.choosePlace(
      environment: ProcessInfo.processInfo.environment, terminals: Gnuplot.terminals(),
      isTerminal: display.pictureSize != nil)
    if case .nowhere(let reason) = place { display.message("--live shows nothing: \(reason).") }
    self.init(LivePlot(title: title, colours: colours), place: place, on: display)
  }

  init(_ plot: LivePlot, place: Place, on display: ProgressDisplay, command: String = "gnuplot -d") {
    self.plot = plot
    do {
      try startThread("live curves") { [self] in
        switch place {
        case .window(let terminal): showWindow(terminal, display, command)
        case .characters: showCharacters(display)
        case .nowhere: break
        }
        ended.signal()
      }
    } catch {
      display.message("\(error)")
      ended.signal()
    }
  }

  /// A run as it is now. May be called from any thread.
  func show(_ record: RunRecord) { records.withLock { $0[record.name] = record } }

  /// Shows the newest numbers once more, and ends. A drawing of characters stays on the screen.
  func close() {
    isClosed.withLock { $0 = true }
    wake.signal()
    _ = ended.wait(timeout: .now() + Self.patience)
  }

  // MARK: - On the thread

  /// Calls `draw` with the runs about once a second until there is no more to come; nil when none has changed.
  private func everyInterval(_ draw: (_ changed: [RunRecord]?, _ isLast: Bool) -> Bool) {
    var (goesOn, shown) = (true, [RunRecord]())
    while goesOn {
      _ = wake.wait(timeout: .now() + Self.interval)
      let isLast = isClosed.withLock(\.self)
      // Sorted by name, not by who came first, so a run keeps its letter from one command to the next.
      let runs = records.withLock { $0.values.sorted { $0.name < $1.name } }.filter { !$0.curve.isEmpty }
      goesOn = draw(runs == shown ? nil : runs, isLast) && !isLast
      shown = runs
    }
  }

  private func showWindow(_ terminal: String, _ display: ProgressDisplay, _ command: String) {
    // Its complaint about a closed window is of no use.
    guard let gnuplot = try? Gnuplot(command: command, errorLog: "/dev/null") else { return }
    gnuplot.send(plot.opening(terminal: terminal))
    everyInterval { runs, isLast in
      if let runs { gnuplot.send(plot.window(runs)) }
      // While it pauses, gnuplot notices that its window was closed.
      let isThere = gnuplot.send(isLast ? "" : "pause \(0.8 * Self.interval)")
      if !isThere { display.message("The window of --live is gone; training goes on.") }
      return isThere
    }
    gnuplot.close()
  }

  private func showCharacters(_ display: ProgressDisplay) {
    var picture: [String] = []
    everyInterval { runs, isLast in
      if let runs, let size = display.pictureSize,
        let lines = plot.characters(runs, columns: size.columns, rows: size.rows)
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

  /// A window where there is a display and a gnuplot that can use it; otherwise characters, if there is a terminal.
  static func choosePlace(environment: [String: String], terminals: Set<String>?, isTerminal: Bool) -> Place {
    guard let terminals else {
      return .nowhere("gnuplot is not installed; install it with 'sudo apt-get install gnuplot-nox'")
    }
    func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    let windows = isSet("DISPLAY") ? ["qt", "wxt", "x11"] : isSet("WAYLAND_DISPLAY") ? ["qt", "wxt"] : []
    if let window = windows.first(where: terminals.contains) { return .window(window) }
    if isTerminal { return .characters }
    let missing = windows.isEmpty ? "there is no display" : "this gnuplot opens no window (gnuplot-qt does)"
    return .nowhere(missing + ", and standard error is not a terminal, or it is too small")
  }
}
