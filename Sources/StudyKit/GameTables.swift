import Foundation
import NumericCore
import RecurrentAttention
import Training
import VisualTasks

/// The tables and the report of a study whose runs are players: what was caught, where others have an error.
extension Study {
  static let gameRunColumns = [
    "condition", "seed", "parameters", "frames", "caught_percent", "caught_greedy_percent",
    "paper_caught_percent",
  ]
  static let gameCurveColumns = [
    "condition", "seed", "frames", "learning_rate", "caught_percent", "caught_greedy_percent",
    "action_entropy",
    "baseline_error", "gradient_norm",
  ]
  static let gameTimingColumns = ["condition", "seed", "frames", "seconds", "frames_per_second"]
  static let frameColumns = [
    "game", "frame", "ball_column", "ball_row", "paddle_column", "x", "y", "column", "row", "action",
    "caught",
  ]
  /// Of a game of Catch, the last one included, in which there is nothing left to decide.
  private static let framesPerGame = Catch.decisions + 1

  /// Trains every player from every seed and writes `runs.csv`, `curves.csv` and `timing.csv`.
  ///
  /// In `runs.csv` *caught* is of test games with actions and locations sampled, as in training, and *greedy*
  /// of the same games with the most probable action and the mean location. In `curves.csv` *caught* is of
  /// the training games since the row before, and *greedy* of validation games.
  public func play(_ conditions: [Condition]) throws {
    try run(conditions, tables: { gameTables })
  }

  /// Of the runs that were begun, in the order of the conditions.
  private var gameTables: RunTables {
    var table = CSVTable(header: Self.gameRunColumns)
    var curves = CSVTable(header: Self.gameCurveColumns)
    var timing = CSVTable(header: Self.gameTimingColumns)
    func caught(_ errorPercent: Double?) -> CSVValue { CSVValue(errorPercent.map { 100 - $0 }, places: 3) }
    for run in runs {
      guard let record = records[run.name] else { continue }
      let key: [CSVValue] = [.text(run.condition.name), .integer(Int(run.seed))]
      if record.isFinished {
        let games = record.epochs.last?.examples ?? 0
        table.rows.append(
          key + [
            .integer(record.parameters), .integer(games * Self.framesPerGame),
            caught(record.test?.sampledErrorPercent), caught(record.test?.errorPercent),
            caught(run.condition.paperErrorPercent),
          ])
      }
      for (epoch, seconds) in zip(record.epochs, record.seconds) {
        let frames = CSVValue.integer(epoch.examples * Self.framesPerGame)
        curves.rows.append(
          key + [
            frames, CSVValue(Double(epoch.learningRate), places: 8), caught(epoch.training.errorPercent),
            caught(epoch.validationErrorPercent), CSVValue(epoch.training.meanCrossEntropy, places: 5),
            CSVValue(epoch.training.meanBaselineError, places: 5), CSVValue(epoch.gradientNorm, places: 5),
          ])
        timing.rows.append(
          key + [
            frames, .decimal(seconds, places: 3),
            .decimal(Double(epoch.training.examples * Self.framesPerGame) / max(seconds, 1e-9), places: 0),
          ])
      }
    }
    return RunTables(runs: table, curves: curves, timing: timing)
  }

  /// Writes `frames.csv`: the first test games of the first seed's trained player, with the most probable
  /// actions and the mean locations. Nothing is written when that run is not finished.
  public func writeGames(of condition: Condition, count: Int = 4) throws {
    if options.figuresOnly { return }
    guard let run = runs.first(where: { $0.condition.name == condition.name }),
      records[run.name]?.test != nil,
      let agent = try run.trainedLearner() as? GameAgent<Catch>
    else { return }
    let worker = agent.makeWorker(games: count)
    var seen: [[(frame: Catch, x: Float, y: Float, action: Int?)]] = Array(repeating: [], count: count)
    worker.observer = { step in
      let location = worker.locations.value(at: step)
      for game in 0..<count {
        let action = Int(worker.play.actions[step * count + game]) - Catch.Action.stay.rawValue
        seen[game].append((worker.games[game], location[game, 0], location[game, 1], action))
      }
    }
    worker.batch.count = count
    var rollout = Rollout(seed: run.seed, firstExample: 0, standardDeviation: nil)
    rollout.exampleSet = Int(Split.test.rawValue)
    _ = worker.evaluate(rollout)
    worker.observer = nil

    var table = CSVTable(header: Self.frameColumns)
    for game in 0..<count {
      let last = seen[game].last
      // The last frame is not looked at any more; the glimpse stays where it was.
      seen[game].append((worker.games[game], last?.x ?? 0, last?.y ?? 0, nil))
      let isCaught = worker.probabilities[game, 1] > 0
      for (frame, moment) in seen[game].enumerated() {
        table.rows.append([
          .integer(game + 1), .integer(frame + 1), .integer(moment.frame.ballColumn),
          .integer(moment.frame.ballRow),
          .integer(moment.frame.paddleColumn), .decimal(Double(moment.x), places: 5),
          .decimal(Double(moment.y), places: 5), .integer(Retina.corner(moment.x, side: Catch.side)),
          .integer(Retina.corner(moment.y, side: Catch.side)),
          moment.action.map { .integer($0) } ?? .notMeasured,
          .integer(isCaught ? 1 : 0),
        ])
      }
    }
    try write(table, as: "frames")
  }

  /// Writes `report.md` of a study of players.
  public func reportGames() throws {
    let runs = try CSVTable(reading: folder + "/runs.csv", expecting: Self.gameRunColumns)
    var table = TextTable(header: ["condition", "paper", "sampled", "greedy", "frames", "parameters"])
    for condition in runs.names(in: "condition") {
      let rows = runs.rows.indices.filter { runs[row: $0, "condition"] == .text(condition) }
      func values(_ column: String) -> [Double] { rows.compactMap { runs[row: $0, column].double } }
      func first(_ column: String) -> Double? { values(column).first }
      table.append([
        condition, first("paper_caught_percent").map { CSVValue.fixed($0, places: 0) } ?? "–",
        Interval(values("caught_percent"))?.formatted(places: 1) ?? "–",
        Interval(values("caught_greedy_percent"))?.formatted(places: 1) ?? "–",
        first("frames").map { CSVValue.fixed($0 / 1e6, places: 2) + " million" } ?? "",
        first("parameters").map { String(Int($0)) } ?? "",
      ])
    }
    let training = plan.training
    try report(
      table, heading: "Balls caught beside the paper's, %",
      note: """

        *sampled*: actions and locations drawn from the policies, as in training. *greedy*: the most probable action, the \
        mean location. \(training.testScenes) test games each, the same for every run; a player who does not look catches \
        8.3 %. ± is a 95 % interval over seeds (Student's t); the number of seeds is in parentheses. \
        Batches of \(training.batchSize) games, learning rate \(training.learningRate.summary), location deviation \
        \(training.standardDeviation.summary).

        """,
      differences: differencesPage(
        PaperComparison(
          runs, ours: "caught_greedy_percent", paper: "paper_caught_percent", tasks: taskNames,
          lessIsBetter: false),
        trained: runs.rows.indices.compactMap { runs[row: $0, "frames"].double }.max() ?? 0, unit: "frames",
        size: Self.framesPerGame))
  }
}
