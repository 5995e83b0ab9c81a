import Testing

@testable import StudyKit

private let header = ["condition", "seed", "error_percent", "rate", "seconds"]

private func example() -> CSVTable {
  var table = CSVTable(header: header)
  table.rows = [
    [.text("ram-8"), .integer(1), .decimal(4.1, places: 2), .number(1e-05), .number(0.1)],
    [.text("a, \"b\""), .integer(-2), .decimal(-0.001, places: 2), .notMeasured, .number(3)],
  ]
  return table
}

private func problem(_ text: String, text columns: Set<String> = ["condition"]) -> CSVError? {
  do {
    _ = try CSVTable(parsing: text, of: "runs.csv", expecting: header, text: columns)
    return nil
  } catch {
    return error as? CSVError
  }
}

@Test("a table is written with a header, one number a cell, a decimal point and no padding")
func tableAsWritten() throws {
  let expected = """
    condition,seed,error_percent,rate,seconds
    ram-8,1,4.10,1e-05,0.1
    "a, ""b""\",-2,0.00,,3.0

    """
  #expect(try example().text() == expected)
}

@Test("a table that is read and written again has the same bytes")
func tableRoundTrip() throws {
  let folder = try TemporaryFolder()
  try example().write(to: folder["runs.csv"])
  let read = try CSVTable(reading: folder["runs.csv"], expecting: header)
  #expect(try read.text() == example().text())
  #expect(read[row: 0, "error_percent"] == .decimal(4.1, places: 2))
  #expect(read[row: 1, "condition"] == .text("a, \"b\""))
  #expect(read[row: 1, "rate"] == .notMeasured)
  #expect(read[row: 1, "seed"].double == -2)
}

@Test(
  "the shortest form of a number gives the same number back",
  arguments: [0.1, 1.0 / 3, 2.2250738585072014e-308, 1e21, 123_456_789.25])
func shortestRoundTrip(value: Double) throws {
  let text = try CSVValue.number(value).rendered()
  #expect(CSVValue(parsing: text)?.double == value)
}

@Test("a number that is not finite is not written, and the error says in which line and column")
func notFiniteRefused() throws {
  for bad in [Double.nan, .infinity] {
    var table = example()
    table.rows[1][2] = .decimal(bad, places: 2)
    #expect {
      try table.text(reportedAs: "runs.csv")
    } throws: { error in
      let text = "\(error)"
      return text.hasPrefix("runs.csv:3: ") && text.contains("'error_percent'")
    }
  }
}

@Test("a line break in a text cell and a row of the wrong length are not written")
func brokenRowsRefused() throws {
  var table = example()
  table.rows[0][0] = .text("two\nlines")
  #expect(throws: CSVError.self) { try table.text() }
  table = example()
  table.rows[1].removeLast()
  #expect {
    try table.text(reportedAs: "runs.csv")
  } throws: {
    "\($0)" == "runs.csv:3: 4 cells where the header has 5 columns."
  }
}

@Test("a table that cannot be written leaves the file that was there")
func refusalLeavesFile() throws {
  let folder = try TemporaryFolder()
  try example().write(to: folder["runs.csv"])
  var table = example()
  table.rows[0][3] = .number(.nan)
  #expect(throws: CSVError.self) { try table.write(to: folder["runs.csv"]) }
  #expect(try folder.text("runs.csv") == example().text())
}

@Test(
  "whatever the text of a cell, it is read as it was written",
  arguments: ["\"", "\"\u{301}", ",\u{301}", " \u{301}", "\u{301}", "a\"\u{300}b", "\u{FEFF}\""])
func oddText(text: String) throws {
  var table = example()
  table.rows[0][0] = .text(text)
  let read = try CSVTable(parsing: table.text(), of: "runs.csv", expecting: header, text: ["condition"])
  #expect(read[row: 0, "condition"] == .text(text))
  #expect(try read.text() == table.text())
}

@Test("the reader refuses a carriage return in a cell, which the writer would not write")
func carriageReturn() {
  #expect(problem(header.joined(separator: ",") + "\na\rb,1,2,3,4\n")?.line == 2)
}

@Test("the reader refuses another header, naming both")
func wrongHeader() {
  let found = problem("condition,seed,error,rate,seconds\n")
  #expect(found?.line == 1)
  #expect(found?.problem.contains("error_percent") == true)
  #expect(found?.problem.contains("condition,seed,error,") == true)
}

@Test(
  "the reader names the line of a row with too few or too many cells",
  arguments: ["a,1,2,3", "a,1,2,3,4,5", ""])
func wrongCount(row: String) {
  let found = problem(header.joined(separator: ",") + "\nx,1,2,3,4\n" + row + "\n")
  #expect(found?.line == 3)
  #expect(found?.problem.contains("5 columns") == true)
}

@Test(
  "the reader names the line of what is not a number",
  arguments: [
    "nan", "inf", " 1", "1 ", "0x10", "+1", "1,5", "one", "1.2.3", "1e999", "-", "1/12", "4.", ".5", "1.e5",
  ])
func notANumber(cell: String) {
  let found = problem(header.joined(separator: ",") + "\nx,1,2,3,4\ny,1,\"" + cell + "\",3,4\n")
  #expect(found?.line == 3)
  #expect(found?.problem == "'\(cell)' in 'error_percent' is not a number")
}

@Test(
  "the reader refuses a file without its last line end, with a comment, carriage returns or an open quotation"
)
func brokenFiles() {
  let first = header.joined(separator: ",")
  #expect(problem(first + "\nx,1,2,3,4")?.line == 2)
  #expect(problem("")?.line == 1)
  #expect(problem("# a comment\n" + first + "\n")?.line == 1)
  #expect(problem(first + "\r\nx,1,2,3,4\r\n")?.line == 1)
  #expect(problem(first + "\n\"x,1,2,3,4\n")?.line == 2)
  #expect(problem(first + "\nx\"y,1,2,3,4\n")?.line == 2)
  #expect(problem(first + "\n\"x\"y,1,2,3,4\n")?.line == 2)
  #expect(problem(first + "\nx,1,2,3,4\n") == nil)
}

@Test("a table that is not there is an error with its path")
func missingFile() {
  #expect {
    try CSVTable(reading: "/nowhere/runs.csv", expecting: header)
  } throws: {
    "\($0)".hasPrefix("/nowhere/runs.csv: ")
  }
}
