import Foundation
import NumericCore
import Training

/// The end of a study: figures, the table beside the paper, and the page that holds both.
extension Study {
  /// Draws a figure from the tables: the study's own script of that name, or the one shared by all studies.
  ///
  /// A figure that cannot be drawn costs a sentence on standard error, never the numbers.
  ///
  /// - Parameters:
  ///   - conditions: shows these only; all when empty.
  ///   - part: names the figure `figure-part`; scenes, glimpses and fixations come from that part's tables.
  ///   - against: the column of `curves.csv` that learning curves are drawn over, if not examples.
  public func draw(
    _ figure: String, of conditions: [Condition] = [], part: String? = nil, against: String? = nil,
    title subject: String? = nil, caption: String
  ) throws {
    let suffix = part.map { "-" + $0 } ?? ""
    let name = figure + suffix
    let variables = [
      ("title", subject ?? title), ("only", conditions.map { "\"\($0.name)\"" }.joined(separator: " ")),
      ("suffix", suffix), ("against", against ?? "examples"),
    ]
    let own = "\(scripts)/\(figure).gp"
    let isOwn = FileManager.default.fileExists(atPath: own)
    let script = isOwn ? own : FigureDrawing.sharedScripts + "/\(figure).gp"
    try AtomicFile.makeFolder(folder + "/figures")
    if let missing = lacksData(conditions.map(\.name)) {
      say("The figure \(name) was not drawn: \(missing).")
      return
    }
    let drawing = FigureDrawing(data: folder)
    do {
      let warnings = try drawing.draw(script: script, variables: variables, to: "\(folder)/figures/\(name)")
      for warning in warnings { say("figure \(name): \(warning)") }
      figureInputs[name] = FigureInputs.fingerprint(of: drawing, script: script, variables: variables)
    } catch let error as FileError where error == Gnuplot.missing {
      if !lacksGnuplot { say(error.description) }
      lacksGnuplot = true
    } catch let error as FileError {
      say("The figure \(name) was not drawn: \(error)")
    }
    guard picture(of: name) != nil else { return }
    let findings = FigureFindings(folder: folder, conditions: conditions.map(\.name), suffix: suffix)
    // A picture from before, of a table that is gone, keeps its caption alone.
    let finding = (try? findings.sentence(for: figure)) ?? nil
    figures.append((name, [caption, finding].compactMap { $0 }.joined(separator: " ")))
  }

  /// Why there is nothing to show of these conditions, if that is so.
  private func lacksData(_ names: [String]) -> String? {
    guard !names.isEmpty, let runs = try? CSVTable(reading: folder + "/runs.csv", expecting: Self.runColumns),
      Set(runs.names(in: "condition")).isDisjoint(with: names)
    else { return nil }
    return "none of \(names.joined(separator: ", ")) has been run"
  }

  /// Writes `report.md` and prints the table and the paths of what was written.
  public func report() throws {
    let runs = try CSVTable(reading: folder + "/runs.csv", expecting: Self.runColumns)
    let table = comparison(runs)
    var page = "# \(title)\n\n\(question)\n\n"
    page += runDescription(runs) + "\n\n"
    page += "## Test error beside the paper's, %\n\n" + table.markdown + "\n"
    page += """
      *mean*: one rollout, looking at the mean of the location policy, the headline. *sampled*: one rollout, looking at \
      samples. *average of \(Run.averagedRollouts)*: class probabilities of \(Run.averagedRollouts) sampled rollouts \
      averaged, an extra that no row of the paper is compared with. ± is a 95 % interval over seeds (Student's t); the \
      number of seeds is in parentheses.

      """
    let comparison = PaperComparison(
      runs, ours: "test_error_percent", paper: "paper_error_percent", tasks: taskNames)
    let trained = runs.rows.indices.compactMap { runs[row: $0, "examples"].double }.max() ?? 0
    page += differencesPage(comparison, trained: trained, unit: "training scenes")
    page += figurePages + openChoicesPage(ours + trainingChoices)
    try write(page: page)
    print("\n\(title), test error, %\n\n\(table.terminal)")
    print("Tables, figures and report: \(folder)/report.md")
  }

  /// Writes `report.md` of a study that trains nothing, around the table it measured.
  public func report(_ table: TextTable, heading: String, note: String) throws {
    try report(table, heading: heading, note: note, differences: "")
  }

  func report(_ table: TextTable, heading: String, note: String, differences: String) throws {
    var page = "# \(title)\n\n\(question)\n\n"
    page += "Preset `\(options.preset.rawValue)`, \(writtenBy)\n\n"
    page += "## \(heading)\n\n\(table.markdown)\n\(note)\n" + differences + figurePages
    page += openChoicesPage(ours)
    try write(page: page)
    print("\n\(title): \(heading)\n\n\(table.terminal)")
    print("Tables, figures and report: \(folder)/report.md")
  }

  private func write(page: String) throws {
    if !lacksGnuplot { try FigureInputs.write(figureInputs, to: folder) }
    try AtomicFile.write(page, to: folder + "/report.md")
  }

  private var figurePages: String {
    figures.isEmpty ? "" : "\n## Figures\n" + figures.map(figurePage).joined()
  }

  private func figurePage(_ figure: (name: String, caption: String)) -> String {
    "\n![\(figure.name)](figures/\(figure.name).\(picture(of: figure.name) ?? "svg"))\n\n\(figure.caption)\n"
  }

  /// What the page shows of a figure: its animation, or the SVG; nil when it was never drawn.
  private func picture(of figure: String) -> String? {
    ["gif", "svg"].first { FileManager.default.fileExists(atPath: "\(folder)/figures/\(figure).\($0)") }
  }

  private func openChoicesPage(_ choices: [String]) -> String {
    choices.isEmpty ? "" : "\n## What is ours\n\n" + choices.map { "- \($0)\n" }.joined()
  }

  private var writtenBy: String {
    "written by `swift run study-\(name) --preset \(options.preset.rawValue)`; settings, seeds, versions and processor "
      + "stand in `provenance.json`."
  }

  private func comparison(_ runs: CSVTable) -> TextTable {
    var table = TextTable(
      header: ["condition", "paper", "mean", "sampled", "average of \(Run.averagedRollouts)", "parameters"])
    for condition in runs.names(in: "condition") {
      let rows = runs.rows.indices.filter { runs[row: $0, "condition"] == .text(condition) }
      func cell(_ column: String) -> String {
        let values = rows.compactMap { runs[row: $0, column].double }
        return Interval(values)?.formatted() ?? "–"
      }
      let failures = rows.filter { runs[row: $0, "test_error_percent"].double == nil }.count
      let paper = rows.first.flatMap { runs[row: $0, "paper_error_percent"].double }
      let parameters = rows.first.flatMap { runs[row: $0, "parameters"].double }.map { String(Int($0)) } ?? ""
      table.append([
        condition + (failures > 0 ? " (\(failures) diverged)" : ""),
        paper.map { CSVValue.fixed($0, places: 2) } ?? "–", cell("test_error_percent"),
        cell("test_error_sampled_percent"), cell("test_error_averaged_percent"), parameters,
      ])
    }
    return table
  }

  private func runDescription(_ runs: CSVTable) -> String {
    let examples = Set(runs.rows.indices.compactMap { runs[row: $0, "examples"].double }).sorted()
    let millions = examples.map { CSVValue.fixed($0 / 1e6, places: 2) }
    let span =
      millions.first == millions.last
      ? millions.first ?? "0" : "\(millions.first ?? "") to \(millions.last ?? "")"
    let training = plan.training
    return "Preset `\(options.preset.rawValue)`: \(span) million training scenes per run, batches of "
      + "\(training.batchSize), learning rate \(training.learningRate.summary), location deviation "
      + "\(training.standardDeviation.summary); \(writtenBy)" + leftOutSentence(runs)
  }

  private func leftOutSentence(_ runs: CSVTable) -> String {
    let missing = conditions.map(\.name).filter { !runs.names(in: "condition").contains($0) }
    guard !missing.isEmpty else { return "" }
    return "\n\nNot trained here: " + missing.map { "`\($0)`" }.joined(separator: ", ")
      + "; `--only` trains a condition that its preset leaves out."
  }

  private func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

extension CSVTable {
  /// The different words of a column, in the order of their first row.
  func names(in column: String) -> [String] {
    rows.indices.reduce(into: []) { names, row in
      if case .text(let name) = self[row: row, column], !names.contains(name) { names.append(name) }
    }
  }
}
