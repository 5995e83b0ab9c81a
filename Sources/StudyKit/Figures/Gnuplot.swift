import CGnuplot
import Foundation
import Learning

/// One gnuplot process that takes commands and matrices. Used from one thread at a time.
public final class Gnuplot {
  private var process: OpaquePointer?

  /// Starts gnuplot without the user's own settings (`-d`), so that figures look the same everywhere.
  ///
  /// With `stopsAtErrors` it exits at the first error with a status that is not 0, which suits a figure. Without, it
  /// goes on with the next command, which suits a window that is redrawn.
  public convenience init(stopsAtErrors: Bool = true, errorLog: String? = nil) throws {
    try self.init(command: stopsAtErrors ? "gnuplot -d -" : "gnuplot -d", errorLog: errorLog)
  }

  init(command: String, errorLog: String?) throws {
    process = gnuplot_open(command, errorLog)
    guard process != nil else {
      if errno == ENOENT { throw Self.missing }
      throw FileError(path: "gnuplot", action: "could not be started", errno: errno)
    }
  }

  deinit { close() }

  /// Sends one or more commands; false when gnuplot has ended.
  @discardableResult
  public func send(_ commands: String) -> Bool {
    gnuplot_send_text(process, commands.hasSuffix("\n") ? commands : commands + "\n") == 0
  }

  /// Plots a matrix [rows, columns] with `options` such as "with image"; row 0 is at the bottom.
  @discardableResult
  public func plot(_ matrix: [Float], rows: Int, columns: Int, _ options: String) -> Bool {
    precondition(
      matrix.count == rows * columns, "\(matrix.count) values for a matrix of \(rows) x \(columns)")
    return gnuplot_plot_matrix(process, matrix, Int32(rows), Int32(columns), options) == 0
  }

  @discardableResult
  public func flush() -> Bool { gnuplot_flush(process) == 0 }

  /// Ends gnuplot, waits for it, and returns its exit status.
  @discardableResult
  public func close() -> Int {
    guard let process else { return 0 }
    self.process = nil
    return Int(gnuplot_close(process))
  }

  /// "5.4 patchlevel 4", or nil when gnuplot is not installed.
  public static func version() -> String? {
    guard let words = Command.output(["gnuplot", "--version"]), words.hasPrefix("gnuplot ") else {
      return nil
    }
    return String(words.dropFirst("gnuplot ".count))
  }

  /// The names of its terminals, such as `svg` and `qt`; nil when gnuplot is not installed.
  static func terminals() -> Set<String>? {
    guard let words = Command.output(["gnuplot", "-e", "set print '-'; print GPVAL_TERMINALS"]) else {
      return nil
    }
    return Set(words.split(separator: " ").map(String.init))
  }

  /// The error on a machine without gnuplot; a study then goes on without figures.
  static let missing = FileError(
    path: "gnuplot", reason: "is not installed, so no figures are drawn",
    cure: "install it with 'sudo apt-get install gnuplot-nox' and draw them with --figures-only")

  /// `text` as a gnuplot string; single quotes, in which gnuplot expands nothing.
  static func quoted(_ text: String) -> String {
    let lines = text.replacingOccurrences(of: "'", with: "''").components(separatedBy: "\n")
    return lines.map { "'\($0)'" }.joined(separator: ".\"\\n\".")
  }
}
