import Foundation
import Testing

extension StudyProcessTests {
  @Suite("Nothing enters a mean that was not trained to its end") struct Means {
    @Test("a run that diverges stops, says so, is recorded without an error, and stays that way")
    func diverged() throws {
      let folder = try TemporaryFolder()
      let arguments = ["--preset", "smoke", "--only", "ram-6", "--learning-rate", "1e30"]
      for _ in 1...2 {
        let outcome = try StudyProcess.run(arguments, results: folder.path)
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(!outcome.isCrash)
        let said = outcome.sentences.filter { $0.hasPrefix("ram-6 seed 1: the loss is not a finite number") }
        #expect(said.count == 1, "\(outcome.errors)")
        #expect(said.first?.contains("learning rate 1e+30") == true)
        #expect(said.first?.contains("smaller learning rate") == true)
        let row = try folder.text(smoke + "runs.csv").split(separator: "\n").last
        #expect(
          row?.hasPrefix("ram-6,1,256269,") == true && row?.hasSuffix(",,,,4.08") == true, "\(row ?? "")")
        #expect(try folder.text(smoke + "report.md").contains("| ram-6 (1 diverged) |  4.08 |    – |"))
      }
      let other = try StudyProcess.run(arguments.dropLast() + ["1e-3"], results: folder.path)
      #expect(other.status == 1)
      #expect(other.sentences.count == 1)
      #expect(
        other.errors.contains("training.learningRate.constant._0 is 1e+30 where 0.001"), "\(other.errors)")
    }

    @Test(
      "the mean of a condition is that of the seeds that did not diverge, and the report says how many did")
    func meanWithoutDiverged() throws {
      let folder = try TemporaryFolder(copying: Undisturbed.folder())
      try folder.remove(smoke + "provenance.json")  // as results of before checksums
      var lines = try folder.text(smoke + "runs.csv").components(separatedBy: "\n")
      let first = lines[1].components(separatedBy: ",")
      lines[2] = "ram-6,2,256269,0,0,,,,,4.08"
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder[smoke + "runs.csv"]))
      #expect(
        try StudyProcess.run(["--preset", "smoke", "--figures-only"], results: folder.path).status == 0)
      let mean = "| ram-6 (1 diverged) |  4.08 | \(first[6].dropLast()) (1) |"
      #expect(try folder.text(smoke + "report.md").contains(mean), "\(mean)")
    }

    @Test("a run that was stopped is in no table of runs and in no report, until it has come to its end")
    func unfinished() throws {
      let folder = try TemporaryFolder()
      let process = try StudyProcess(StudyProcess.small + ["--jobs", "1"], results: folder.path)
      #expect(process.reaches { folder.has(firstCheckpoint) })
      process.send(SIGTERM)
      #expect(try process.wait().status == 143)
      let other = ["--preset", "smoke", "--only", "fc-64", "--seeds", "2"]
      #expect(try StudyProcess.run(other, results: folder.path).status == 0)
      let runs = try folder.text(smoke + "runs.csv").split(separator: "\n").dropFirst()
      #expect(runs.count == 2 && runs.allSatisfy { $0.hasPrefix("fc-64,") })
      let report = try folder.text(smoke + "report.md")
      #expect(
        !report.contains("| ram-6") && report.contains("Not trained here: ") && report.contains("`ram-6`"))
      // The rows of who is already done stay when the other goes on.
      #expect(try StudyProcess.run(StudyProcess.small, results: folder.path).status == 0)
      let names = try folder.text(smoke + "runs.csv").split(separator: "\n").dropFirst().map { $0.prefix(5) }
      #expect(names == ["fc-64", "fc-64", "ram-6", "ram-6"])
    }
  }
}
