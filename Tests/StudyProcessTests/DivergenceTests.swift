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
        #expect(row?.hasPrefix("ram-6,") == true && row?.hasSuffix(",,,,4.08") == true, "\(row ?? "")")
        #expect(try folder.text(smoke + "report.md").contains("(1 diverged)"))
      }
      let other = try StudyProcess.run(arguments.dropLast() + ["1e-3"], results: folder.path)
      #expect(other.status == 1)
      #expect(other.sentences.count == 1)
      #expect(
        other.errors.contains("training.learning_rate: recorded 1e+30, asked 0.001"), "\(other.errors)")
    }

    @Test(
      "the mean of a condition is that of the seeds that did not diverge, and the report says how many did")
    func meanWithoutDiverged() throws {
      let folder = try TemporaryFolder(copying: Undisturbed.folder())
      let second = smoke + "runs/ram-6-seed2.json"
      try folder.edit(
        second, "\"test\" : {", "\"failure\" : \"the loss is not a finite number\", \"unused\" : {")
      // Drawing trains nothing, so the run that diverged is no failure of it.
      let drawn = ["--preset", "smoke", "--seeds", "2", "--figures-only"]
      #expect(try StudyProcess.run(drawn, results: folder.path).status == 0)
      let row = try folder.text(smoke + "runs.csv").split(separator: "\n")[1].split(separator: ",")
      let summary = try folder.text(smoke + "summary.csv").split(separator: "\n")
      let mean = try #require(summary[0].split(separator: ",").firstIndex(of: "mean_percent"))
      let test = try #require(
        folder.text(smoke + "runs.csv").split(separator: "\n")[0].split(separator: ",").firstIndex(
          of: "test_error_percent"))
      // A label may have a comma in it. A mean has two more digits than an error.
      #expect(summary[1].contains("," + row[row.count - (12 - test)] + "00,,1,1,"), "\(summary[1]) \(mean)")
      #expect(try folder.text(smoke + "report.md").contains("(1 diverged)"))
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
        !report.contains("| ram-6") && report.contains("`ram-6`"), "\(report)")
      // The rows of the condition that is done stay when the other one is trained.
      #expect(try StudyProcess.run(StudyProcess.small, results: folder.path).status == 0)
      let names = try folder.text(smoke + "runs.csv").split(separator: "\n").dropFirst().map { $0.prefix(5) }
      #expect(names == ["fc-64", "fc-64", "ram-6", "ram-6"])
    }
  }
}
