import Learning
import Testing

@testable import StudyKit

private struct Line: Sendable {
  var condition = "ram-8"
  var seed: Int? = 1
  var error: Double? = 4.1
  var rate: Double? = 1e-5
}

private let table = Table<Line>(
  "runs", "One row for each line.",
  [
    .text("condition", "Its name.", \.condition),
    .count("seed", "Of the run.", in: Quantity(from: -9), empty: "without one", \.seed),
    .number("error_percent", "Of the test.", in: Quantity("%", from: -1, to: 100), places: 2, \.error),
    .number("rate", "At the end.", empty: "before the end", \.rate),
  ])
private let header = "condition,seed,error_percent,rate\n"

@Test("a table is written with a header, one number a cell, a decimal point and no padding")
func tableAsWritten() throws {
  let text = try table.text(of: [Line(), Line(condition: "a, \"b\"", seed: -2, error: -0.001, rate: nil)])
  #expect(text == header + "ram-8,1,4.10,1e-05\n\"a, \"\"b\"\"\",-2,0.00,\n")
}

@Test("the definition that writes a table describes its columns")
func tableDescribed() {
  #expect(
    table.description.markdown == """
      ## runs.csv

      One row for each line.

      | column          | what it is   | unit | range      | empty          |
      | --------------- | ------------ | ---- | ---------- | -------------- |
      | `condition`     | Its name.    | text | –          | never          |
      | `seed`          | Of the run.  | –    | -9 or more | without one    |
      | `error_percent` | Of the test. | %    | -1 to 100  | never          |
      | `rate`          | At the end.  | –    | any        | before the end |

      """)
}

@Test(
  "a table with a column of an impossible name, or with one name twice, is refused",
  arguments: [["Error %"], ["a", "b", "a"]])
func columnNames(names: [String]) {
  let table = Table("mine", "Rows.", names.map { .number($0, "A number.") { (row: Double) in row } })
  let error = #expect(throws: DefinitionError.self) { try table.text(of: [1]) }
  #expect(error?.setting == "a column of the table 'mine'" && error?.value == "'\(names.last ?? "")'")
}

@Test("a cell that breaks what its column promises is not written")
func promises() throws {
  for (line, problem) in [
    (Line(error: 100.5), "'error_percent' is 100.5, and this column is -1 to 100"),
    (Line(error: nil), "'error_percent' is empty, and this column never is"),
    (Line(condition: ""), "'condition' is empty, and this column never is"),
  ] {
    #expect {
      try table.text(of: [line], reportedAs: "runs.csv")
    } throws: {
      "\($0)" == "runs.csv:2: \(problem)."
    }
  }
}

@Test("a table is read by the names of its columns")
func tableRead() throws {
  let folder = try TemporaryFolder()
  try table.write([Line(), Line(condition: "a, \"b\"", rate: nil)], to: folder["runs.csv"])
  let read = try CSVTable(reading: folder["runs.csv"])
  #expect(try read.rows[0].number("error_percent") == 4.1)
  #expect(try read.rows[1].text("condition") == "a, \"b\"")
  #expect(try read.rows[1].number("rate") == nil)
  #expect {
    try read.rows[0].number("none")
  } throws: {
    "\($0)" == folder["runs.csv"] + ":1: there is no column 'none'."
  }
}

@Test(
  "the shortest form of a number gives the same number back",
  arguments: [0.1, 1.0 / 3, 2.2250738585072014e-308, 1e21, 123_456_789.25])
func shortestRoundTrip(value: Double) throws {
  let text = try table.text(of: [Line(rate: value)])
  #expect(try CSVTable(parsing: text, of: "runs.csv").rows[0].number("rate") == value)
}

@Test("text with a line break and numbers that are not finite are not written, and the old file stays")
func refused() throws {
  let folder = try TemporaryFolder()
  try table.write([Line()], to: folder["runs.csv"])
  for (line, column) in [
    (Line(error: .nan), "error_percent"), (Line(rate: .infinity), "rate"),
    (Line(condition: "a\nb"), "condition"),
  ] {
    #expect {
      try table.write([Line(), line], to: folder["runs.csv"])
    } throws: {
      "\($0)".hasPrefix(folder["runs.csv"] + ":3: '\(column)' is ")
    }
  }
  #expect(try folder.text("runs.csv") == table.text(of: [Line()]))
}

@Test(
  "whatever the text of a cell, it is read as it was written",
  arguments: ["\"", "\"\u{301}", ",\u{301}", " \u{301}", "\u{301}", "a\"\u{300}b", "\u{FEFF}\""])
func oddText(text: String) throws {
  let written = try table.text(of: [Line(condition: text)])
  #expect(try CSVTable(parsing: written, of: "runs.csv").rows[0].text("condition") == text)
}

private func line(refusing text: String) -> Int? {
  do {
    _ = try CSVTable(parsing: text, of: "runs.csv")
    return nil
  } catch {
    return (error as? CSVError)?.line
  }
}

@Test("the reader names the line of what is broken")
func brokenFiles() {
  #expect(line(refusing: header + "x,1,2,3\n") == nil)
  #expect(line(refusing: header + "x,1,2,3") == 2)
  #expect(line(refusing: "") == 1)
  #expect(line(refusing: "# a comment\n" + header) == 1)
  #expect(line(refusing: "seed,seed\n") == 1)
  #expect(line(refusing: "condition,seed\r\nx,1\r\n") == 1)
  for row in ["a,1,2", "a,1,2,3,4", "", "\"x,1,2,3", "x\"y,1,2,3", "\"x\"y,1,2,3", "a\rb,1,2,3"] {
    #expect(line(refusing: header + "x,1,2,3\n" + row + "\n") == 3, "\(row)")
  }
}

@Test(
  "a cell that is not a number in the package's form is refused where a number is asked for",
  arguments: [
    "nan", "inf", " 1", "1 ", "0x10", "+1", "1,5", "one", "1.2.3", "1e999", "-", "1/12", "4.", ".5", "1.e5",
  ])
func notANumber(cell: String) throws {
  let read = try CSVTable(parsing: header + "y,1,\"" + cell + "\",3\n", of: "runs.csv")
  #expect {
    try read.rows[0].number("error_percent")
  } throws: {
    "\($0)" == "runs.csv:2: '\(cell)' in 'error_percent' is not a number."
  }
}

// MARK: - The tables of every study

@Test("metrics and schedules become columns, empty where a learner has none")
func unionOfMetrics() throws {
  func epoch(_ extra: String) -> String {
    #"""
    {"epoch": 1, "examples": 640, "learningRate": 0.01, "trainErrorPercent": 40, "gradientNorm": 1,
    "validationErrorPercent": 30, \#(extra)}
    """#
  }
  let first = try record(
    "a", seed: 1, error: 5, epochs: [epoch(#""scheduled": {"deviation": 0.5}, "metrics": {"loss": 2}"#)])
  let other = try record(
    "b", seed: 1, error: nil, epochs: [epoch(#""scheduled": {}, "metrics": {"return": 0.25}"#)])
  let conditions = try ["a", "b"].map { try Condition($0, on: FakeWorld(), FakeNetwork()) }
  let runs = zip(conditions, [first, other]).map { RecordedRun(condition: $0, record: $1) }
  let epochs = runs.flatMap(\.epochs)
  #expect(
    try Table.curves(of: epochs, .error).text(of: epochs) == """
      condition,seed,epoch,examples,learning_rate,deviation,train_error_sampled_percent,loss,return,gradient_norm,\
      validation_error_mean_percent
      a,1,1,640,0.01000000,0.50000,40.000,2.00000,,1.00000,30.000
      b,1,1,640,0.01000000,,40.000,,0.25000,1.00000,30.000

      """)
  #expect(try Table.timing.text(of: epochs).hasSuffix("a,1,1,2.000,320\nb,1,1,2.000,320\n"))
  let caught = try CSVTable(parsing: Table.runs(.caught).text(of: runs), of: "runs.csv").rows
  #expect(try caught[0].number("test_caught_percent") == 95)
  #expect(try caught[0].number("steps") == 20)
  #expect(try caught[1].number("test_caught_percent") == nil)
}

@Test("a summary has mean, interval and counts, and the interval over the examples of one test")
func summaries() throws {
  let rows = [try summary("a", paper: 4.96, 6, 8, nil)]
  let row = try CSVTable(parsing: Table.summary(.error).text(of: rows), of: "summary.csv").rows[0]
  #expect(try row.number("mean_percent") == 7)
  #expect(try row.number("half_width_percent") == 12.7062)  // t(0.975, 1) s / √2, with s = √2
  #expect(try row.number("seeds") == 2)
  #expect(try row.number("diverged") == 1)
  #expect(try row.number("sampled_percent") == 8)
  #expect(try row.number("averaged_percent") == nil)
  // 1.96 √(0.07 0.93 / 400)
  #expect(try row.number("examples_half_width_percent") == 2.5)
  #expect(try row.text("measure") == "error")
}

private func epoch(_ number: Int, examples: Int, validation: Double) -> String {
  #"""
  {"epoch": \#(number), "examples": \#(examples), "learningRate": 0.01, "scheduled": {}, "metrics": {},
  "trainErrorPercent": 40, "gradientNorm": 1, "validationErrorPercent": \#(validation)}
  """#
}

@Test("an epoch's rate is of its own examples, and a run's validation is the last epoch's")
func laterEpochs() throws {
  let two = try record(
    "a", seed: 1, error: 5,
    epochs: [epoch(1, examples: 640, validation: 30), epoch(2, examples: 1_280, validation: 20)])
  let run = RecordedRun(condition: try Condition("a", on: FakeWorld(), FakeNetwork()), record: two)
  #expect(try Table.timing.text(of: run.epochs).hasSuffix("a,1,1,2.000,320\na,1,2,2.000,320\n"))
  let row = try CSVTable(parsing: Table.runs(.error).text(of: [run]), of: "runs.csv").rows[0]
  #expect(try row.number("validation_error_percent") == 20 && row.number("steps") == 40)
}

@Test("a condition's examples are those of its longest run")
func longestRun() throws {
  let records = try [640, 1_280].enumerated().map {
    try record("a", seed: UInt64($0 + 1), error: 5, epochs: [epoch(1, examples: $1, validation: 30)])
  }
  let condition = try Condition("a", on: FakeWorld(), FakeNetwork())
  #expect(ConditionSummary(of: condition, records, .error)?.examples == 1_280)
}

@Test("mean curves are over the seeds that got to an epoch, in its measure")
func meanCurves() throws {
  let records = try [
    record(
      "a", seed: 1, error: 5,
      epochs: [epoch(1, examples: 640, validation: 30), epoch(2, examples: 1_280, validation: 20)]),
    record("a", seed: 2, error: nil, epochs: [epoch(1, examples: 640, validation: 32)]),
  ]
  let condition = try Condition("a", on: FakeWorld(), FakeNetwork())
  func rows(_ measure: Measure) throws -> [CSVTable.Row] {
    let summary = try #require(ConditionSummary(of: condition, records, measure))
    let text = try Table.meanCurves(measure).text(of: MeanEpoch.all([summary], measure))
    return try CSVTable(parsing: text, of: "mean_curves.csv").rows
  }
  let errors = try rows(.error)
  #expect(try errors.map { try $0.number("epoch") } == [1, 2] && errors[0].number("examples") == 640)
  #expect(try errors.map { try $0.number("validation_error_mean_percent") } == [31, 20])
  #expect(try errors.map { try $0.count("seeds") } == [2, 1])
  // t(0.975, 1) s / √2 with s = √2.
  #expect(try abs((errors[0].number("half_width_percent") ?? 0) - 12.7062) < 1e-4)
  #expect(try errors[1].number("half_width_percent") == nil)
  #expect(try rows(.caught).map { try $0.number("validation_caught_mean_percent") } == [69, 80])
}

/// A world that is played.
private struct Game: World {
  let side = 1
  let classCounts: [Int] = []
  var play: Play? { Play(actions: 2, decisions: 1) }
  let summary = "a game"
  let configuration = Configuration("game")
  func count(of split: Split) -> Int { 10 }
  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Int { index }
  func act(_ action: Int, in episode: inout Int, pixels: inout MutableSpan<UInt8>) -> Float { 0 }
}

@Test("rollouts of a game have no average, though the evaluator counts the one sampled rollout as one")
func noAverageOfGames() throws {
  var run = try record("a", seed: 1, error: 5)
  run.test?.averagedErrorPercent = 6
  func averaged(_ world: any World) throws -> Double? {
    ConditionSummary(of: try Condition("a", on: world, FakeNetwork()), [run], .caught)?.averaged?.mean
  }
  #expect(try averaged(Game()) == nil && averaged(FakeWorld()) == 94)
}
