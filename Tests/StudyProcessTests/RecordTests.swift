import Foundation
import Testing

extension StudyProcessTests {
  @Suite("What was trained is never lost") struct Records {
    /// As a clone has it: records, weights, tables, but no checkpoints.
    private func cloned() throws -> TemporaryFolder {
      let folder = try TemporaryFolder(copying: Undisturbed.folder())
      try folder.remove(smoke + "checkpoints")
      return folder
    }

    private let other = ["--preset", "smoke", "--only", "fc-64"]

    /// Every file but the lock and the checkpoints, which are not committed.
    private func committed(_ folder: TemporaryFolder) -> [String: Data] {
      let names = folder.names().filter { !$0.contains("checkpoints") && !$0.hasSuffix(".lock") }
      return Dictionary(names.compactMap { name in (try? folder.bytes(name)).map { (name, $0) } }) { $1 }
    }

    @Test(
      "a clone that trains what is recorded says 'digit for digit' of every run, and not a byte of it changes"
    )
    func reproduced() throws {
      let folder = try cloned()
      let before = committed(folder)
      let outcome = try StudyProcess.run(StudyProcess.small, results: folder.path, drawing: true)
      #expect(outcome.status == 0)
      #expect(outcome.errors.components(separatedBy: "; the recorded run, digit for digit").count == 1 + 2)
      let after = committed(folder)
      #expect(before.count > 10 && after.keys == before.keys)
      for (name, bytes) in before { #expect(after[name] == bytes, "\(name) differs") }
    }

    @Test("a run with other numbers says where they first differ, and possible reasons")
    func different() throws {
      let folder = try cloned()
      try folder.edit(smoke + "runs/ram-6-seed2.json", "\"examples\" : 1280", "\"examples\" : 1281")
      try folder.edit(smoke + "runs/ram-6-seed2.json", "\"processor\" : \"", "\"processor\" : \"Another ")
      let outcome = try StudyProcess.run(StudyProcess.small, results: folder.path)
      #expect(outcome.status == 0)
      let difference = "; differs from the record: epoch 1: examples is 1280, recorded 1281; "
      #expect(outcome.errors.contains(difference), "\(outcome.errors)")
      #expect(outcome.errors.contains("processor: recorded Another "), "\(outcome.errors)")
      try expectUndisturbedTables(folder)
    }

    @Test("--only and --seeds leave the rows that they do not ask for, in tables and report")
    func rowsStay() throws {
      let folder = try cloned()
      #expect(try StudyProcess.run(other, results: folder.path).status == 0)
      let fewer = ["--preset", "smoke", "--only", "ram-6", "--seeds", "1"]
      #expect(try StudyProcess.run(fewer, results: folder.path).status == 0)
      let names = try folder.text(smoke + "runs.csv").split(separator: "\n").dropFirst().map {
        $0.prefix { $0 != "," }
      }
      #expect(names == ["fc-64", "ram-6", "ram-6"])
      #expect(try folder.text(smoke + "summary.csv").contains(",2,0,"))
      let report = try folder.text(smoke + "report.md")
      #expect(report.contains("RAM, 6 glimpses") || report.contains("ram-6"))
    }

    @Test("--missing trains only what has no record, the shortest first")
    func missing() throws {
      let folder = try cloned()
      let arguments = ["--preset", "smoke", "--only", "ram-6,fc-64,conv", "--seeds", "2", "--missing"]
      let listed = try StudyProcess.run(arguments + ["--list-runs"], results: folder.path)
      #expect(listed.output == "fc-64-seed1\nfc-64-seed2\nconv-seed1\nconv-seed2\n", "\(listed.output)")
      let outcome = try StudyProcess.run(arguments + ["--jobs", "1"], results: folder.path)
      #expect(outcome.status == 0)
      #expect(!outcome.errors.contains("ram-6 seed"))
      let again = try StudyProcess.run(arguments, results: folder.path)
      #expect(again.output.contains("Nothing is missing"))
      try folder.remove("cluttered/smoke/runs/fc-64-seed1.json")
      #expect(
        try StudyProcess.run(arguments + ["--list-runs"], results: folder.path).output == "fc-64-seed1\n")
    }

    @Test("runs of another learning rate or of other digits never enter the folder, and the cure is said")
    func mixing() throws {
      let folder = try cloned()
      let digits = try TemporaryFolder()
      let mnist = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../Sources/Worlds/Digits/MNIST"
      ).standardized.path
      for kind in ["images-idx3", "labels-idx1"] {
        for part in ["train", "t10k"] {
          try FileManager.default.copyItem(
            atPath: "\(mnist)/t10k-\(kind)-ubyte.gz", toPath: digits["\(part)-\(kind)-ubyte.gz"])
        }
      }
      let before = committed(folder)
      let mixtures = [
        (["--learning-rate", "1e-4"], "training.learning_rate"), (["--mnist", digits.path], "world."),
      ]
      for (arguments, difference) in mixtures {
        for place in [folder.path, folder["../" + (folder.path as NSString).lastPathComponent]] {
          let outcome = try StudyProcess.run(other + arguments, results: place)
          #expect(outcome.status == 1)
          #expect(outcome.sentences.count == 1, "\(outcome.errors)")
          #expect(outcome.errors.contains("has another configuration (\(difference)"), "\(outcome.errors)")
          #expect(outcome.errors.contains("choose another folder with --results"))
        }
        for place in [[], ["--results", "./Results"]] {
          let outcome = try StudyProcess.run(other + arguments + place, in: folder.path)
          #expect(
            outcome.status == 64 && outcome.errors.contains("name another folder with --results"))
        }
      }
      #expect(committed(folder) == before)
      let apart = try TemporaryFolder()
      let outcome = try StudyProcess.run(other + ["--mnist", digits.path], results: apart.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try apart.text("cluttered/smoke/report.md").contains("These runs saw other digits"))
    }

    @Test(
      "a README table from nothing, or from fewer rows than the records, is refused",
      .enabled(if: (try? StudyProcess.executable("reproduce")) != nil))
    func readme() throws {
      let folder = try TemporaryFolder()
      let page = "# Here\n\n<!-- results:begin -->\n| a | table |\n<!-- results:end -->\n"
      try Data(page.utf8).write(to: URL(fileURLWithPath: folder["README.md"]))
      for (arguments, place) in [(["--table"], "Results"), (["--check", "--results", "TYPO"], "TYPO")] {
        let outcome = try StudyProcess.run(arguments, of: "reproduce", in: folder.path)
        #expect(outcome.status == 1 && outcome.sentences.count == 1)
        #expect(outcome.errors.contains("\(place): holds no results of the studies"), "\(outcome.errors)")
        #expect(try folder.text("README.md") == page)
      }
      // The page has the numbers of Results, so no others are written into it.
      let elsewhere = try StudyProcess.run(
        ["--table", "--results", "TYPO"], of: "reproduce", in: folder.path)
      #expect(elsewhere.status == 64)
      let passedOn = try StudyProcess.run(
        ["--retest", "--", "--results", "TYPO"], of: "reproduce", in: folder.path)
      #expect(passedOn.status == 64 && passedOn.errors.contains("Give --results before '--'"))
      try FileManager.default.createDirectory(
        atPath: folder["Results/cluttered"], withIntermediateDirectories: true)
      let clone = try cloned()
      try FileManager.default.copyItem(
        atPath: clone["cluttered/smoke"], toPath: folder["Results/cluttered/quick"])
      let summary = folder["Results/cluttered/quick/summary.csv"]
      let rows = try String(contentsOfFile: summary, encoding: .utf8).split(separator: "\n")
      let others = rows.filter { !$0.hasPrefix("ram-6,") }.map { $0 + "\n" }
      try others.joined().write(toFile: summary, atomically: true, encoding: .utf8)
      let outcome = try StudyProcess.run(["--check"], of: "reproduce", in: folder.path)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("summary.csv: is not made of the"), "\(outcome.errors)")
    }
  }
}
