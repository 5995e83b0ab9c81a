import Foundation
import Learning

extension Study {
  /// Draws a figure from the tables: the study's own script of that name, or the one shared by all studies.
  ///
  /// When a figure cannot be drawn, a sentence on standard error says so, and the numbers are still written.
  ///
  /// - Parameters:
  ///   - conditions: those that are shown; all when nil.
  ///   - part: names the figure `figure-part`; scenes, glimpses and fixations come from that part's tables.
  ///   - axis: the horizontal axis of learning curves: a column of `curves.csv`, the axis label, and the factor from
  ///     the column to what the label says.
  ///   - caption: what is shown, and what to look for.
  ///   - finding: a sentence with numbers from the tables that the figure shows.
  public func draw(
    _ figure: String, of conditions: [Condition]? = nil, part: String? = nil,
    against axis: (column: String, label: String, each: Double) = ("examples", "examples seen", 1),
    title subject: String? = nil, caption: String, finding: (Study) throws -> String? = { _ in nil }
  ) throws {
    try describeTables()
    if StopSignal.isSet, !isStopped { throw Interruption() }
    let name = Self.name(figure, part)
    let shown = (conditions ?? self.conditions).filter { !records(of: $0).isEmpty }
    if let conditions, shown.isEmpty {
      say(
        "The figure \(name) was not drawn: none of \(conditions.map(\.name).joined(separator: ", ")) has been run."
      )
      return
    }
    let (colours, marks) = (Palette.colours(of: self.conditions), Palette.marks(of: self.conditions))
    func list(_ words: [String]) -> String {
      words.map { "\"\($0.replacingOccurrences(of: "\"", with: "'"))\"" }.joined(separator: " ")
    }
    let variables = [
      ("title", subject ?? title), ("suffix", part.map { "-" + $0 } ?? ""), ("against", axis.column),
      ("axis", axis.label), ("each", "\(axis.each)"), ("names", list(shown.map(\.name))),
      ("labels", list(shown.map(\.label))), ("colours", list(shown.map { colours[$0.name] ?? "" })),
      ("marks", list(shown.map { "\(marks[$0.name] ?? 7)" })), ("preset", preset.rawValue),
      ("shown_seed", "\(Self.shownSeed)"),
    ]
    let shared = FigureDrawing.sharedScripts + "/\(figure).gp"
    let own = "\(scripts)/\(figure).gp"
    let isShared =
      !FileManager.default.fileExists(atPath: own) && FileManager.default.fileExists(atPath: shared)
    let script = isShared ? shared : own
    let drawing = FigureDrawing(data: folder)
    if let table = lackingTable(of: drawing, script, part, conditions ?? self.conditions) {
      return say(
        "The figure \(name) was not drawn: \(table) needs conditions that have not been run and tested.")
    }
    try AtomicFile.makeFolder(folder + "/figures")
    let fingerprint = FigureInputs.fingerprint(of: drawing, script: script, variables: variables)
    do {
      let warnings = try drawing.draw(script: script, variables: variables, to: "\(folder)/figures/\(name)")
      for warning in warnings { say("figure \(name): \(warning)") }
      figureInputs[name] = fingerprint
    } catch let error as FileError where error == Gnuplot.missing {
      if !lacksGnuplot { say("\(error) With --figures-only, nothing is trained.") }
      lacksGnuplot = true
    } catch let error as FileError {
      if StopSignal.isSet, !isStopped { throw Interruption() }  // Ctrl-C ends gnuplot too
      hasUndrawnFigures = true
      return say("The figure \(name) was not drawn: \(error)")
    }
    // Without gnuplot, a picture that was drawn from other numbers is left out of the report.
    guard picture(of: name) != nil, FigureInputs.read(from: folder)[name] == fingerprint || !lacksGnuplot
    else { return }
    var found: String?
    do {
      found = try finding(self)
    } catch {
      hasUndrawnFigures = true
      say("The figure \(name) was drawn without its finding: \(error)")
    }
    figures.append((name, [caption, found].compactMap(\.self).joined(separator: " ")))
  }

  /// A table of a figure that has no rows yet because some of the figure's conditions have no tested run.
  private func lackingTable(
    of drawing: FigureDrawing, _ script: String, _ part: String?, _ conditions: [Condition]
  ) -> String? {
    guard conditions.contains(where: { !records(of: $0).contains { $0.test != nil } }) else { return nil }
    return drawing.tables(of: script, suffix: part.map { "-" + $0 } ?? "").first { path in
      let lines = FileManager.default.contents(atPath: path)?.split(separator: 10, maxSplits: 1) ?? []
      return lines.count < 2
    }.map { ($0 as NSString).lastPathComponent }
  }

  /// The format that the page shows: an animation, or the SVG; nil when the figure was never drawn.
  func picture(of figure: String) -> String? {
    ["gif", "svg"].first { FileManager.default.fileExists(atPath: "\(folder)/figures/\(figure).\($0)") }
  }
}
