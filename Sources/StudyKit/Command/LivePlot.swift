import Foundation

/// What gnuplot is told to draw of curves that still grow.
enum LivePlot {
  // MARK: - A window

  /// Opens it, and lets gnuplot leave when it is closed.
  static func opening(terminal: String, title: String) -> String {
    let drawing = FigureDrawing(data: ".")
    return """
      format = 'svg'
      load \(Gnuplot.quoted(drawing.style))
      set datafile separator whitespace
      unset datafile columnheaders
      set terminal \(terminal) noraise size 900,520 title \(Gnuplot.quoted(title)) font 'Helvetica,11'
      set title \(Gnuplot.quoted(title)) noenhanced
      set xlabel 'examples seen (thousands)'
      set ylabel 'validation error (%)'
      \(axes)
      set key outside right top Left reverse samplen 2
      bind 'Close' 'exit gnuplot'
      """
  }

  /// One line for each run in the colour of its condition, as in the figures; finished ones are thin.
  static func window(_ curves: [Curve]) -> String {
    plot(curves) { index, curve in
      "$curve\(index) using ($1/1e3):2 with linespoints pt 7 ps 0.5 lw \(curve.isFinished ? 1 : 2) "
        + "lc rgb colour(\(Gnuplot.quoted(curve.condition))) title \(Gnuplot.quoted(curve.run)) noenhanced"
    }
  }

  // MARK: - Characters

  /// The lines of a drawing of at most that size; nil when gnuplot did not make one.
  static func characters(_ curves: [Curve], title: String, columns: Int, rows: Int) -> [String]? {
    let path = NSTemporaryDirectory() + "live-\(UUID().uuidString).txt"
    defer { unlink(path) }
    // Characters tell only a few curves apart: those that still grow, or the last ones to have finished.
    let growing = curves.filter { !$0.isFinished }
    let named = Set((growing.isEmpty ? curves : growing).suffix(6).map(\.run))
    guard let gnuplot = try? Gnuplot(errorLog: "/dev/null") else { return nil }
    gnuplot.send(
      """
      set terminal dumb nofeed noenhanced size \(columns), \(rows)
      set output \(Gnuplot.quoted(path))
      set title \(Gnuplot.quoted(title + ": validation error (%) by thousand examples"))
      \(axes)
      set key outside right top samplen 2
      set tics nomirror
      set border 3
      """)
    gnuplot.send(
      plot(curves) { index, curve in
        "$curve\(index) using ($1/1e3):2 with "
          + (named.contains(curve.run) ? "linespoints title \(Gnuplot.quoted(curve.run))" : "dots notitle")
      } + "\nunset output")
    guard gnuplot.close() == 0, let data = FileManager.default.contents(atPath: path) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0.prefix(columns)) }
    // What gnuplot leaves empty above and below is room for the runs.
    let isEmpty: (String) -> Bool = { $0.allSatisfy(\.isWhitespace) }
    guard let first = lines.firstIndex(where: { !isEmpty($0) }),
      let last = lines.lastIndex(where: { !isEmpty($0) })
    else { return nil }
    return Array(lines[first...last])
  }

  // MARK: - Both

  typealias Curve = LiveCurves.Curve

  /// A tick wherever the curves are: errors that change little share a decade.
  private static let axes = """
    set logscale y
    set ytics (0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 6, 8, 10, 15, 20, 30, 40, 60, 80, 100)
    """

  private static func plot(_ curves: [Curve], _ element: (Int, Curve) -> String) -> String {
    let errors = curves.flatMap(\.points).map(\.errorPercent).filter { $0 > 0 }
    let (least, most) = (errors.min() ?? 1, errors.max() ?? 100)
    let furthest = curves.flatMap(\.points).map(\.examples).max() ?? 1
    // A logarithmic axis cannot show an error of zero, which a small validation set can give.
    let blocks = curves.enumerated().map { index, curve in
      let rows = curve.points.map {
        "\($0.examples) \($0.errorPercent > 0 ? String($0.errorPercent) : "NaN")\n"
      }
      return "$curve\(index) << EOD\n\(rows.joined())EOD\n"
    }
    return blocks.joined() + "set xrange [0:\(Double(furthest) / 1e3)]\n"
      + "set yrange [\(least / 1.2):\(min(100, most * 1.2))]\n"
      + "plot " + curves.enumerated().map { element($0, $1) }.joined(separator: ", ")
  }
}
