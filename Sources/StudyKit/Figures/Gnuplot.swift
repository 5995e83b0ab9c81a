import CGnuplot
import Foundation
import Learning

/// One gnuplot process that takes commands. Used from one thread at a time.
public final class Gnuplot {
  private var process: OpaquePointer?

  /// Starts gnuplot without the user's own settings (`-d`), so that figures look the same everywhere. At the first error
  /// it exits with a status that is not 0 (`-`).
  ///
  /// - Parameter command: "gnuplot -d", for one, goes on with the next command after an error, which suits a window.
  init(command: String = "gnuplot -d -", errorLog: String? = nil) throws {
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
    guard let words = Command.output(["gnuplot", "-d", "-e", "set print '-'; print GPVAL_TERMINALS"]) else {
      return nil
    }
    return Set(words.split(separator: " ").map(String.init))
  }

  /// The error on a machine without gnuplot; a study then goes on without figures.
  static let missing = FileError(
    path: "gnuplot", reason: "is not installed, so no figures are drawn",
    cure: "install it with 'sudo apt-get install gnuplot-nox', then draw again")

  /// `text` as a gnuplot string; single quotes, in which gnuplot expands nothing.
  static func quoted(_ text: String) -> String {
    let lines = text.components(separatedBy: "\n").map { line in
      line.components(separatedBy: "'").map { "'\($0)'" }.joined(separator: ".\"'\".")
    }
    return lines.joined(separator: ".\"\\n\".")
  }

  /// The same for a path. gnuplot would take one that begins with `~`, `<` or `|` for the home folder or a command.
  static func quoted(path: String) -> String { quoted(path.hasPrefix("/") ? path : "./" + path) }
}
