import Foundation
import Testing

extension StudyProcessTests {
  @Suite("A recorded run, trained again") struct Verifications {
    /// A copy of the undisturbed run as a clone has it, without checkpoints.
    private func recorded() throws -> TemporaryFolder {
      let folder = try TemporaryFolder(copying: Undisturbed.folder())
      try folder.remove(smoke + "checkpoints")
      return folder
    }

    private func changeProvenance(_ folder: TemporaryFolder, _ change: (inout [String: Any]) -> Void) throws {
      let path = smoke + "provenance.json"
      var object = try #require(
        try JSONSerialization.jsonObject(with: folder.bytes(path)) as? [String: Any])
      change(&object)
      try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: folder[path]))
    }

    @Test("is verified by the same rows, and what was recorded stays as it is")
    func verified() throws {
      let folder = try recorded()
      let before = folder.names().map { ($0, try? folder.bytes($0)) }
      let outcome = try StudyProcess.run(["--verify", folder["cluttered/"]])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.sentences == [])
      let verdict = outcome.output.split(separator: "\n").last
      #expect(verdict?.hasPrefix("VERIFIED: ram-6 seed 1 of \(folder.path)/cluttered/smoke came out") == true)
      #expect(verdict?.hasSuffix(": 1 row of runs.csv and 2 rows of curves.csv.") == true)
      let after = folder.names().map { ($0, try? folder.bytes($0)) }
      #expect(before.map(\.0) == after.map(\.0))
      #expect(before.map(\.1) == after.map(\.1))
    }

    @Test("a changed table fails at once, whichever row it is, with file and line")
    func changedTable() throws {
      let folder = try recorded()
      var lines = try folder.text(smoke + "runs.csv").components(separatedBy: "\n")
      lines[2] = lines[2].replacingOccurrences(of: ",2560,", with: ",2561,")  // of seed 2
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder[smoke + "runs.csv"]))
      let outcome = try StudyProcess.run(["--verify", folder[smoke]])
      #expect(outcome.status == 1)
      #expect(outcome.sentences.count == 1)
      #expect(outcome.errors.contains("\(smoke)runs.csv:3: this line is one that the study did not write"))
      #expect(!outcome.output.contains("VERIFIED"))
    }

    @Test("a table changed with its checksums fails when it is trained; what else differs is said")
    func changedWithChecksums() throws {
      let folder = try recorded()
      let path = smoke + "curves.csv"
      var lines = try folder.text(path).components(separatedBy: "\n")
      lines[2] = lines[2].replacingOccurrences(of: "ram-6,1,2,2560,", with: "ram-6,1,2,2561,")
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder[path]))
      try changeProvenance(folder) {
        $0["tables"] = nil
        $0["origins"] = nil
        $0["processor"] = "Another 9000"
      }
      let outcome = try StudyProcess.run(["--verify", folder[smoke]])
      #expect(outcome.status == 1)
      #expect(
        outcome.output.contains("curves.csv, line 3: examples is 2560 where it was recorded as 2561"),
        "\(outcome.output)")
      #expect(outcome.output.contains("Differs from the recording: processor: recorded Another 9000, here "))
      #expect(outcome.sentences.count == 1)
      #expect(outcome.errors.contains("study-cluttered: NOT VERIFIED: ram-6 seed 1 of "))
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
      #expect(try refusal(["--verify", folder["nowhere"]]).contains("holds no provenance.json to verify"))
      #expect(
        try refusal(["--verify", folder["cluttered"], "--only", "ram-4"]).contains(
          "choose with --only among ram-6"))
      try FileManager.default.copyItem(atPath: folder["cluttered/smoke"], toPath: folder["cluttered/quick"])
      #expect(
        try refusal(["--verify", folder["cluttered"]]).contains("holds the results of several presets"))
      try changeProvenance(folder) { $0["study"] = "catch" }
      #expect(try refusal(["--verify", folder[smoke]]).contains("give it to study-catch --verify"))
    }
  }
}
