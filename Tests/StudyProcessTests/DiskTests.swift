import Foundation
import Testing

extension StudyProcessTests {
  @Suite(
    "Whatever happens to the disk, nothing is lost",
    .enabled(if: TemporaryDisk.isAllowed, "mounting a small disk takes root"))
  struct Disks {
    /// Bytes of the undisturbed run's checkpoints.
    private func checkpointBytes() throws -> Int {
      let folder = try Undisturbed.folder()
      return try folder.names().filter { $0.contains(".safetensors") }.reduce(0) {
        try $0 + folder.bytes($1).count
      }
    }

    /// - Parameter place: what no longer finds room.
    private func fillsUp(leaving bytes: Int, at place: String) throws {
      let disk = try TemporaryDisk(megabytes: 64)
      try disk.fill(leaving: bytes)
      let stopped = try StudyProcess.run(StudyProcess.small, results: disk.folder.path)
      #expect(stopped.status == 1)
      #expect(stopped.sentences.count == 1, "\(stopped.errors)")
      let sentence = stopped.sentences.first ?? ""
      #expect(sentence.contains(disk.folder[smoke + place]), "\(sentence)")
      #expect(sentence.contains("No space left on device; free some space on that disk"), "\(sentence)")
      #expect(disk.folder.names(endingIn: ".tmp") == [])
      try disk.freeSpace()
      let resumed = try StudyProcess.run(StudyProcess.small, results: disk.folder.path)
      #expect(resumed.status == 0, "\(resumed.errors)")
      try expectUndisturbedTables(disk.folder)
    }

    @Test("a disk that is full at the first checkpoint: a sentence, and with space again the same bytes")
    func fullAtACheckpoint() throws { try fillsUp(leaving: 1 << 20, at: "checkpoints/") }

    @Test("a disk that is full at a table: a sentence, and with space again the same bytes")
    func fullAtATable() throws { try fillsUp(leaving: checkpointBytes() + 300_000, at: "crops.csv") }

    @Test("a read-only disk is named, with a way around it")
    func readOnly() throws {
      let disk = try TemporaryDisk(megabytes: 64)
      try FileManager.default.copyItem(
        atPath: Undisturbed.folder()["cluttered"], toPath: disk.folder["cluttered"])
      try disk.forbidWriting()
      let outcome = try StudyProcess.run(StudyProcess.small, results: disk.folder.path)
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(disk.folder[smoke]))
      #expect(
        outcome.errors.contains("Read-only file system; choose a folder on a writable disk"))
      try expectUndisturbedTables(disk.folder)
    }

    @Test("a new folder on a read-only disk is named too")
    func readOnlyAndEmpty() throws {
      let disk = try TemporaryDisk(megabytes: 1)
      try disk.forbidWriting()
      let outcome = try StudyProcess.run(StudyProcess.small, results: disk.folder.path)
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("\(disk.folder.path)/cluttered/smoke"))
      #expect(outcome.errors.contains("choose another"))
    }

    @Test("recorded results are verified where nothing may be written")
    func verifiedReadOnly() throws {
      let disk = try TemporaryDisk(megabytes: 64)
      try FileManager.default.copyItem(
        atPath: Undisturbed.folder()["cluttered"], toPath: disk.folder["cluttered"])
      try disk.forbidWriting()
      let outcome = try StudyProcess.run(["--verify", disk.folder["cluttered"]])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("VERIFIED: ram-6 seed 1 of "))
    }
  }
}
