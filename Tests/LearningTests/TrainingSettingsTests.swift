import Learning
import Testing

@Suite("Training settings")
struct TrainingSettingsTests {
  @Test("a batch is cut into equal shards of at most so many, and two at least")
  func shards() {
    func shards(_ batchSize: Int, ofAtMost largest: Int = 32) -> Int {
      TrainingSettings(epochs: 1, examplesPerEpoch: 1, batchSize: batchSize).shards(ofAtMost: largest)
    }
    #expect(shards(20) == 2 && shards(128) == 4 && shards(1) == 1 && shards(2) == 2)
    #expect(shards(64) == 2 && shards(65) == 5 && shards(100) == 4 && shards(67) == 67)
    #expect(shards(128, ofAtMost: 128) == 2 && shards(512, ofAtMost: 128) == 4)
    for batchSize in 1...300 {
      #expect(batchSize % shards(batchSize) == 0 && batchSize / shards(batchSize) <= 32)
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var setting: String
    var value: String
    var change: @Sendable (inout TrainingSettings) -> Void
    var testDescription: String { "\(setting) \(value)" }

    init(_ setting: String, _ value: String, _ change: @escaping @Sendable (inout TrainingSettings) -> Void) {
      (self.setting, self.value, self.change) = (setting, value, change)
    }
  }

  static let cases = [
    Case("the update rule's moments", "[\"velocity\", \"velocity\"]") { $0.updateRule = TwiceVelocity() },
    Case("the training's batch size", "0") { $0.batchSize = 0 },
    Case("the training's batch size", "-20") { $0.batchSize = -20 },
    Case("the training's number of epochs", "0") { $0.epochs = 0 },
    Case("the training's number of examples per epoch", "0") { $0.examplesPerEpoch = 0 },
    Case("the training's number of validation examples", "0") { $0.validationExamples = 0 },
    Case("the training's number of test examples", "-1") { $0.testExamples = -1 },
    Case("the learning rate", "-0.1") { $0.learningRate = .constant(-0.1) },
    Case("the learning rate", "inf") { $0.learningRate = .cosine(from: .infinity, to: 0) },
    Case("the learning rate", "nan") {
      $0.learningRate = .exponential(from: 1, decayPerEpoch: .nan, floor: 0)
    },
    Case("the training's clipping norm", "0.0") { $0.clippingNorm = 0 },
    Case("the training's clipping norm", "nan") { $0.clippingNorm = .nan },
    Case("the training's weight decay", "-0.1") { $0.weightDecay = -0.1 },
    Case("the momentum", "1.0") { $0.updateRule = Momentum(1) },
    Case("the momentum", "-0.5") { $0.updateRule = Momentum(-0.5) },
    Case("Adam's beta1", "1.0") { $0.updateRule = Adam(beta1: 1) },
    Case("Adam's beta2", "nan") { $0.updateRule = Adam(beta2: .nan) },
    Case("Adam's epsilon", "0.0") { $0.updateRule = Adam(epsilon: 0) },
  ]

  @Test("an impossible one is refused in one sentence: setting, value, cure", arguments: cases)
  func refused(settings: Case) throws {
    var training = TrainingSettings(epochs: 1, examplesPerEpoch: 100)
    try training.check()
    settings.change(&training)
    let error = #expect(throws: DefinitionError.self) { try training.check() }
    #expect(error?.setting == settings.setting && error?.value == settings.value)
    #expect(error?.cure.isEmpty == false && error?.description.contains("\n") == false)
  }

  @Test("a step's moment: the part of all steps before it, and whole epochs")
  func progress() {
    let training = TrainingSettings(epochs: 4, examplesPerEpoch: 100, batchSize: 10)
    #expect(training.steps == 40 && training.examples == 400)
    #expect(training.progress(atStep: 0) == Progress(fraction: 0, epoch: 0))
    #expect(training.progress(atStep: 10) == Progress(fraction: 0.25, epoch: 1))
    #expect(training.progress(atStep: 39) == Progress(fraction: 0.975, epoch: 3))
  }
}

@Suite("Schedule")
struct ScheduleTests {
  @Test("worked by hand")
  func byHand() {
    func expect(_ schedule: Schedule, _ fraction: Float, _ epoch: Int, _ expected: Float) {
      let value = schedule.value(at: Progress(fraction: fraction, epoch: epoch))
      #expect(abs(value - expected) < 1e-6, "\(schedule) at \(fraction)")
    }
    expect(.constant(0.3), 0.7, 4, 0.3)
    expect(.linear(from: 0.1), 0, 0, 0.1)
    expect(.linear(from: 0.1), 0.25, 0, 0.075)
    expect(.linear(from: 0.1), 1, 9, 0)
    expect(.linear(from: 0.2, to: 0.1), 0.5, 9, 0.15)
    expect(.cosine(from: 1, to: 0.2), 0, 0, 1)
    expect(.cosine(from: 1, to: 0.2), 0.5, 0, 0.6)
    expect(.cosine(from: 1, to: 0.2), 1 / 3, 0, 0.8)  // cos(π/3) = ½
    expect(.cosine(from: 1, to: 0.2), 1, 0, 0.2)
    expect(.cosine(from: 1, to: 0.2), 1.5, 0, 0.2)  // stays at its end
    expect(.exponential(from: 1, decayPerEpoch: 0.5, floor: 0.2), 0, 0, 1)
    expect(.exponential(from: 1, decayPerEpoch: 0.5, floor: 0.2), 0.9, 2, 0.25)
    expect(.exponential(from: 1, decayPerEpoch: 0.5, floor: 0.2), 0.9, 3, 0.2)
    expect(.exponential(from: 1, decayPerEpoch: 0.5, floor: 0.2), 0.9, 1_000_000, 0.2)
  }
}

/// A rule that keeps two moments under one name.
private struct TwiceVelocity: UpdateRule {
  let configuration = Configuration("twice")
  let summary = "two velocities"
  let moments = ["velocity", "velocity"]
  func update(_ slice: UpdateSlice) {}
}
