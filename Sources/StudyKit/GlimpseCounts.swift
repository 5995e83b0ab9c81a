import NumericCore
import RecurrentAttention
import Training
import VisualTasks

/// Error against the number of glimpses, two ways: one model trained for each count, and one model for the
/// largest count read out after each of its glimpses.
extension Study {
  static let glimpseCountColumns = [
    "task", "series", "glimpses", "error_percent", "low_percent", "high_percent", "paper_error_percent",
  ]
  static let multiplyAddColumns = [
    "task", "series", "glimpses", "multiply_adds", "error_percent", "paper_error_percent",
  ]
  static let trainedSeries = "one model each"
  static let readSeries = "stopped early"

  /// Writes `glimpse_counts.csv` and `multiply_adds.csv` from the finished runs.
  ///
  /// - Parameters:
  ///   - tasks: conditions of one task under its name in the figures, in ascending order of glimpses.
  ///   - references: networks that are not trained here, with the paper's error, for the second table.
  public func writeGlimpseCounts(
    _ tasks: [(task: String, conditions: [Condition])],
    references: [(task: String, name: String, network: Network, side: Int, paper: Double)]
  ) throws {
    if options.figuresOnly { return }
    var counts = CSVTable(header: Self.glimpseCountColumns)
    var costs = CSVTable(header: Self.multiplyAddColumns)
    for (task, conditions) in tasks {
      let models = conditions.compactMap { condition -> (Condition, AttentionSettings)? in
        guard case .attention(let settings) = condition.network else { return nil }
        return (condition, settings)
      }
      func append(_ series: String, _ settings: AttentionSettings, _ errors: [Double], paper: Double?) {
        let error = Interval(errors)
        let key: [CSVValue] = [.text(task), .text(series), .integer(settings.glimpses)]
        counts.rows.append(
          key + [
            CSVValue(error?.mean, places: 3), CSVValue(error?.low, places: 3),
            CSVValue(error?.high, places: 3),
            CSVValue(paper, places: 2),
          ])
        costs.rows.append(
          key + [
            .integer(RecurrentAttentionModel(settings, seed: 0).multiplyAddsPerImage),
            CSVValue(error?.mean, places: 3), CSVValue(paper, places: 2),
          ])
      }
      for (condition, settings) in models {
        let errors = finishedRuns(of: condition).compactMap { records[$0.name]?.test?.errorPercent }
        if !errors.isEmpty || condition.paperErrorPercent != nil {
          append(Self.trainedSeries, settings, errors, paper: condition.paperErrorPercent)
        }
      }
      guard let (longest, settings) = models.last else { continue }
      let errors = try finishedRuns(of: longest).map { run in
        try errorsByGlimpse(of: run, scenes: min(run.training.testScenes, 10_000))
      }
      for glimpse in 1...settings.glimpses where !errors.isEmpty {
        var shorter = settings
        shorter.glimpses = glimpse
        append(Self.readSeries, shorter, errors.map { $0[glimpse - 1] }, paper: nil)
      }
    }
    for reference in references {
      costs.rows.append([
        .text(reference.task), .text(reference.name), .notMeasured,
        .integer(reference.network.multiplyAddsPerImage(side: reference.side, classes: 10)), .notMeasured,
        .decimal(reference.paper, places: 2),
      ])
    }
    try write(counts, as: "glimpse_counts")
    try write(costs, as: "multiply_adds")
  }

  /// Test error after 1, 2, ... glimpses of a trained model, locations at the policy's mean, %.
  private func errorsByGlimpse(of run: Run, scenes: Int) throws -> [Double] {
    guard let model = try trainedModel(of: run) else { return [] }
    let reader = model.readingEveryGlimpse
    let (task, glimpses, shard) = (run.condition.task, reader.settings.glimpses, 50)
    let threads = options.threadCount
    // One share of the shards for each thread: counts add up the same however they are dealt.
    let counts = concurrently(threads, threads: threads) { thread in
      var errors = [Int](repeating: 0, count: glimpses)
      guard let worker = reader.makeWorker(images: shard, side: task.side) as? AttentionWorker else {
        return errors
      }
      for first in stride(from: thread * shard, to: scenes, by: threads * shard) {
        worker.batch.count = min(shard, scenes - first)
        for i in 0..<worker.batch.count {
          worker.batch.labels[i] = task.draw(.test, index: first + i, seed: 0, into: worker.batch.image(i))
        }
        _ = worker.evaluate(Rollout(seed: run.seed, firstExample: first, standardDeviation: nil))
        for glimpse in 1...glimpses {
          let p = worker.probabilities(afterGlimpse: glimpse)
          for i in 0..<worker.batch.count where p.largestColumn(ofRow: i) != Int(worker.batch.labels[i]) {
            errors[glimpse - 1] += 1
          }
        }
      }
      return errors
    }
    return (0..<glimpses).map { glimpse in
      100 * Double(counts.reduce(0) { $0 + $1[glimpse] }) / Double(scenes)
    }
  }
}

extension Matrix {
  /// The column of the largest number in a row; the first of equals.
  func largestColumn(ofRow row: Int) -> Int {
    let values = self.row(row)
    return (1..<columns).reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }
}
