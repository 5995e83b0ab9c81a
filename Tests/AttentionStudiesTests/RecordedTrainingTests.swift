import AttentionStudies
import Foundation
import Learning
import RecurrentAttention
import Testing
import Worlds

@testable import StudyKit

/// A committed record holds training and test to the numbers that were published. Tests that compare a build with itself
/// cannot see a change that moves both.
@Suite("Trained as recorded") struct RecordedTrainingTests {
  /// Two glimpses at centered digits, preset quick of study-glimpses: the shortest committed training of the recipe.
  private func recorded() throws -> (run: Run, record: RunRecord) {
    let folder = TrainedWeightsTests.results + "/glimpses/quick"
    let network = Recipe.network(glimpses: 2, sensor: Retina(patchSide: 8, scales: 1), first: .learned)
    let condition = try Condition(
      "centered-2", on: CenteredDigits(digits: DigitImages.load(nil)), network)
    let preset = Recipe.training(epochs: 8, examplesPerEpoch: 50_000, validationExamples: 2_000)
    let run = try Run(condition, seed: 1, preset: preset, folder: folder)
    return (run, try RunRecord(reading: "\(folder)/runs/\(run.identifier).json"))
  }

  /// Processors with the same instructions give the same digits; others may differ in the last ones, which a training
  /// enlarges.
  private func isSameMachine(_ record: RunRecord) -> Bool {
    record.origins.last?.instructionSets == RunOrigin.current.instructionSets
      && record.origins.last?.libraries == RunOrigin.current.libraries
  }

  private func isClose(_ number: Double?, _ recorded: Double?, within part: Double) -> Bool {
    guard let number, let recorded else { return number == nil && recorded == nil }
    return abs(number - recorded) <= part * abs(recorded)
  }

  @Test("the first epoch of a published run comes out as recorded: curve, gradient, schedules")
  func firstEpoch() throws {
    let (run, record) = try recorded()
    #expect(run.configuration.key == record.key, "study-glimpses trains something else now")
    let world = run.condition.world
    let learner = run.condition.network.makeLearner(for: world, seed: run.seed)
    let pool = try WorkerPool(threads: 2)
    defer { pool.close() }
    let trainer = Trainer(learner, on: world, settings: run.training, seed: run.seed, pool: pool)
    let epoch = try trainer.trainEpoch(with: Evaluator(learner, on: world, pool: pool))
    let published = try #require(record.curve.first)
    if isSameMachine(record) {
      #expect(epoch == published)
    } else {
      #expect(isClose(epoch.gradientNorm, published.gradientNorm, within: 0.02))
      #expect(isClose(epoch.trainErrorPercent, published.trainErrorPercent, within: 0.02))
      #expect(isClose(epoch.validationErrorPercent, published.validationErrorPercent, within: 0.1))
      #expect(epoch.scheduled == published.scheduled && epoch.learningRate == published.learningRate)
      for (name, value) in published.metrics {
        #expect(isClose(epoch.metrics[name], value, within: 0.02), "\(name)")
      }
    }
  }

  @Test("the test of published weights comes out as recorded: at the mean, sampled and averaged")
  func test() throws {
    let (run, record) = try recorded()
    let learner = try #require(try run.trainedLearner(record))
    let pool = try WorkerPool(threads: 2)
    defer { pool.close() }
    let test = try run.test(Evaluator(learner, on: run.condition.world, pool: pool)) { _ in }
    let published = try #require(record.test)
    if isSameMachine(record) {
      #expect(test == published)
    } else {
      // Single answers may change.
      #expect(isClose(test.errorPercent, published.errorPercent, within: 0.01))
      #expect(isClose(test.sampledErrorPercent, published.sampledErrorPercent, within: 0.01))
      #expect(isClose(test.averagedErrorPercent, published.averagedErrorPercent, within: 0.01))
      #expect(isClose(test.loss, published.loss, within: 1e-3))
    }
  }
}
