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
        (["--list", "--only", "ram-9"], "no condition 'ram-9'; choose among "),
        (["--preset", "smoke", "--only", ","], "--only names no condition"),
        (["--preset", "smoke", "--seeds", "0"], "--seeds must be 1 to 1000, not 0"),
        (["--preset", "smoke", "--threads", "-1"], "--threads must be 1 to 1024, not -1"),
        (["--preset", "smoke", "--fresh", "--figures-only"], "--fresh applies only to training"),
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

    @Test("digits for a study that has none")
    func noDigits() throws {
      let folder = try TemporaryFolder()
      let arguments = ["--preset", "smoke", "--mnist", folder.path]
      let outcome = try StudyProcess.run(arguments, of: "study-catch", results: folder["results"])
      #expect(outcome.status == 1 && outcome.sentences.count == 1)
      #expect(
        outcome.errors.contains("study-catch uses no digits, so --mnist means nothing"), "\(outcome.errors)")
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
      #expect(outcome.errors.contains("choose another"))
    }

    @Test("MNIST files that were truncated")
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

    @Test("a second process in the same folder is refused, naming the first, which is not disturbed")
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
          "USAGE: study-cluttered", "--preset", "default: quick", "--seeds", "--only", "--mnist",
          "--figures-only",
        ]
      for word in expected { #expect(outcome.output.contains(word), "\(word)") }
    }

    @Test("--list with --only lists these conditions and no others, also those that the preset leaves out")
    func chosenConditions() throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(["--list", "--only", "ram-6,ram-4-100"], results: folder.path)
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      let names = outcome.output.split(separator: "\n").dropFirst(2).compactMap {
        $0.split(separator: " ").first
      }
      #expect(names == ["ram-6", "ram-4-100"], "\(outcome.output)")
    }
  }

  @Suite("Figures from records and tables alone") struct Figures {
    private static let again = ["--preset", "smoke", "--figures-only"]

    /// As a clone has it: records and tables, but no checkpoints.
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

    @Test("tables that were changed, cut or removed by hand are made again from the records and the weights")
    func changedTables() throws {
      let folder = try cloned()
      try folder.edit(smoke + "runs.csv", "ram-6", "ram-7")
      try Data("condition\n".utf8).write(to: URL(fileURLWithPath: folder[smoke + "curves.csv"]))
      try folder.remove(smoke + "summary.csv")
      try folder.remove(smoke + "glimpses.csv")
      #expect(try StudyProcess.run(Self.again, results: folder.path, drawing: true).status == 0)
      try expectUndisturbedTables(folder)
      try folder.edit(smoke + "answers.csv", "\n1,", "\n2,")
      #expect(try StudyProcess.run(Self.again, results: folder.path).status == 0)
      try expectUndisturbedTables(folder)
    }

    @Test("what cannot be printed is an error, and a reader that is gone is none")
    func printed() throws {
      let folder = try TemporaryFolder()
      func shell(_ end: String) throws -> Outcome {
        let study = try StudyProcess.executable("study-cluttered")
        return try Outcome(shell: "'\(study)' --columns \(end)", in: folder)
      }
      let full = try shell("> /dev/full")
      #expect(full.status == 1 && full.errors.contains("No space left on device"), "\(full.errors)")
      #expect(try shell("| head -1").status == 0)
    }

    @Test("are refused when there is no record yet")
    func noRecord() throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(Self.again, results: folder.path, drawing: true)
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("cluttered/smoke: has no records"))
    }

    @Test(
      "one whose table needs a model whose weights are gone is left out with a sentence; the others are drawn"
    )
    func withoutPaths() throws {
      let folder = try cloned()
      try folder.remove(smoke + "weights")
      try folder.remove(smoke + "glimpses.csv")
      let outcome = try StudyProcess.run(Self.again, results: folder.path, drawing: true)
      #expect(outcome.status == 1)
      // Of the paths and of their animation.
      #expect(outcome.sentences.filter { $0.contains("/glimpses.csv: is not there; ") }.count == 2)
      let (notMade, others) = (outcome.sentences.prefix(1), outcome.sentences.dropFirst())
      #expect(
        notMade.allSatisfy {
          $0.hasPrefix("glimpses.csv, ") && $0.contains("/ram-6-seed1.safetensors are not there")
        })
      #expect(others.allSatisfy { $0.contains(" was not drawn: ") }, "\(outcome.errors)")
      #expect(!folder.has(smoke + "figures/glimpse-paths.svg"))
      #expect(folder.has(smoke + "figures/learning-curves.svg"))
    }
  }
}
