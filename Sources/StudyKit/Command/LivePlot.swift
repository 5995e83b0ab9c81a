import Foundation
import Learning

/// The gnuplot commands that draw curves which are still growing.
struct LivePlot: Sendable {
  let title: String
  /// By the names of conditions, as in the figures.
  let colours: [String: String]

  // MARK: - A window

  /// Opens the window, and lets gnuplot exit when it is closed.
  func opening(terminal: String) -> String {
    """
    format = 'svg'
    load \(Gnuplot.quoted(FigureDrawing(data: ".").style))
    set datafile separator whitespace
    unset datafile columnheaders
    set terminal \(terminal) noraise size 900,520 title \(Gnuplot.quoted(title)) font 'Helvetica,11'
    set title \(Gnuplot.quoted(title)) noenhanced
    set xlabel 'examples seen (thousands)'
    set ylabel 'validation error (%)'
    \(Self.axes)
    set key outside right top Left reverse samplen 2
    bind 'Close' 'exit gnuplot'
    """
  }

  /// One line for each run in the colour of its condition; finished ones are thin.
  func window(_ runs: [RunRecord]) -> String {
    plot(runs) { run in
      "with linespoints pt 7 ps 0.5 lw \(run.isFinished ? 1 : 2) lc rgb '\(colours[run.condition] ?? "#7a7a7a")' "
        + "title \(Gnuplot.quoted(run.name)) noenhanced"
    }
  }

  // MARK: - Characters

  /// The lines of a drawing of at most that size; nil when gnuplot did not make one.
  func characters(_ runs: [RunRecord], columns: Int, rows: Int) -> [String]? {
    let path = NSTemporaryDirectory() + "live-\(UUID().uuidString).txt"
    defer { unlink(path) }
    // Characters can show only a few curves: those that are still growing, or the last ones to finish.
    let growing = runs.filter { !$0.isFinished }
    let named = Set((growing.isEmpty ? runs : growing).suffix(6).map(\.name))
    guard let gnuplot = try? Gnuplot(errorLog: "/dev/null") else { return nil }
    gnuplot.send(
      """
      set terminal dumb nofeed noenhanced size \(columns), \(rows)
      set output \(Gnuplot.quoted(path))
      set title \(Gnuplot.quoted(title + ": validation error (%) by thousand examples"))
      \(Self.axes)
      set key outside right top samplen 2
      set tics nomirror
      set border 3
      """)
    gnuplot.send(
      plot(runs) { run in
        named.contains(run.name)
          ? "with linespoints title \(Gnuplot.quoted(run.name))" : "with dots notitle"
      } + "\nunset output")
    guard gnuplot.close() == 0, let data = FileManager.default.contents(atPath: path) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).components(separatedBy: "\n").map {
      String($0.prefix(columns))
    }
    // The lines that gnuplot leaves empty above and below are room for the runs.
    let filled = lines.indices.filter { !lines[$0].allSatisfy(\.isWhitespace) }
    return filled.isEmpty ? nil : Array(lines[filled[0]...filled[filled.count - 1]])
  }

  // MARK: - Both

  /// A tick wherever the curves are: errors that change little share a decade.
  private static let axes = """
    set logscale y
    set ytics (0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 6, 8, 10, 15, 20, 30, 40, 60, 80, 100)
    """

  private func plot(_ runs: [RunRecord], _ style: (RunRecord) -> String) -> String {
    let curves = runs.map { $0.curve.map { SIMD2(Double($0.examples) / 1e3, $0.validationErrorPercent) } }
    let points = curves.flatMap(\.self)
    let errors = points.map(\.y).filter { $0 > 0 }
    // A logarithmic axis cannot show an error of zero, which a small validation set can give.
    let blocks = curves.enumerated().map { index, curve in
      "$curve\(index) << EOD\n" + curve.map { "\($0.x) \($0.y > 0 ? "\($0.y)" : "NaN")\n" }.joined()
        + "EOD\n"
    }
    return blocks.joined() + "set xrange [0:\(points.map(\.x).max() ?? 1)]\n"
      + "set yrange [\((errors.min() ?? 1) / 1.2):\(min(100, (errors.max() ?? 100) * 1.2))]\n"
      + "plot " + runs.enumerated().map { "$curve\($0) using 1:2 \(style($1))" }.joined(separator: ", ")
  }
}
