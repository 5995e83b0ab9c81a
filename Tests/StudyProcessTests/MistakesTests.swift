import Foundation
import Testing

extension StudyProcessTests {
  @Suite("A mistake costs one sentence") struct Mistakes {
    @Test(
      "of the command line",
      arguments: [
        (["--nonsense"], "--nonsense"),
        (["--preset", "huge"], "'smoke', 'quick' or 'paper'"),
        (["--preset", "smoke", "--only", "ram-9"], "no condition 'ram-9'; choose among "),
        (["--preset", "smoke", "--only", ","], "--only names no condition"),
        (["--preset", "smoke", "--seeds", "0"], "--seeds is at least 1"),
        (["--preset", "smoke", "--threads", "-1"], "--threads is at least 1"),
        (["--preset", "smoke", "--fresh", "--figures-only"], "give one of them"),
        (["--preset", "smoke", "--mnist", "/nowhere"], "/nowhere: expected a file train-images-idx3-ubyte"),
      ])
    func commandLine(arguments: [String], sentence: String) throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(arguments, results: folder.path)
      #expect(outcome.status == 64 || outcome.status == 1)
      #expect(outcome.sentences.first?.contains(sentence) == true, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      #expect(!outcome.isCrash)
      #expect(folder.names() == [])
    }

    @Test("a file where the results folder should be")
    func unwritable() throws {
      let folder = try TemporaryFolder()
      try Data().write(to: URL(fileURLWithPath: folder["file"]))
      let outcome = try StudyProcess.run(StudyProcess.small, results: folder["file"])
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1)
      #expect(outcome.errors.contains("\(folder["file"])/cluttered/smoke"))
      #expect(outcome.errors.contains("--results"))
    }

    @Test("MNIST files that were cut")
    func cutData() throws {
      let folder = try TemporaryFolder()
      for name in ["train-images", "train-labels", "t10k-images", "t10k-labels"] {
        let kind = name.hasSuffix("images") ? "idx3" : "idx1"
        try Data([0, 0, 8, 3, 0, 0]).write(to: URL(fileURLWithPath: folder["\(name)-\(kind)-ubyte"]))
      }
      let outcome = try StudyProcess.run(
        ["--preset", "smoke", "--mnist", folder.path], results: folder["results"])
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1)
      #expect(outcome.errors.contains("train-images-idx3-ubyte"))
      #expect(!outcome.isCrash)
    }

    @Test("a second process in the same folder is refused, naming the first; the first is not disturbed")
    func secondProcess() throws {
      let folder = try TemporaryFolder()
      let first = try StudyProcess(StudyProcess.small + ["--jobs", "1"], results: folder.path)
      #expect(first.reaches { (try? folder.text(smoke + ".lock").isEmpty) == false })
      first.send(SIGSTOP)  // or it may have ended before the second looks
      let second = try StudyProcess.run(StudyProcess.small, results: folder.path)
      first.send(SIGCONT)
      #expect(second.status == 1)
      #expect(second.sentences.count == 1)
      #expect(second.errors.contains("another run is writing here (process \(first.identifier) on "))
      #expect(try first.wait().status == 0)
      try expectUndisturbedTables(folder)
    }

    @Test("without gnuplot the numbers are there, and one line says how to install it")
    func withoutGnuplot() throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(StudyProcess.small, results: folder.path, drawing: false)
      #expect(outcome.status == 0)
      #expect(outcome.sentences.filter { $0.contains("sudo apt-get install gnuplot-nox") }.count == 1)
      #expect(outcome.errors.contains("--figures-only"))
      #expect(folder.names(endingIn: ".svg") == [])
      try expectUndisturbedTables(folder)
    }

    @Test("a question about the study is answered and nothing is written", arguments: ["--list", "--help"])
    func questions(flag: String) throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run([flag], results: folder.path)
      #expect(outcome.status == 0)
      #expect(outcome.errors.isEmpty)
      #expect(folder.names() == [])
      let expected =
        flag == "--list"
        ? ["condition", "paper", "ram-4", "ram-6", "ram-8", "ram-8-random", "14.40", "60x60"]
        : [
          "USAGE: study-cluttered", "--preset", "smoke, quick, paper", "--seeds", "--only", "--mnist",
          "--figures-only",
        ]
      for word in expected { #expect(outcome.output.contains(word), "\(word)") }
    }
  }

  @Suite("Figures from the tables alone") struct Figures {
    private static let again = ["--preset", "smoke", "--figures-only"]

    /// As a clone has it: tables, but no checkpoints.
    private func cloned() throws -> TemporaryFolder {
      let folder = try TemporaryFolder(copying: Undisturbed.folder())
      try folder.remove(smoke + "checkpoints")
      try folder.remove(smoke + "figures")
      try folder.remove(smoke + "report.md")
      return folder
    }

    @Test("are the same bytes, with the same report, and nothing is trained")
    func redrawn() throws {
      let folder = try cloned()
      let undisturbed = try Undisturbed.folder()
      let outcome = try StudyProcess.run(Self.again, results: folder.path, drawing: true)
      #expect(outcome.status == 0)
      #expect(folder.names(endingIn: ".svg") == undisturbed.names(endingIn: ".svg"))
      for name in folder.names(endingIn: ".svg") + [smoke + "report.md"] {
        #expect(try folder.bytes(name) == undisturbed.bytes(name), "\(name) differs")
      }
      #expect(!folder.has(smoke + "checkpoints"))
      try expectUndisturbedTables(folder)
    }

    @Test(
      "are refused when a table is broken, naming file and line",
      arguments: ["runs.csv", "curves.csv", "glimpses.csv"])
    func brokenTable(name: String) throws {
      let folder = try cloned()
      var lines = try folder.text(smoke + name).components(separatedBy: "\n")
      lines[2] = String(lines[2].dropLast(1)) + "?"
      try lines.joined(separator: "\n").write(toFile: folder[smoke + name], atomically: true, encoding: .utf8)
      let outcome = try StudyProcess.run(Self.again, results: folder.path, drawing: true)
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("\(name):3: "))
      #expect(folder.names(endingIn: ".svg") == [])
    }

    @Test(
      "are refused when a value was changed by hand, naming file and line",
      arguments: [("runs.csv", 2), ("curves.csv", 3), ("glimpses.csv", 5)])
    func changedValue(name: String, row: Int) throws {
      let folder = try cloned()
      var lines = try folder.text(smoke + name).components(separatedBy: "\n")
      let digit = lines[row - 1].last == "0" ? "1" : "0"
      lines[row - 1] = String(lines[row - 1].dropLast()) + digit
      try lines.joined(separator: "\n").write(toFile: folder[smoke + name], atomically: true, encoding: .utf8)
      try expectRefusal(folder, ["\(name):", "that the study did not write", "git restore"])
      if name != "glimpses.csv" { try expectRefusal(folder, ["\(name):\(row): "]) }
    }

    @Test("are refused when a table was cut after a whole row, or is not one of this run")
    func cutOrForeign() throws {
      let folder = try cloned()
      let rows = try folder.text(smoke + "curves.csv").split(separator: "\n")
      try (rows.dropLast().joined(separator: "\n") + "\n").write(
        toFile: folder[smoke + "curves.csv"], atomically: true, encoding: .utf8)
      try expectRefusal(folder, ["curves.csv:5: the table ends after line 4 of 5"])
      let other = try cloned()
      try "own\n1\n".write(toFile: other[smoke + "own.csv"], atomically: true, encoding: .utf8)
      try expectRefusal(other, ["own.csv: is not among the tables in provenance.json"])
    }

    private func expectRefusal(_ folder: TemporaryFolder, _ words: [String]) throws {
      let outcome = try StudyProcess.run(Self.again, results: folder.path, drawing: true)
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1, "\(outcome.errors)")
      for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
      #expect(folder.names(endingIn: ".svg") == [])
    }

    @Test("are refused when there is no table yet")
    func noTable() throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(Self.again, results: folder.path, drawing: true)
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("cluttered/smoke: has no tables"))
    }

    @Test("one whose table was not written yet is left out with a sentence; the others are drawn")
    func withoutPaths() throws {
      let folder = try cloned()
      try folder.remove(smoke + "glimpses.csv")
      let outcome = try StudyProcess.run(Self.again, results: folder.path, drawing: true)
      #expect(outcome.status == 0)
      #expect(outcome.sentences.filter { $0.contains("/glimpses.csv: is not there; ") }.count == 1)
      #expect(outcome.sentences.allSatisfy { $0.contains(" was not drawn: ") }, "\(outcome.errors)")
      #expect(!folder.has(smoke + "figures/glimpse-paths.svg"))
      #expect(folder.has(smoke + "figures/learning-curves.svg"))
    }
  }
}
