import Foundation
import Testing

extension StudyProcessTests {
  @Suite("Runs trained one by one") struct SingleRuns {
    private func train(_ run: String, in folder: TemporaryFolder) throws -> StudyProcess {
      try StudyProcess(StudyProcess.small + ["--train", run], results: folder.path)
    }

    @Test("are listed by one word each, and nothing is written")
    func listed() throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(StudyProcess.small + ["--list-runs"], results: folder.path)
      #expect(outcome.status == 0)
      #expect(outcome.output == "ram-6-seed1\nram-6-seed2\n")
      #expect(folder.names() == [])
    }

    @Test("are the study: side by side, one killed, then collected, they give the same tables and figures")
    func collected() throws {
      let folder = try TemporaryFolder()
      let (first, second) = (try train("ram-6-seed1", in: folder), try train("ram-6-seed2", in: folder))
      #expect(first.reaches { folder.has(firstCheckpoint) })
      first.send(SIGKILL)
      _ = try first.wait()
      #expect(try second.wait().status == 0)

      let early = try StudyProcess.run(StudyProcess.small + ["--collect"], results: folder.path)
      #expect(early.status == 1)
      #expect(early.sentences.count == 1)
      #expect(
        early.errors.contains("1 of 2 runs are not finished: ram-6-seed1 (1 of 2 epochs); "),
        "\(early.errors)")
      #expect(!folder.has(smoke + "runs.csv"))

      #expect(try train("ram-6-seed1", in: folder).wait().status == 0)
      let outcome = try StudyProcess.run(
        StudyProcess.small + ["--collect"], results: folder.path, drawing: true)
      #expect(outcome.status == 0)
      #expect(!outcome.errors.contains("epoch"), "nothing is trained: \(outcome.errors)")
      try expectUndisturbedTables(folder)
      let undisturbed = try Undisturbed.folder()
      let drawn = undisturbed.names(endingIn: ".svg") + [smoke + "report.md"]
      for name in drawn { #expect(try folder.bytes(name) == undisturbed.bytes(name), "\(name) differs") }
    }

    @Test("keep out the whole study and their own double, but not each other; the study keeps them out")
    func locked() throws {
      let folder = try TemporaryFolder()
      let first = try train("ram-6-seed1", in: folder)
      #expect(first.reaches { folder.has(firstCheckpoint) })
      first.send(SIGSTOP)
      let whole = try StudyProcess.run(StudyProcess.small, results: folder.path)
      #expect(whole.status == 1)
      let holder = "ram-6-seed1 (process \(first.identifier) on "
      #expect(whole.errors.contains("single runs are being trained here: \(holder)"), "\(whole.errors)")
      let double = try train("ram-6-seed1", in: folder).wait()
      #expect(double.status == 1)
      #expect(double.errors.contains("is being trained by another process (process \(first.identifier) on "))
      #expect(try train("ram-6-seed2", in: folder).wait().status == 0)
      first.send(SIGCONT)
      #expect(try first.wait().status == 0)

      let study = try StudyProcess(StudyProcess.small + ["--fresh"], results: folder.path)
      #expect(study.reaches { (try? folder.text(smoke + ".lock").contains("\(study.identifier)")) == true })
      study.send(SIGSTOP)
      let late = try train("ram-6-seed1", in: folder).wait()
      #expect(late.status == 1)
      #expect(late.errors.contains("another run is writing here (process \(study.identifier) on "))
      study.send(SIGCONT)
      #expect(try study.wait().status == 0)
      try expectUndisturbedTables(folder)
    }

    @Test("that do not exist are refused, and so are contradictions; nothing is written")
    func refused() throws {
      let folder = try TemporaryFolder()
      for (arguments, sentence) in [
        (["--train", "ram-6-seed3"], "There is no run 'ram-6-seed3'; --list-runs lists the runs"),
        (["--train", "../ram-6-seed1"], "There is no run '../ram-6-seed1'"),
        (["--train", "ram-6-seed1", "--collect"], "--train and --collect exclude each other"),
        (["--list-runs", "--figures-only"], "give one of them"),
        (["--collect", "--fresh"], "--fresh applies only to training; leave it out with --collect"),
      ] {
        let outcome = try StudyProcess.run(StudyProcess.small + arguments, results: folder.path)
        #expect(outcome.status == 1 || outcome.status == 64)
        #expect(outcome.sentences.first?.contains(sentence) == true, "\(outcome.errors)")
        #expect(folder.names() == [])
      }
    }
  }
}
