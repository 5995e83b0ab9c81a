import Foundation
import Learning

/// How far a run is, and how long it will still take at the rates measured so far.
struct RunProgress: Sendable, Equatable {
  /// The share of all its work that is done, including the test.
  var fraction: Double
  /// Nil before anything was measured.
  var secondsLeft: Double?
  /// Duration of the whole run at these rates.
  var secondsInAll: Double?
  var imagesPerSecond: Double?
  var isTesting = false
}

/// Measures the rates of training and of evaluation in one run, from what this process does.
struct Pace: Sendable {
  /// Examples of one kind of work, and the time that the measured ones took.
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

  /// Examples between two reports of an evaluator.
  static let shard = Double(Evaluator.shardSize)
  /// A training step in forward passes: backward has two products for each of the forward pass. Used until both are
  /// measured.
  static let passes = 3.0

  private let settings: TrainingSettings
  private let clock: @Sendable () -> Double
  private var training: Part
  private var evaluation: Part
  private var mark: Double
  private var reported: Double
  private var isTesting = false

  /// - Parameters:
  ///   - rollouts: how many sampled rollouts the test averages.
  ///   - steps: how many were taken before.
  init(
    _ settings: TrainingSettings, rollouts: Int, steps: Int,
    clock: @escaping @Sendable () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
  ) {
    let test = (Double(settings.testExamples) / Self.shard).rounded(.up) * Self.shard * Double(1 + rollouts)
    let validated = steps / settings.stepsPerEpoch * settings.validationExamples
    self.settings = settings
    self.clock = clock
    training = Part(work: Double(settings.examples), done: Double(steps * settings.batchSize))
    evaluation = Part(
      work: Double(settings.epochs * settings.validationExamples) + test, done: Double(validated))
    mark = clock()
    reported = mark
  }

  /// Forward passes of one example in the whole run, without the sampled rollouts of the test.
  static func passes(_ settings: TrainingSettings) -> Double {
    passes * Double(settings.examples)
      + Double(settings.epochs * settings.validationExamples + settings.testExamples)
  }

  private mutating func lap() -> Double {
    defer { mark = clock() }
    return clock() - mark
  }

  /// Nil when the last report is less than half a second ago.
  mutating func afterStep() -> RunProgress? {
    training.add(Double(settings.batchSize), lap())
    return progressIfDue()
  }

  /// After an epoch's last step and its validation.
  mutating func afterEpoch() -> RunProgress {
    let (step, validation, elapsed) = (Double(settings.batchSize), Double(settings.validationExamples), lap())
    let share = step * Self.passes / (step * Self.passes + validation)
    let seconds = min(elapsed, training.perExample.map { $0 * step } ?? elapsed * share)
    training.add(step, seconds)
    evaluation.add(validation, elapsed - seconds)
    return progress
  }

  /// After this many rollouts of an evaluator's shard in the test.
  mutating func afterShard(rollouts: Int) -> RunProgress? {
    isTesting = true
    evaluation.add(Self.shard * Double(rollouts), lap())
    return progressIfDue()
  }

  private mutating func progressIfDue() -> RunProgress? {
    guard mark - reported >= 0.5 else { return nil }
    reported = mark
    return progress
  }

  var progress: RunProgress {
    let train = training.perExample ?? evaluation.perExample.map { $0 * Self.passes }
    let (perStep, isMeasured) = (train ?? Self.passes, train != nil)
    let perEvaluation = evaluation.perExample ?? perStep / Self.passes
    let all = training.work * perStep + evaluation.work * perEvaluation
    let left = all - training.done * perStep - evaluation.done * perEvaluation
    return RunProgress(
      fraction: 1 - left / all, secondsLeft: isMeasured ? left : nil, secondsInAll: isMeasured ? all : nil,
      imagesPerSecond: isMeasured && !isTesting ? 1 / perStep : nil, isTesting: isTesting)
  }
}
