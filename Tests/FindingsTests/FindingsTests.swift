import Foundation
@testable import Learning
@testable import RecurrentAttention
import Testing
import Worlds

@testable import AttentionStudies
@testable import StudyKit
@testable import study_baseline
@testable import study_bounds
@testable import study_catch
@testable import study_context
@testable import study_glimpses
@testable import study_recipe
@testable import study_scaling
@testable import study_stop
@testable import study_zoom

/// A study with tables and records written by hand.
private final class Fake {
  let results = NSTemporaryDirectory() + "findings-\(UUID().uuidString)"
  let study: Study

  init(_ tables: [String: String] = [:]) throws {
    let plan = Plan(seeds: 2, TrainingSettings(epochs: 1, examplesPerEpoch: 32, batchSize: 32))
    study = try Study(
      "fake", title: "Fake", question: "?", plans: [.smoke: plan],
      options: StudyOptions.parse(["--preset", "smoke", "--results", results]), script: "/main.swift")
    try AtomicFile.makeFolder(study.folder)
    for (name, text) in tables { try AtomicFile.write(text + "\n", to: "\(study.folder)/\(name).csv") }
  }

  deinit { try? FileManager.default.removeItem(atPath: results) }

  func condition(_ name: String, _ errors: Double...) throws -> Condition {
    let world = CenteredDigits(digits: try .bundled())
    let condition = try Condition(
      name, on: world, RecurrentAttention(glimpses: 2, sensor: Retina(patchSide: 8, scales: 1)))
    for (index, error) in errors.enumerated() {
      var record = RunRecord(
        condition: name, seed: UInt64(index + 1), configuration: Configuration("run"), parameters: 1)
      record.test = Evaluation(examples: 100, loss: 1, errorPercent: error)
      _ = try study.records.keep(record, weights: nil)
    }
    return condition
  }
}

@Suite("What reports say of tables")
struct FindingsTests {
  @Test("a growth is the largest side's number over the smallest's")
  func growth() throws {
    let table = try CSVTable(
      parsing: "network,side,multiply_adds\nfc,28,100\nfc,60,450\nram,28,10\nram,60,11\n", of: "costs.csv")
    #expect(
      try NetworkCost.growth(in: table, "multiply_adds", "multiply-adds grow")
        == "From 28 to 60 pixels per side, multiply-adds grow by a factor of 4.5 for `fc` and 1.10 for `ram`."
    )
  }

  @Test("the report has every time in its own column")
  func costs() throws {
    let costs = try CSVTable(
      parsing: "network,side,parameters,multiply_adds\nfc,28,7,100\n", of: "costs.csv")
    let timing = try CSVTable(
      parsing: "network,side,part,microseconds_per_image\nworld,28,scene,1\nworld,28,table,2\n"
        + "fc,28,training,3\nfc,28,inference,4\nfc,60,training,9\n", of: "timing.csv")
    #expect(
      try NetworkCost.report(costs, timing).rows == [["fc", "28", "7", "100", "3.0", "4.0", "1.0", "2.0"]])
  }

  @Test("a choice of the recipe counts where its gain is larger than half the interval, either way")
  func gains() throws {
    let fake = try Fake()
    let recipe = try fake.condition("recipe", 3, 4)
    // Paired by seed: 0.5 ± 0.13, 0.5 ± 1.3 and -0.6 ± 0.13 (t is 12.7 with two seeds), then 0.1 ± 1.3.
    let others = try [
      fake.condition("a", 3.51, 4.49), fake.condition("b", 3.6, 4.4), fake.condition("c", 2.41, 3.39),
    ]
    let gains =
      try Gain.all("60x60", of: recipe, over: others, in: fake.study)
      + Gain.all("28x28", of: recipe, over: [fake.condition("d", 3.2, 4)], in: fake.study)
    #expect(
      Gain.finding(gains)
        == "60x60: distinguishably worse with a (0.50 points); distinguishably better with c (0.60 points). "
        + "28x28: no difference is distinguishable from chance. \(Contrast.chance)")
    let single = try Gain.all("60x60", of: recipe, over: [fake.condition("e", 9)], in: fake.study)
    #expect(Gain.finding(single) == "One seed gives no verdict.")
  }

  @Test("an error's two parts are the oracle's and the rest, seed by seed")
  func limits() throws {
    let fake = try Fake()
    let rows = try Limit.all(
      "60x60", [("oracle", fake.condition("oracle", 1, 2)), ("learned", fake.condition("learned", 4, 6))],
      in: fake.study)
    #expect(rows.map(\.seeing) == [1.5, 1.5] && rows.map(\.looking) == [0, 3.5])
    // Halves of 4 and 6, minus 1 and 2.
    #expect(rows[1].majority?.mean == 1)
  }

  @Test(
    "where the error comes from: more than half, less than half, or open",
    arguments: [
      (3.0, 0.2, "most of the error comes from where it looks"),
      (1.0, 0.2, "most of the error comes from what it makes of what it sees"),
      (2.0, 0.2, "whether it is more than half is open"), (0.1, 0.2, "not distinguishable from chance"),
      (-1.0, 0.2, "better places than the oracle"),
    ])
  func limitFinding(excess: Double, half: Double, verdict: String) throws {
    func limit(_ halfWidth: Double?) -> Limit {
      Limit(
        task: "60x60", gaze: "learned", condition: "learned",
        error: Interval(mean: 4, halfWidth: 0.1, count: 3), seeing: 4 - max(0, excess),
        looking: max(0, excess),
        excess: Interval(mean: excess, halfWidth: halfWidth, count: 3),
        majority: Interval(mean: excess - 2, halfWidth: halfWidth, count: 3))
    }
    #expect(Limit.finding([limit(half)])?.contains(verdict) == true)
    #expect(Limit.finding([limit(nil)])?.hasSuffix("(one seed, so no verdict).") == true)
  }

  @Test("a model is better than a reference only where its whole interval is, and cheaper")
  func cheaper() throws {
    let header = "task,series,glimpses,multiply_adds,error_percent,error_half_width,paper_percent\n"
    func finding(_ half: Double, cost: Int = 10) throws -> String? {
      let fake = try Fake([
        "glimpse_counts": header + "centered,one model each,2,\(cost),1.5,\(half),\ncentered,conv,,20,,,2"
      ])
      return try GlimpseTask.cheaperAndBetter(fake.study)
    }
    #expect(try finding(0.4)?.hasSuffix("better than conv on centered digits.") == true)
    #expect(try finding(0.6)?.hasPrefix("No model here") == true)
    #expect(try finding(0.4, cost: 20)?.hasPrefix("No model here") == true)
  }

  @Test("a model for eight glimpses that is stopped after four stands beside one for four, task by task")
  func stoppedEarly() throws {
    let fake = try Fake([
      "glimpse_counts":
        "task,series,glimpses,error_percent\na,one model each,4,1.5\na,stopped early,3,50\na,stopped early,4,20\n"
        + "b,one model each,4,2"
    ])
    #expect(
      try GlimpseTask.stoppedEarly(fake.study)
        == "Stopped after four glimpses, the model for eight has an error of 20.00 % on a digits, where a model for four has 1.50 %."
    )
  }

  @Test("a context saves the glimpses before the one that is on the digit as often")
  func saving() throws {
    let fake = try Fake([
      "by_glimpse-8": "condition,glimpse,on_digit_percent\nplain,1,20\nplain,2,50\nplain,3,90\ncontext,1,70"
    ])
    let plain = try fake.condition("plain", 2, 2.1)
    let text = try ContextFindings.saving(
      of: [fake.condition("context", 2)], over: plain, part: "8", shorter: fake.condition("short", 4, 4.1),
      in: fake.study)
    #expect(
      text?.contains("90.0 % with glimpse 3. By this measure, it saves at most 2 of 3 glimpses") == true)
  }

  @Test("the price is chosen on validation: the test error does not choose")
  func price() throws {
    let fake = try Fake([
      "stopping":
        "series,condition,setting,seed,validation_glimpses,validation_error_percent,glimpses,error_percent\n"
        + "stop action,cheap,itself,1,4,3,4,9\nstop action,dear,itself,1,4,5,4,1\nstop action,long,itself,1,6,1,6,1\n"
        + "fixed number,every answer,itself,1,8,1,8,2\nfixed number,eight,itself,1,8,1,8,7"
    ])
    let text = try #require(try StopFindings.anytime(fake.study, always: fake.condition("eight", 7)))
    #expect(text.contains("`cheap` has the lowest error there. Its test error is 9.00 % with 4.00 glimpses"))
    #expect(text.contains("`eight`, which always takes all of them, has 7.00 %: a difference of 2.00 points"))
  }

  @Test(
    "the stop action is compared with every threshold of as many glimpses, price by price and seed by seed")
  func thresholds() throws {
    func row(_ series: String, _ condition: String, _ setting: String, _ seed: Int, _ error: Double) -> String
    {
      "\(series),\(condition),\(setting),\(seed),4,3,4,\(error)"
    }
    let errors = ["cheap": (5.0, 5.2), "dear": (6.0, 6.1), "long": (3.0, 9.0)]
    let rows = errors.sorted { $0.key < $1.key }.flatMap { price, errors in
      [
        row("stop action", price, "itself", 1, errors.0), row("stop action", price, "itself", 2, errors.1),
        row("threshold", price == "cheap" ? "eight" : price, price, 1, 4),
        row("threshold", price, price, 2, 4.2),
      ]
    }
    let fake = try Fake([
      "stopping":
        "series,condition,setting,seed,validation_glimpses,validation_error_percent,glimpses,error_percent\n"
        + rows.joined(separator: "\n")
    ])
    let text = try #require(try StopFindings.anytime(fake.study, always: fake.condition("eight", 7)))
    #expect(
      text.contains(
        "compared with `threshold`, the error in points is higher for `cheap` (1.00 ± 0.00) and `dear` (1.95 ± 0.64); "
          + "not distinguishable for `long` (1.90"))
  }

  @Test("thresholds for different budgets are different points")
  func budgets() throws {
    let path = GlimpsePath(
      label: 0, glimpses: [0.6, 0.9].map { .init(x: 0, y: 0, picture: [], probabilities: [$0, 1 - $0]) },
      answerIndex: 1)
    let scenes = [SceneReading(path, pieces: 0)]
    let fixed = [1, 2].map { ModelReadings(condition: "fixed", seed: $0, validation: scenes, test: scenes) }
    let rows = StopRow.all(stopping: [], fixed: [("threshold", fixed)], budgets: [1, 2])
    let points = AnytimePoint.all(rows, fixed: [], in: try Fake().study)
    #expect(points.map(\.glimpses.mean) == [1, 2] && points.allSatisfy { $0.error.count == 2 })
  }

  @Test("widths are spoken of from the second glimpse on, the first that is chosen")
  func widths() throws {
    let fake = try Fake([
      "widths":
        "condition,glimpse,digit_from,median\nzoom,1,,96\nzoom,2,,40\nzoom,3,,20\nzoom,3,28,12\nzoom,3,49,30"
    ])
    #expect(
      try ZoomTask.widthsInWords(fake.study)
        == "Median width of the finest patch: `zoom` 40 pixels at the second glimpse and 20 at the last "
        + "(12 for the smallest digits, 30 for the largest).")
  }

  @Test("a mean differs where its ratio is above its own limit")
  func bias() throws {
    let fake = try Fake([
      "estimators":
        "parameters,estimator,glimpse,relative_trace,bias_ratio,bias_limit\nfresh,none,,1,,\n"
        + "fresh,state,,0.5,1.2,1.3\ntrained,none,,1,,\ntrained,state,,0.25,1.4,1.3"
    ])
    let text = try #require(try MeasuredEstimator.findings(fake.study))
    #expect(
      text.contains("relative to `none` is 0.2500 for `state`.") && text.hasSuffix("1 of 2 for `state`."))
  }

  @Test("regret is spoken of from the first glimpse that is decided")
  func regret() throws {
    let fake = try Fake([
      "regret": "condition,glimpse,chosen_regret,random_regret\nram,1,0.9,0.9\nram,2,0.1,0.3\nram,3,0.2,0.4"
    ])
    #expect(
      try RegretRow.finding(fake.study)
        == "Mean regret: `ram` 0.100 at glimpse 2 (random places 0.300) and 0.200 at glimpse 3 (random places 0.400)."
    )
  }

  @Test("a game's frames say that it is caught where the last one has the ball on the paddle")
  func frames() throws {
    let network = RecurrentAttention(
      glimpses: 23, sensor: Retina(patchSide: 6, scales: 3), objective: GameObjective())
    let model = RecurrentAttentionModel(network, for: Catch(), seed: 1)
    let frames = try GameFrame.all(of: model, games: 60)
    #expect(frames.count == 60 * 24)
    var caught = 0
    for frame in frames where frame.frame == 24 {
      let isOn = (0...1).contains(frame.state.ball.column - frame.state.paddleColumn)
      #expect(frame.isCaught == isOn && frame.action == nil)
      caught += isOn ? 1 : 0
    }
    #expect(caught > 0 && caught < 60)
  }

  @Test("glimpses on the digit are counted from the second one on; the first error is that after one glimpse")
  func onDigit() throws {
    let fake = try Fake([
      "fixations": "condition,glimpse,on_digit\nram,1,1\nram,2,0\nram,3,1",
      "by_glimpse":
        "condition,glimpse,seeds,error_percent,on_digit_percent\nram,1,2,30,40\nram,2,2,20,50\nram,3,2,10,60",
    ])
    #expect(
      try fake.study.shareOnDigit() == "Glimpses on the digit, without the first (seed 1): 50.0 % for `ram`.")
    #expect(
      try fake.study.findingByGlimpse(of: [fake.condition("ram")])
        == "Scenes in which the finest patch is on the digit: at glimpse 1, 40.0 % for `ram`; at glimpse 2, 50.0 % for "
        + "`ram`; at glimpse 3, 60.0 % for `ram`. After the first glimpse, the action network, which is trained for the last one, "
        + "has an error of 30.0 % for `ram`."
    )
  }

  @Test("a square at the edge of a shrunk picture is the mean of its own pixels")
  func edges() throws {
    let folder = NSTemporaryDirectory() + "edges-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.makeFolder(folder)
    let path = GlimpsePath(
      label: nil, glimpses: [.init(x: 0, y: 0, picture: [1], probabilities: [1])], answerIndex: 0)
    let cell = try PictureTables.write(
      path, maps: [], valued: 0, frame: [UInt8](repeating: 255, count: 401 * 401), side: 401, scene: 1,
      to: folder)
    let rows = try CSVTable(reading: folder + "/scenes.csv").rows
    #expect(cell == 2 && rows.count == 201 * 201)
    #expect(try rows.allSatisfy { try $0.number("value") == 1 })
  }
}
