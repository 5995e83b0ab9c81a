import Foundation
import NumericCore
import Training

/// The end of a study: figures, the table beside the paper, and the page that holds both.
extension Study {
  /// Draws a figure from the tables: the study's own script of that name, or the one shared by all studies.
  ///
  /// A figure that cannot be drawn costs a sentence on standard error, never the numbers.
  public func draw(_ figure: String, title subject: String? = nil, caption: String) throws {
    let own = "\(scripts)/\(figure).gp"
    let isOwn = FileManager.default.fileExists(atPath: own)
    let script = isOwn ? own : FigureDrawing.sharedScripts + "/\(figure).gp"
    try AtomicFile.makeFolder(folder + "/figures")
    do {
      let warnings = try FigureDrawing(data: folder).draw(
        script: script, variables: [("title", subject ?? title)], to: "\(folder)/figures/\(figure)")
      for warning in warnings { say("figure \(figure): \(warning)") }
      figures.append((figure, caption))
    } catch let error as FileError {
      say("The figure \(figure) was not drawn: \(error)")
      let isThere = ["png", "gif"].contains {
        FileManager.default.fileExists(atPath: "\(folder)/figures/\(figure).\($0)")
      }
      if isThere { figures.append((figure, caption)) }
    }
  }

  /// Writes `report.md` and prints the table and the paths of what was written.
  public func report() throws {
    let runs = try CSVTable(reading: folder + "/runs.csv", expecting: Self.runColumns)
    let table = comparison(runs)
    let explanation = """
      *mean*: one rollout, looking at the mean of the location policy, the headline. *sampled*: one rollout, looking at \
      samples. *average of \(Run.averagedRollouts)*: class probabilities of \(Run.averagedRollouts) sampled rollouts \
      averaged, an extra that no row of the paper is compared with. ± is a 95 % interval over seeds (Student's t); the \
      number of seeds is in parentheses.
      """
    try writePage(table, heading: "Test error", explanation: explanation, description: runDescription(runs))
  }

  /// `report.md`: what was asked and run, the table, the figures and what is ours.
  func writePage(_ table: TextTable, heading: String, explanation: String, description: String) throws {
    var page = "# \(title)\n\n\(question)\n\n" + description + "\n\n"
    page += "## \(heading) beside the paper's, %\n\n" + table.markdown + "\n" + explanation + "\n"
    for figure in figures {
      page += "\n![\(figure.name)](figures/\(figure.name).\(pageFormat(of: figure.name)))\n\n\(figure.caption)\n"
    }
    if !ours.isEmpty {
      page += "\n## What is ours\n\n" + ours.map { "- \($0)\n" }.joined()
    }
    try AtomicFile.write(page, to: folder + "/report.md")
    print("\n\(title): \(heading.lowercased()), %\n\n\(table.terminal)")
    print("Tables, figures and report: \(folder)/report.md")
  }

  /// An animation for what moves, else the SVG.
  private func pageFormat(of figure: String) -> String {
    FileManager.default.fileExists(atPath: "\(folder)/figures/\(figure).gif") ? "gif" : "svg"
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
    let span = millions.first == millions.last ? millions.first ?? "0" : "\(millions.first ?? "") to \(millions.last ?? "")"
    let training = plan.training
    return "Preset `\(options.preset.rawValue)`: \(span) million training scenes per run, batches of "
      + "\(training.batchSize), learning rate \(training.learningRate.summary), location deviation "
      + "\(training.standardDeviation.summary). Written by `swift run study-\(name) --preset "
      + "\(options.preset.rawValue)`; settings, seeds, versions and processor stand in `provenance.json`."
  }

  func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

extension CSVTable {
  /// The different words of a column, in the order of their first row.
  func names(in column: String) -> [String] {
    rows.indices.reduce(into: []) { names, row in
      if case .text(let name) = self[row: row, column], !names.contains(name) { names.append(name) }
    }
  }
}
