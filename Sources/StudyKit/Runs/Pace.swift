import Foundation
import Learning

/// How much there is to compute in a run.
struct Workload: Sendable {
  let settings: TrainingSettings
  /// Examples to evaluate in the test, each rollout counted.
  let test: Double

  static let shard = 40.0  // examples between two reports of an evaluator

  init(_ settings: TrainingSettings, rollouts: Int) {
    self.settings = settings
    test = (Double(settings.testExamples) / Self.shard).rounded(.up) * Self.shard * Double(1 + rollouts)
  }

  /// Examples to train on; those of all validations and the test.
  var training: Double { Double(settings.examples) }
  var evaluation: Double { Double(settings.epochs * settings.validationExamples) + test }
  /// In forward passes of one example.
  var passes: Double { training * Self.passesPerStep + evaluation }
  static let passesPerStep = 3.0  // forward, and backward two products for each of the forward pass
}

/// How far a run is, and how long it still takes by the rates that were measured of itself.
struct RunProgress: Sendable, Equatable {
  /// Of all its work, test included.
  var fraction: Double
  /// Nil before anything was measured.
  var secondsLeft: Double?
  /// What the whole run takes at these rates.
  var secondsInAll: Double?
  var imagesPerSecond: Double?
  var isTesting = false
}

/// Measures the rates of a run, of training and of evaluation, from what this process does of it.
struct Pace: Sendable {
  private struct Part: Sendable {
    let work: Double
    var done: Double
    var measured = 0.0
    var seconds = 0.0
    var perExample: Double? { measured > 0 && seconds > 0 ? seconds / measured : nil }

    mutating func add(_ examples: Double, _ elapsed: Double) {
      done = min(work, done + examples)
      measured += examples
      seconds += elapsed
    }
  }

  private let settings: TrainingSettings
  private let clock: @Sendable () -> Double
  private var training: Part
  private var evaluation: Part
  private var mark: Double
  private var reported: Double
  private var isTesting = false

  /// Of a run that has taken so many steps before.
  init(
    _ workload: Workload, steps: Int,
    clock: @escaping @Sendable () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
  ) {
    settings = workload.settings
    self.clock = clock
    training = Part(work: workload.training, done: Double(steps * settings.batchSize))
    evaluation = Part(
      work: workload.evaluation, done: Double(steps / settings.stepsPerEpoch * settings.validationExamples))
    mark = clock()
    reported = mark
  }

  private mutating func lap() -> Double {
    defer { mark = clock() }
    return clock() - mark
  }

  /// Nil when the last report is less than half a second ago.
  mutating func afterStep() -> RunProgress? {
    training.add(Double(settings.batchSize), lap())
    return progressIfDue
  }

  /// After an epoch's last step and its validation.
  mutating func afterEpoch() -> RunProgress {
    let (step, elapsed) = (Double(settings.batchSize), lap())
    let validation = Double(settings.validationExamples)
    let share = step * Workload.passesPerStep / (step * Workload.passesPerStep + validation)
    let stepSeconds = min(elapsed, training.perExample.map { $0 * step } ?? elapsed * share)
    training.add(step, stepSeconds)
    evaluation.add(validation, elapsed - stepSeconds)
    return progress
  }

  /// After so many rollouts of an evaluator's shard in the test.
  mutating func afterShard(rollouts: Int) -> RunProgress? {
    isTesting = true
    evaluation.add(Workload.shard * Double(rollouts), lap())
    return progressIfDue
  }

  private var progressIfDue: RunProgress? {
    mutating get {
      guard mark - reported >= 0.5 else { return nil }
      reported = mark
      return progress
    }
  }

  var progress: RunProgress {
    let units = Workload.passesPerStep
    let passes = (training.done * units + evaluation.done) / (training.work * units + evaluation.work)
    var progress = RunProgress(fraction: passes, isTesting: isTesting)
    guard let training = training.perExample ?? evaluation.perExample.map({ $0 * units }) else { return progress }
    let evaluation = evaluation.perExample ?? training / units
    func seconds(_ examples: Double, _ evaluations: Double) -> Double {
      examples * training + evaluations * evaluation
    }
    let left = seconds(self.training.work - self.training.done, self.evaluation.work - self.evaluation.done)
    let all = seconds(self.training.work, self.evaluation.work)
    progress.fraction = 1 - left / all
    (progress.secondsLeft, progress.secondsInAll) = (left, all)
    progress.imagesPerSecond = isTesting ? nil : 1 / training
    return progress
  }
}
