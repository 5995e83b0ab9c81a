extension Study {
  /// The commands that train the recorded runs, whatever trained them: one for each number of seeds, over the conditions
  /// that have as many.
  var recordedCommands: [String] {
    let seeds = conditions.map { condition in records(of: condition).map { Int($0.seed) }.max() ?? 0 }
    let usual = conditions.map(\.name).filter { !plan.leavesOut.contains($0) }
    return Set(seeds).subtracting([0]).sorted().map { count in
      let names = zip(conditions, seeds).filter { $1 >= count }.map(\.0.name)
      return command(
        seeds: count == plan.seeds ? nil : count, only: names == usual ? nil : names.joined(separator: ","))
    }
  }

  /// The command line with the options that shape the runs.
  func command(seeds: Int?, only: String?) -> String {
    let others: [(String, String?)] = [
      ("mnist", options.mnist), ("learning-rate", options.learningRate.map { "\($0)" }),
      ("bfloat16", options.bfloat16 ? "" : nil),
    ]
    // Options that are refused without a folder of their own.
    let results = others.contains { $0.1 != nil } ? options.results : nil
    let given = [("seeds", seeds.map(String.init)), ("only", only)] + others + [("results", results)]
    return given.reduce("swift run study-\(name) --preset \(preset.rawValue)") { command, option in
      command + (option.1.map { " --\(option.0)" + ($0.isEmpty ? "" : " \(shellWord($0))") } ?? "")
    }
  }
}

/// A word as a shell reads it: quoted unless it has only characters that mean nothing to one.
private func shellWord(_ word: String) -> String {
  let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,+:=@%".contains($0)) }
  return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
