import Foundation
import Learning

/// The end of a study: the page with the table beside the paper, the figures, and our own choices.
extension Study {
  /// Writes `report.md` from the records, and prints its tables and the path of the report.
  ///
  /// - Parameter note: what a reader of the table must know about this study.
  public func report(note: String? = nil) throws {
    try describeTables()
    let summaries = summaries
    let tables = summaries.grouped(by: \.condition.group).map { ($0.key, PaperComparison.table($0.elements)) }
    let what = measure == .error ? "Test error" : "Caught"
    let besidePaper = conditions.contains { $0.paper != nil } ? " beside the paper's" : ""
    var page = trainingParagraph(summaries) + "\n\n## \(what)\(besidePaper), %\n"
    for (group, table) in tables { page += (tables.count > 1 ? "\n\(group):\n" : "") + "\n\(table.markdown)" }
    page += "\n\(legend(summaries))\n" + (note.map { "\n\($0)\n" } ?? "")
    page += "\n## How this compares with the paper\n\n" + comparison(summaries) + "\n"
    try write(page + figurePages + choicesPage(ours + trainingChoices + networkChoices))
    print("\n\(title): \(what.lowercased()), %")
    for (group, table) in tables {
      print("\n" + (tables.count > 1 ? group + "\n\n" : "") + table.terminal, terminator: "")
    }
    print("\nTables, figures and report: \(folder)/report.md")
    if !keptTables.isEmpty {
      print(
        "Kept as they were made with the trained models: \(spokenList(keptTables.map { $0 + ".csv" })). After a change of "
          + "the code that makes a table, remove it and run this again.")
    }
  }

  /// Writes `report.md` of a study that trains nothing, around the table it measured.
  public func report(_ table: TextTable, heading: String, note: String) throws {
    if !options.figuresOnly {
      try writeProvenance(commands: [command(seeds: options.seeds, only: options.only)])
    }
    try write(
      "Preset `\(preset.rawValue)`, made by "
        + commands(provenance?.commands ?? [command(seeds: nil, only: nil)])
        + "; versions and processor are in `provenance.json`.\n\n## \(heading)\n\n\(table.markdown)\n\(note)\n"
        + figurePages + choicesPage(ours))
    print("\n\(title): \(heading)\n\n\(table.terminal)")
    print("Tables, figures and report: \(folder)/report.md")
  }

  private func write(_ page: String) throws {
    if !lacksGnuplot { try FigureInputs.write(figureInputs, to: folder) }
    try AtomicFile.write("# \(title)\n\n\(question)\n\n\(page)", to: folder + "/report.md")
  }

  // MARK: - What was done

  private func commands(_ commands: [String]) -> String { spokenList(commands.map { "`\($0)`" }) }

  private func trainingParagraph(_ summaries: [ConditionSummary]) -> String {
    let counts = summaries.map(\.examples).sorted()
    let span = Set([counts.first, counts.last].compactMap { $0.map(spokenCount) }).count
    let trained = spokenCount(counts[0]) + (span > 1 ? " to \(spokenCount(counts[counts.count - 1]))" : "")
    let missing = Dictionary(grouping: conditions.filter { records(of: $0).isEmpty }) {
      plan.leavesOut.contains($0.name)
    }
    func names(_ conditions: [Condition]) -> String { spokenList(conditions.map { "`\($0.name)`" }) }
    return [
      "These are the runs of \(commands(recordedCommands)) (preset `\(preset.rawValue)`). Each was trained on \(trained) "
        + "\(examplesName) \(dataSentence); its record in `runs/` has its settings and says when and on what it was trained.",
      missing[true].map { "Left out to keep the preset short: \(names($0)) (`--only` trains them)." },
      missing[false].map { "Not trained yet: \(names($0)) (`--missing` trains all runs without a record)." },
    ].compactMap(\.self).joined(separator: "\n\n")
  }

  private var examplesName: String { conditions.contains { $0.world.play != nil } ? "games" : "scenes" }

  private var dataSentence: String {
    switch DataSource.all(of: conditions) {
    case []: "by the study's own rules"
    case [.mnist]: "made of MNIST's digits"
    case let others: "made of digits other than MNIST's (\(spokenList(others.map(\.description))))"
    }
  }

  private var isPapersData: Bool { DataSource.all(of: conditions).allSatisfy { $0 == .mnist } }

  // MARK: - Beside the paper

  /// What the table's columns are, and what the intervals cover.
  private func legend(_ summaries: [ConditionSummary]) -> String {
    let tests = Set(summaries.flatMap(\.records).compactMap(\.test?.examples)).sorted().map(spokenCount)
    guard !tests.isEmpty else { return "Every run diverged." }
    let isAveraged = summaries.contains { $0.averaged != nil }
    return "*ours* is the result with policies at their means"
      + (measure == .caught ? " and the most probable actions" : "") + ", in one rollout over "
      + "\(tests.joined(separator: " or ")) test \(examplesName)\(tests.count > 1 ? ", by condition" : "")"
      + "; *sampled* is the same with sampled policies"
      + (isAveraged
        ? "; *average of \(Run.averagedRollouts)* averages the class probabilities of \(Run.averagedRollouts) sampled "
          + "rollouts, and is not compared with the paper" : "")
      + ". ± is a 95 % interval over seeds (Student's t), for the same test \(examplesName). *± test set* is half the "
      + "95 % interval of one run over its different test examples (binomial). The first says how far other seeds would "
      + "move the mean, the second how far other test examples would; neither contains the other, and verdicts use only the "
      + "first."
  }

  private func comparison(_ summaries: [ConditionSummary]) -> String {
    guard isPapersData else {
      return "The paper's numbers are for MNIST. These runs saw other digits, so they are not compared."
    }
    let comparison = PaperComparison(summaries)
    guard !comparison.rows.isEmpty else { return "The paper has no numbers for these conditions." }
    var text = ""
    if preset != .paper, let full = paperPlan?.training.examples, let most = summaries.map(\.examples).max(),
      most < full
    {
      text =
        "These runs are short, with at most \(spokenCount(most)) \(examplesName) each; preset `paper` trains "
        + "longer.\n\n"
    }
    return text + comparison.markdown
  }

  // MARK: - Figures

  private var figurePages: String {
    figures.isEmpty
      ? ""
      : "\n## Figures\n"
        + figures.map {
          "\n![\($0.name)](figures/\($0.name).\(picture(of: $0.name) ?? "svg"))\n\n\($0.caption)\n"
        }.joined()
  }
}
