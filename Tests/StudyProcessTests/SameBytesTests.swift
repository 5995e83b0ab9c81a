import Foundation
import Testing

extension StudyProcessTests {
  @Suite("Whatever happens to a study, it writes the same bytes") struct SameBytes {
    @Test("a run left alone trains, writes every table, draws every figure and says where they are")
    func undisturbed() throws {
      let outcome = try Undisturbed.outcome()
      let folder = try Undisturbed.folder()
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("Tables, figures and report: \(folder.path)/cluttered/smoke/report.md"))
      #expect(try folder.text(smoke + "runs.csv").split(separator: "\n").count == 1 + 2)
      #expect(try folder.text(smoke + "curves.csv").split(separator: "\n").count == 1 + 2 * 2)
      #expect(folder.names(endingIn: ".svg").count >= 4)
      #expect(folder.names(endingIn: ".svg").count == folder.names(endingIn: ".png").count)
    }

    @Test("two runs give the same tables and the same figures")
    func twice() throws {
      let folder = try TemporaryFolder()
      #expect(try StudyProcess.run(StudyProcess.small, results: folder.path, drawing: true).status == 0)
      try expectUndisturbedTables(folder)
      let undisturbed = try Undisturbed.folder()
      #expect(folder.names(endingIn: ".svg") == undisturbed.names(endingIn: ".svg"))
      for figure in folder.names(endingIn: ".svg") {
        #expect(try folder.bytes(figure) == undisturbed.bytes(figure), "\(figure) differs")
      }
    }

    @Test("another seed gives other bytes: the comparison itself can fail")
    func otherSeed() throws {
      let rows = try Undisturbed.folder().text(smoke + "curves.csv").split(separator: "\n").dropFirst()
      let numbers = rows.map { $0.split(separator: ",").dropFirst(2).joined(separator: ",") }
      #expect(Set(numbers).count == 4)
    }

    @Test(
      "threads and jobs change the time, never a digit",
      arguments: [["--threads", "1"], ["--threads", "3", "--jobs", "1"]])
    func threads(arguments: [String]) throws {
      let folder = try TemporaryFolder()
      #expect(try StudyProcess.run(StudyProcess.small + arguments, results: folder.path).status == 0)
      try expectUndisturbedTables(folder)
    }

    @Test("a run killed at five moments and started again writes the same bytes, and leaves no half files")
    func killed() throws {
      let folder = try TemporaryFolder()
      func checkpoints() -> Int { folder.names(endingIn: ".safetensors").count }
      let moments: [() -> Bool] = [
        { folder.has(smoke + ".lock") }, { checkpoints() >= 1 },
        { folder.has(firstCheckpoint + ".previous") },
        { checkpoints() >= 2 }, { folder.has(smoke + "runs.csv") },
      ]
      for moment in moments {
        let process = try StudyProcess(StudyProcess.small + ["--jobs", "1"], results: folder.path)
        #expect(process.reaches(moment))
        process.send(SIGKILL)
        _ = try process.wait()
      }
      #expect(try StudyProcess.run(StudyProcess.small, results: folder.path).status == 0)
      try expectUndisturbedTables(folder)
      #expect(folder.names(endingIn: ".tmp") == [])
    }

    @Test(
      "a run asked to stop says how to resume, exits with the shell's status, and resumes to the same bytes",
      arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGHUP, Int32(129))])
    func stopped(signal: Int32, status: Int32) throws {
      let folder = try TemporaryFolder()
      let process = try StudyProcess(StudyProcess.small + ["--jobs", "1"], results: folder.path)
      #expect(process.reaches { folder.has(firstCheckpoint) })
      process.send(signal)
      let outcome = try process.wait()
      #expect(outcome.status == status)
      #expect(outcome.sentences == ["Stopped. The same command resumes from here."])
      #expect(!folder.has(smoke + "runs.csv"))
      #expect(try StudyProcess.run(StudyProcess.small, results: folder.path).status == 0)
      try expectUndisturbedTables(folder)
    }

    @Test(
      "one that is stopped after a run was recorded writes tables, figures and report of what is recorded")
    func stoppedLater() throws {
      let folder = try TemporaryFolder()
      let process = try StudyProcess(
        StudyProcess.small + ["--jobs", "1"], results: folder.path, drawing: true)
      #expect(process.reaches { folder.has(smoke + "runs/ram-6-seed1.json") })
      process.send(SIGTERM)
      let outcome = try process.wait()
      #expect(outcome.status == 143)
      #expect(outcome.sentences.last == "Stopped. The same command resumes from here.", "\(outcome.errors)")
      #expect(try folder.text(smoke + "runs.csv").split(separator: "\n").count == 1 + 1)
      #expect(folder.has(smoke + "report.md") && folder.has(smoke + "figures/learning-curves.svg"))
    }
  }
}
