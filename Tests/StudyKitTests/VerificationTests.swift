import Foundation
import NumericCore
import Testing
import Training
import VisualTasks

@testable import StudyKit

@Suite("A recorded run beside the same run now") struct VerificationTests {
  private func table(_ errors: [Double?]) -> CSVTable {
    var table = CSVTable(header: ["condition", "seed", "error"])
    for (index, error) in errors.enumerated() {
      table.rows.append([.text("ram-6"), .integer(index + 1), CSVValue(error, places: 2)])
    }
    return table
  }

  @Test("is the same when its rows are, whatever the others say") func same() {
    var verification = Verification()
    verification.compare(
      "runs.csv", recorded: table([1, 2, 3]), with: table([1]), key: [.text("ram-6"), .integer(1)])
    #expect(verification.differences == [])
    #expect(verification.compared == "1 row of runs.csv")
  }

  @Test("differs by a last digit, a cell that was not measured, or a row more or less") func differs() {
    func differences(_ old: [Double?], _ new: [Double?]) -> [String] {
      var verification = Verification()
      verification.compare("runs.csv", recorded: table(old), with: table(new), key: [.text("ram-6")])
      return verification.differences
    }
    #expect(differences([1.25], [1.25]) == [])
    #expect(differences([1.25], [1.26]) == ["runs.csv, line 2: error is 1.26 where it was recorded as 1.25"])
    #expect(differences([1.25], [nil]) == ["runs.csv, line 2: error is empty where it was recorded as 1.25"])
    #expect(differences([1, 2], [1]) == ["runs.csv: 1 rows where 2 were recorded"])
    #expect(differences([1], [1, 2]) == ["runs.csv: 2 rows where 1 were recorded"])
  }

  @Test("settings that differ are named, with both values") func settings() {
    let old = "{\"seed\":1,\"training\":{\"batchSize\":64,\"clippingNorm\":5}}"
    let new = "{\"seed\":1,\"training\":{\"batchSize\":128}}"
    #expect(
      SettingDifferences.sentences(old, asked: new) == [
        "training.batchSize is 64 where 128 is asked for",
        "training.clippingNorm is 5 where nothing is asked for",
      ])
    #expect(SettingDifferences.sentences(old, asked: old) == [])
  }

  @Test("a run that was continued elsewhere has two origins, and what differs between them is said")
  func origins() {
    let here = RunOrigin.current
    var elsewhere = here
    elsewhere.processor = "another"
    var (first, second) = (RunRecord(), RunRecord())
    first.origins = [here]
    second.origins = [here, elsewhere]
    let groups = OriginOfRuns.grouped([("a seed 1", first), ("a seed 2", second), ("b seed 1", RunRecord())])
    #expect(groups.map(\.origin) == [here, elsewhere])
    #expect(groups.map(\.runs) == [["a seed 1", "a seed 2"], ["a seed 2"]])
    #expect(elsewhere.differences(from: here) == ["processor: recorded another, here \(here.processor)"])
    #expect(here.differences(from: here) == [])
  }

  @Test("a training that its very last step breaks is recorded as diverged, not as an error of 90 %")
  func brokenByTheLastStep() throws {
    let folder = try TemporaryFolder()
    let condition = Condition(
      "fc-8", on: CenteredDigits(digits: try DigitImages.bundled()), paper: nil, .fullyConnected(units: 8))
    let training = TrainingSettings(
      epochs: 1, examplesPerEpoch: 32, batchSize: 32, learningRate: .constant(3e38), validationScenes: 50,
      testScenes: 50)
    let run = try Run(condition, seed: 1, preset: training, data: [:], folder: folder.path)
    let pool = WorkerPool(threads: 1)
    defer { pool.close() }
    let record = try run.execute(pool: pool, isStopping: { false }) { _, _, _ in }
    #expect(record.test == nil)
    #expect(record.failure?.contains("not a finite number") == true)
    #expect(try run.savedRecord() == record)
  }
}
