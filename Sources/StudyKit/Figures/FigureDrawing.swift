import Foundation
import Learning

/// Draws figures: one gnuplot script, the CSV files of one folder, an SVG for the page and a PNG beside it.
///
/// Before a script is loaded, these string variables are set, as are the terminal and the output, which a script
/// therefore leaves alone:
///
///     data      the folder with the CSV files
///     style     the style shared by all figures; a script starts with `load style`
///     scripts   the folder with the shared scripts
///     format    `svg` or `png`, or `gif` for an animation
///
/// A script may ask for its size, in pixels of the SVG, in its leading comments: `# size 900x520`; one whose
/// size depends on the tables says `eval resize(width, height)` before it plots. One that says `# animated 12` is
/// drawn as a GIF only, with a picture of 12 hundredths of a second for every `plot` or `multiplot`. `# animated 12
/// changes` stores only what changes, which needs every picture to differ from the one before.
public struct FigureDrawing: Sendable {
  public let data: String
  public let scripts: String
  public var style: String { scripts + "/style.gp" }

  public init(data: String, scripts: String = FigureDrawing.sharedScripts) {
    self.data = data
    self.scripts = scripts
  }

  /// The scripts that come with the library.
  public static let sharedScripts = scripts(of: "StudyKit")

  /// The folder `Scripts` beside a source file of this package, or where the source tree is gone, the copy beside the
  /// executable.
  public static func scripts(of target: String, beside source: String = #filePath) -> String {
    let inSources = (source as NSString).deletingLastPathComponent + "/Scripts"
    let copied = Bundle.main.bundlePath + "/recurrent-visual-attention_\(target).resources/Scripts"
    return FileManager.default.fileExists(atPath: inSources) ? inSources : copied
  }

  /// Draws `script` to `base`.svg and `base`.png, or to `base`.gif. Each is replaced only by a whole new figure.
  ///
  /// Returns gnuplot's warnings; throws `FileError` when gnuplot is missing or the script fails.
  @discardableResult
  public func draw(script path: String, variables: [(String, String)] = [], to base: String) throws
    -> [String]
  {
    let size = try FigureSize(script: path)
    let suffix = variables.first { $0.0 == "suffix" }?.1 ?? ""
    // One sentence instead of the many that gnuplot would print.
    for table in tables(of: path, suffix: suffix) where !FileManager.default.fileExists(atPath: table) {
      throw FileError(
        path: table, reason: "is not there",
        cure: "run the conditions that it is written from, without --figures-only")
    }
    let formats = size.animation != nil ? [FigureFormat.gif] : [.svg, .png]
    let warnings = try concurrently(formats.count, threads: formats.count) { index in
      let format = formats[index]
      return try draw(
        path, variables + [("format", format.rawValue)], size, as: format, to: "\(base).\(format.rawValue)")
    }.flatMap(\.self)
    return warnings.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The tables that a script reads.
  ///
  /// It names them as `data.'/runs.csv'`, or `table('scenes')` where a study has several: `scenes-part.csv`.
  func tables(of script: String, suffix: String) -> [String] {
    let text = sources(of: script).map(Self.text).joined()
    return [("data.'/", ".csv'", ""), ("table('", "')", suffix)].flatMap { start, end, suffix in
      text.components(separatedBy: start).dropFirst().compactMap { rest in
        let name = rest.prefix { $0.isLetter || $0 == "_" }
        return rest.dropFirst(name.count).hasPrefix(end) ? "\(data)/\(name)\(suffix).csv" : nil
      }
    }
  }

  /// A script, and the shared ones that it loads as `scripts.'/paths.gp'`.
  func sources(of script: String) -> [String] {
    let loaded = Self.text(script).components(separatedBy: "load scripts.'/").dropFirst()
    return [script] + loaded.compactMap { $0.split(separator: "'").first.map { "\(scripts)/\($0)" } }
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  private func draw(
    _ script: String, _ variables: [(String, String)], _ size: FigureSize, as format: FigureFormat,
    to path: String
  ) throws -> [String] {
    let (drawing, log) = (AtomicFile.temporaryName(beside: path), AtomicFile.temporaryName(beside: path))
    defer {
      unlink(log)
      unlink(drawing)  // gone already when it was moved into place
    }
    // gnuplot and the shell would not say why they cannot write there.
    guard FileManager.default.createFile(atPath: log, contents: nil) else {
      throw FileError(path: path, action: "could not be created", errno: errno)
    }
    let gnuplot = try Gnuplot(errorLog: log)
    let places = [("data", data), ("style", style), ("scripts", scripts)]
    gnuplot.send(
      (["set encoding utf8"] + places.map { "\($0) = \(Gnuplot.quoted(path: $1))" }
        + variables.map { "\($0) = \(Gnuplot.quoted($1))" }
        + [
          format.resizing(output: drawing, animation: size.animation),
          "width = \(size.width).0; height = \(size.height).0", "eval resize(\(size.width), \(size.height))",
          "load \(Gnuplot.quoted(path: script))", "unset output",
        ]).joined(separator: "\n"))
    let status = gnuplot.close()

    let said = (FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? "")
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && !$0.hasSuffix("in animation sequence") }  // a count, no warning
    // The error is printed among warnings, the line that it is about, and its consequences.
    let error = said.first { $0.contains("line ") && !$0.contains("warning: ") }
    let warnings = said.filter { $0.contains("warning: ") }
    let reason = ([error ?? said.last { !warnings.contains($0) }].compactMap(\.self) + warnings.prefix(2))
      .joined(separator: "; ")
    guard status == 0 else {
      throw FileError(
        path: script, reason: "gnuplot stopped with status \(status)" + (reason.isEmpty ? "" : ": " + reason),
        cure: "correct the script or the table that it reads, then draw again")
    }
    guard format.isWhole([UInt8](FileManager.default.contents(atPath: drawing) ?? Data())) else {
      throw FileError(
        path: script,
        reason: "gnuplot left no whole figure for \(path)" + (reason.isEmpty ? "" : ": " + reason),
        cure: "check that the script plots something and that the disk has space")
    }
    try AtomicFile.publish(drawing, as: path)
    return said
  }
}
