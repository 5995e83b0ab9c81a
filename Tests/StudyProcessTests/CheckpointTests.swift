import Foundation
import Testing

extension StudyProcessTests {
  @Suite("Checkpoints that something happened to") struct Checkpoints {
    /// The undisturbed run without its records and tables, so that a new start has to write them from the checkpoints.
    private func unfinished() throws -> TemporaryFolder {
      let folder = try TemporaryFolder(copying: Undisturbed.folder())
      for table in try tables() { try folder.remove(table) }
      try folder.remove(smoke + "runs")
      return folder
    }

    private func checkpoint(_ seed: Int) -> String { smoke + "checkpoints/ram-6-seed\(seed).safetensors" }

    private func damage(_ name: String, in folder: TemporaryFolder, _ change: (inout Data) -> Void) throws {
      var bytes = try folder.bytes(name)
      change(&bytes)
      try bytes.write(to: URL(fileURLWithPath: folder[name]))
    }

    @Test("a truncated or changed one is named, and the run resumes from the previous one to the same bytes")
    func damaged() throws {
      let folder = try unfinished()
      try damage(checkpoint(1), in: folder) { $0 = $0.prefix($0.count / 2) }
      try damage(checkpoint(2), in: folder) { $0[$0.count - 1_000] ^= 1 }
      let outcome = try StudyProcess.run(StudyProcess.small, results: folder.path)
      #expect(outcome.status == 0)
      for seed in 1...2 {
        let said = outcome.errors.split(separator: "\n").filter { $0.contains(checkpoint(seed)) }
        #expect(said.count == 1, "\(outcome.errors)")
        #expect(said.first?.contains("Resuming from the previous one, ") == true)
      }
      try expectUndisturbedTables(folder)
    }

    @Test("when the previous one is damaged too, the study refuses with a sentence")
    func bothDamaged() throws {
      let folder = try unfinished()
      try damage(checkpoint(1), in: folder) { $0[6] = 0xff }  // in the header's length
      try damage(checkpoint(1) + ".previous", in: folder) { $0 = Data() }
      let outcome = try StudyProcess.run(StudyProcess.small, results: folder.path)
      #expect(outcome.status == 1)
      #expect(!outcome.isCrash)
      #expect(outcome.sentences.count == 1)
      #expect(outcome.errors.contains(folder[checkpoint(1)]))
      #expect(outcome.errors.contains("--fresh"))
    }

    @Test("a damaged one never replaces the previous one")
    func keepsTheWholeOne() throws {
      let folder = try unfinished()
      let before = try folder.bytes(checkpoint(1) + ".previous")
      try damage(checkpoint(1), in: folder) { $0 = $0.prefix($0.count / 2) }
      #expect(try StudyProcess.run(StudyProcess.small, results: folder.path).status == 0)
      #expect(try folder.bytes(checkpoint(1) + ".previous") == before)
    }

    @Test("one of another run is refused, naming the difference")
    func ofAnotherRun() throws {
      let folder = try unfinished()
      try folder.remove(checkpoint(1))
      try FileManager.default.copyItem(atPath: folder[checkpoint(2)], toPath: folder[checkpoint(1)])
      let outcome = try StudyProcess.run(StudyProcess.small, results: folder.path)
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1)
      #expect(outcome.errors.contains("another configuration"))
      #expect(outcome.errors.contains("(seed: recorded 2, asked 1)"))
    }

    @Test("half-written temporary files of a killed run are never read, and the next start removes them")
    func leftovers() throws {
      let folder = try unfinished()
      for name in ["checkpoints/.ram-6-seed1.safetensors", ".runs.csv", "figures/.learning-curves.svg"] {
        try Data("half".utf8).write(to: URL(fileURLWithPath: folder[smoke + name + ".4711.1.tmp"]))
      }
      #expect(folder.names(endingIn: ".tmp").count == 3)
      #expect(try StudyProcess.run(StudyProcess.small, results: folder.path).status == 0)
      #expect(folder.names(endingIn: ".tmp") == [])
      try expectUndisturbedTables(folder)
    }

    @Test("a results folder that vanishes is named; back in its place, the run resumes to the same bytes")
    func vanishedFolder() throws {
      let folder = try TemporaryFolder()
      let process = try StudyProcess(StudyProcess.small + ["--jobs", "1"], results: folder.path)
      #expect(process.reaches { folder.has(firstCheckpoint) })
      try FileManager.default.moveItem(atPath: folder["cluttered"], toPath: folder["away"])
      let outcome = try process.wait()
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(folder[smoke]) && outcome.errors.contains("No such file or directory"))
      #expect(outcome.errors.contains("make sure that its folder exists"))
      #expect(!folder.has("cluttered"))
      try FileManager.default.moveItem(atPath: folder["away"], toPath: folder["cluttered"])
      #expect(try StudyProcess.run(StudyProcess.small, results: folder.path).status == 0)
      try expectUndisturbedTables(folder)
    }

    @Test("--fresh starts again whatever is there, and ends with the same bytes")
    func fresh() throws {
      let folder = try unfinished()
      try damage(checkpoint(1), in: folder) { $0 = Data("nothing".utf8) }
      let outcome = try StudyProcess.run(StudyProcess.small + ["--fresh"], results: folder.path)
      #expect(outcome.status == 0 && !outcome.errors.contains("damaged"), "\(outcome.errors)")
      try expectUndisturbedTables(folder)
    }
  }
}
