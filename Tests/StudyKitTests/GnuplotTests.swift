import Foundation
import Learning
import Testing

@testable import StudyKit

private let hasGnuplot = Gnuplot.version() != nil

/// Tests that need gnuplot are left out where it is not installed.
@Suite("gnuplot", .enabled(if: hasGnuplot))
struct GnuplotTests {
  private let folder: TemporaryFolder
  private let drawing: FigureDrawing

  init() throws {
    folder = try TemporaryFolder()
    try AtomicFile.write("x,y\n1,2\n2,4\n3,1\n", to: folder["runs.csv"])
    try AtomicFile.write("set grid\n", to: folder["style.gp"])
    drawing = FigureDrawing(data: folder.path, scripts: folder.path)
  }

  private func script(_ text: String) throws -> String {
    try AtomicFile.write(text, to: folder["figure.gp"])
    return folder["figure.gp"]
  }

  private let working = """
    # size 300x200
    load style
    set datafile separator ','
    plot data.'/runs.csv' using 'x':'y' with lines title note

    """

  @Test("a script draws an SVG of the size it asks for and a PNG of twice that, the same bytes each time")
  func drawsBoth() throws {
    let path = try script(working)
    let warnings = try drawing.draw(script: path, variables: [("note", "it's ±1")], to: folder["first"])
    try drawing.draw(script: path, variables: [("note", "it's ±1")], to: folder["second"])
    #expect(warnings == [])
    let svg = try folder.text("first.svg")
    #expect(svg.contains("width=\"300\" height=\"200\""))
    #expect(svg.contains("it's ±1") || svg.contains("it&#39;s ±1") || svg.contains("it&apos;s ±1"))
    #expect(try folder.bytes("first.svg") == folder.bytes("second.svg"))
    let png = try folder.bytes("first.png")
    #expect(Array(png[16..<24]) == [0, 0, 2, 88, 0, 0, 1, 144])  // width 600, height 400, big-endian
    #expect(
      try folder.names() == [
        "figure.gp", "first.png", "first.svg", "runs.csv", "second.png", "second.svg", "style.gp",
      ])
  }

  @Test(
    "a script that fails leaves the previous figure, and the error names the script and says why",
    arguments: ["plot nothing\n", "load 'missing.gp'\n", "plot x\nfoo = bar\n"])
  func failingScript(text: String) throws {
    try drawing.draw(script: try script(working), variables: [("note", "")], to: folder["figure"])
    let before = try folder.bytes("figure.svg")
    let names = try folder.names()
    let path = try script(text)
    #expect {
      try drawing.draw(script: path, to: folder["figure"])
    } throws: { error in
      let text = "\(error)"
      return text.hasPrefix(path + ": gnuplot stopped") && text.contains("line ")
    }
    #expect(try folder.bytes("figure.svg") == before)
    #expect(try folder.names() == names)
  }

  @Test("any path will do, also one that gnuplot would take for the home folder or a command")
  func paths() throws {
    let place = folder["it''s 'a' <pipe"]
    try AtomicFile.makeFolder(place)
    for (name, text) in [("runs.csv", "x,y\n1,2\n2,4\n"), ("style.gp", "set grid\n"), ("figure.gp", working)]
    {
      try AtomicFile.write(text, to: place + "/" + name)
    }
    try FigureDrawing(data: place, scripts: place).draw(
      script: place + "/figure.gp", variables: [("note", "")], to: place + "/figure")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place).sorted()
        == ["figure.gp", "figure.png", "figure.svg", "runs.csv", "style.gp"])
    #expect(Gnuplot.quoted(path: "<sh") == "'./<sh'" && Gnuplot.quoted(path: "/a") == "'/a'")
  }

  @Test("a place that cannot be written to is named")
  func unwritable() throws {
    let path = try script(working)
    let error = #expect(throws: FileError.self) {
      try drawing.draw(script: path, variables: [("note", "")], to: folder["none/figure"])
    }
    #expect(error?.path.contains("none/figure.") == true && error?.reason.contains("No such file") == true)
  }

  @Test("a column that the table does not have is named")
  func missingColumn() throws {
    let path = try script("plot data.'/runs.csv' using 'nosuch' with lines\n")
    let error = #expect(throws: FileError.self) { try drawing.draw(script: path, to: folder["figure"]) }
    #expect(error?.description.contains("nosuch") == true)
  }

  @Test("a script that plots nothing is an error, not an empty figure")
  func emptyScript() throws {
    let path = try script("a = 1\n")
    #expect(throws: FileError.self) { try drawing.draw(script: path, to: folder["figure"]) }
    #expect(try folder.names() == ["figure.gp", "runs.csv", "style.gp"])
  }

  @Test("a script that is missing or asks for no size is an error with its place")
  func scriptsRefused() throws {
    #expect(throws: FileError.self) { try drawing.draw(script: folder["none.gp"], to: folder["figure"]) }
    let path = try script("# a title\n# size 900\nplot x\n")
    #expect {
      try drawing.draw(script: path, to: folder["figure"])
    } throws: {
      "\($0)".hasPrefix(path + ":2: ")
    }
  }

  @Test("figures drawn at the same time do not disturb each other")
  func atTheSameTime() async throws {
    let path = try script(working)
    let (drawing, base) = (drawing, folder["figure"])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<4 {
        group.addTask { try drawing.draw(script: path, variables: [("note", "")], to: "\(base)-\(index)") }
      }
      try await group.waitForAll()
    }
    for index in 1..<4 {
      #expect(try folder.bytes("figure-\(index).svg") == folder.bytes("figure-0.svg"))
    }
  }

  @Test("a script that resizes itself is drawn in that size, the PNG in twice it")
  func resized() throws {
    let path = try script("# size 300x200\nload style\neval resize(320, 90)\nplot x\n")
    try drawing.draw(script: path, to: folder["it's"])
    #expect(try folder.text("it's.svg").contains("width=\"320\" height=\"90\""))
    #expect(Array(try folder.bytes("it's.png")[16..<24]) == [0, 0, 2, 128, 0, 0, 0, 180])
  }

  @Test("an animation is one GIF, and one that is told wrongly how to run is refused")
  func animated() throws {
    let pictures = "load style\ndo for [k = 1:3] { plot k * x }\n"
    for (name, how) in [("whole", ""), ("changes", " changes")] {
      let path = try script("# size 300x200\n# animated 12\(how)\n" + pictures)
      #expect(try drawing.draw(script: path, to: folder[name]) == [])
      let gif = try folder.bytes(name + ".gif")
      #expect(Array(gif[6..<10]) == [44, 1, 200, 0])  // width 300, height 200, little-endian
      // Three graphic control extensions, each with its delay.
      let marks = gif.indices.dropLast(6).filter { Array(gif[$0..<($0 + 3)]) == [0x21, 0xF9, 4] }
      #expect(marks.map { gif[$0 + 4] } == [12, 12, 12])
    }
    #expect(try folder.bytes("changes.gif").count < folder.bytes("whole.gif").count)
    for wrong in ["", " soon", " 0", " 12 slowly"] {
      let path = try script("# animated\(wrong)\n" + pictures)
      #expect {
        try drawing.draw(script: path, to: folder["figure"])
      } throws: {
        "\($0)".hasPrefix(path + ":1: ")
      }
    }
  }

  @Test("gnuplot runs in a locale that has UTF-8, whatever the user's")
  func locale() throws {
    let gnuplot = try Gnuplot(errorLog: folder["log"])
    gnuplot.send("set encoding utf8\nset print '\(folder["said"])'\nprint system('echo $LC_ALL')")
    #expect(gnuplot.close() == 0)
    #expect(try folder.text("said") == "C.UTF-8\n")
    #expect(try folder.text("log") == "")
  }

  @Test("the library's own scripts are found")
  func sharedScripts() {
    var isFolder: ObjCBool = false
    #expect(FileManager.default.fileExists(atPath: FigureDrawing.sharedScripts, isDirectory: &isFolder))
    #expect(isFolder.boolValue)
  }

  @Test("a gnuplot that has ended gives false and its status, and does not end the process")
  func goneGnuplot() throws {
    let gnuplot = try Gnuplot(errorLog: folder["log"])
    gnuplot.send("exit status 3")
    var delivered = true
    for _ in 0..<1_000 where delivered {
      delivered = gnuplot.send(String(repeating: "#", count: 10_000))
      usleep(1_000)
    }
    #expect(!delivered)
    #expect(gnuplot.close() == 3)
    #expect(!gnuplot.send("plot x"))
  }

  @Test("with errors allowed, gnuplot goes on after one")
  func goesOn() throws {
    let gnuplot = try Gnuplot(command: "gnuplot -d", errorLog: folder["log"])
    gnuplot.send("plot nothing\nset print '\(folder["said"])'\nprint 'still here'")
    gnuplot.close()  // its status is that of the error
    #expect(try folder.text("said") == "still here\n")
  }
}

@Test("a gnuplot that is not installed is an error that says how to install it")
func missingGnuplot() {
  #expect {
    try Gnuplot(command: "no-such-gnuplot -d -", errorLog: nil)
  } throws: {
    "\($0)".contains("sudo apt-get install gnuplot-nox")
  }
}
