import Foundation
import Testing

extension StudyProcessTests {
  @Suite("Curves while training") struct Live {
    @Test("in a terminal they are above the progress, stay when the training is over, and change no number")
    func characters() throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(
        StudyProcess.small + ["--live"], results: folder.path, drawing: true, inTerminal: true)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("Cluttered digits: validation error (%) by thousand examples"))
      #expect(outcome.output.contains("ram-6 seed 1 **A**"))
      #expect(!outcome.output.contains("--live shows nothing"))
      try expectUndisturbedTables(folder)
    }

    @Test("without a terminal or a display one sentence says that there are none, and nothing else changes")
    func noTerminal() throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(StudyProcess.small + ["--live"], results: folder.path, drawing: true)
      #expect(outcome.status == 0)
      #expect(outcome.errors.components(separatedBy: "--live shows nothing: there is no display").count == 2)
      try expectUndisturbedTables(folder)
    }

    @Test("without gnuplot one sentence says so, and nothing else changes")
    func noGnuplot() throws {
      let folder = try TemporaryFolder()
      let outcome = try StudyProcess.run(StudyProcess.small + ["--live"], results: folder.path)
      #expect(outcome.status == 0)
      #expect(
        outcome.errors.components(separatedBy: "--live shows nothing: gnuplot is not installed").count == 2)
      try expectUndisturbedTables(folder)
    }
  }
}
