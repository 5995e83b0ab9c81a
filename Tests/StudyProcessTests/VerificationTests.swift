import Foundation
import Testing

extension StudyProcessTests {
  @Suite("A recorded run, trained or tested again") struct Verifications {
    /// A copy of the undisturbed run as a clone has it, without checkpoints.
    private func recorded() throws -> TemporaryFolder {
      let folder = try TemporaryFolder(copying: Undisturbed.folder())
      try folder.remove(smoke + "checkpoints")
      return folder
    }

    @Test("is verified digit by digit, and what was recorded stays as it is")
    func verified() throws {
      let folder = try recorded()
      let before = folder.names().map { ($0, try? folder.bytes($0)) }
      let outcome = try StudyProcess.run(["--verify", folder["cluttered/"]])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.sentences == [])
      let verdict = outcome.output.split(separator: "\n").last
      #expect(verdict?.hasPrefix("VERIFIED: ram-6 seed 1 of \(folder.path)/cluttered/smoke came out") == true)
      #expect(verdict?.hasSuffix(": 2 epochs and the test.") == true)
      let after = folder.names().map { ($0, try? folder.bytes($0)) }
      #expect(before.map(\.0) == after.map(\.0))
      #expect(before.map(\.1) == after.map(\.1))
    }

    @Test("a record that was changed fails when it is trained; what else differs is said")
    func changed() throws {
      let folder = try recorded()
      let record = smoke + "runs/ram-6-seed1.json"
      try folder.edit(record, "\"examples\" : 2560", "\"examples\" : 2561")
      try folder.edit(record, "\"processor\" : \"", "\"processor\" : \"Another ")
      let outcome = try StudyProcess.run(["--verify", folder[smoke]])
      #expect(outcome.status == 1)
      #expect(outcome.output.contains("epoch 2: examples is 2560, recorded 2561"), "\(outcome.output)")
      #expect(outcome.output.contains("Differs from the recording: processor: recorded Another "))
      #expect(outcome.sentences.count == 1)
      #expect(outcome.errors.contains("study-cluttered: NOT VERIFIED: ram-6 seed 1 of "))
    }

    @Test(
      "one whose settings were edited by hand costs one sentence",
      arguments: [
        ("\"glimpses\" : 6", "\"glimpses\" : 0"), ("\"batch_size\" : 64", "\"batch_size\" : 0"),
        ("\"seed\" : 1", "\"seed\" : -1"), ("\"curve\" : [", "\"curve\" : {"),
      ])
    func edited(old: String, new: String) throws {
      let folder = try recorded()
      try folder.edit(smoke + "runs/ram-6-seed1.json", old, new)
      for arguments in [["--verify", folder[smoke]], StudyProcess.small + ["--results", folder.path]] {
        let outcome = try StudyProcess.run(arguments)
        #expect(outcome.status == 1 && !outcome.isCrash)
        #expect(outcome.sentences.count == 1, "\(outcome.errors)")
        #expect(
          outcome.errors.contains("ram-6-seed1.json: was changed") && outcome.errors.contains("git restore"))
      }
    }

    @Test("what cannot be verified costs one sentence that says why")
    func refusals() throws {
      let folder = try recorded()
      func refusal(_ arguments: [String]) throws -> String {
        let outcome = try StudyProcess.run(arguments)
        #expect(outcome.status == 1)
        #expect(outcome.sentences.count == 1, "\(outcome.errors)")
        return outcome.errors
      }
      #expect(try refusal(["--verify", folder["nowhere"]]).contains("holds no records to verify"))
      #expect(
        try refusal(["--verify", folder["cluttered"], "--only", "ram-4"]).contains(
          "choose with --only among ram-6"))
      try folder.edit(smoke + "provenance.json", "\"study\" : \"cluttered\"", "\"study\" : \"catch\"")
      #expect(try refusal(["--verify", folder[smoke]]).contains("give it to study-catch --verify"))
    }

    @Test("is tested again from its weights alone, and a changed record or weight is found")
    func retested() throws {
      let folder = try recorded()
      let arguments = ["--preset", "smoke", "--retest"]
      let same = try StudyProcess.run(arguments, results: folder.path)
      #expect(same.status == 0, "\(same.errors)")
      #expect(
        same.output.contains("ram-6 seed 1: test ") && same.output.contains(", as recorded, digit for digit.")
      )
      try folder.edit(
        smoke + "runs/ram-6-seed1.json", "\"loss\" : ", "\"loss\" : 1")
      let other = try StudyProcess.run(arguments, results: folder.path)
      #expect(other.status == 1)
      #expect(other.output.contains("DIFFERS: loss is "), "\(other.output)")
      #expect(other.errors.contains("1 of 1 tests gave different results: ram-6 seed 1."))
      let weights = smoke + "weights/ram-6-seed1.safetensors"
      var bytes = try folder.bytes(weights)
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: URL(fileURLWithPath: folder[weights]))
      let damaged = try StudyProcess.run(arguments, results: folder.path)
      #expect(damaged.status == 1 && damaged.sentences.count == 1)
      #expect(damaged.errors.contains("\(folder[weights]): these are not the weights of its record"))
    }
  }
}
