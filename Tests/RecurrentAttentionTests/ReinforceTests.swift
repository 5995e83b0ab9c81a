import Autodiff
import Foundation
import Learning
import Numerics
import Synchronization
import Testing

@testable import RecurrentAttention

/// 1 if a class that is drawn from the softmax is the right one, else 0.
private final class DrawnCorrectness: Reward {
  private let stream = Mutex(RandomStream(seed: 9, .evaluation, epoch: 0, example: 0))
  let configuration = Configuration("drawn_correctness")

  func value(of answer: Answer) -> Float {
    stream.withLock { $0.uniform(from: 0, to: 1) } < answer.probability ? 1 : 0
  }
}

@Suite("REINFORCE")
struct ReinforceTests {
  /// Error of the enumeration: on the border of the region where the model is right, about 150 cells of 4 ×
  /// 10^-4 times a density below 1, are half wrong at random: √150 × 2 × 10^-4 in J, over σ in its gradient.
  private let quadratureError = 6e-3

  private func expectUnbiased(
    _ estimate: Estimate, _ gradient: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      estimate.isUnbiased(gradient, tolerance: quadratureError), "\(estimate), enumerated \(gradient)",
      sourceLocation: sourceLocation)
  }

  @Test(
    "the location gradient is unbiased: its mean over episodes is minus the enumerated gradient of the expected return",
    arguments: OneDecision.Which.allCases, [Correctness(), RightProbability()] as [any Reward])
  func unbiased(which: OneDecision.Which, reward: any Reward) throws {
    let decision = try OneDecision(which, mean: (0.1, 0.05)) {
      ($0.objective.baseline, $0.objective.reward) = (NoBaseline(), reward)
    }
    let gradient = try decision.enumeratedGradient()
    let estimate = try decision.estimate()
    expectUnbiased(estimate, gradient)
    // There is something to be wrong about.
    let margin = zip(gradient, estimate.standardError).map { abs($0) / (4 * $1 + quadratureError) }.max() ?? 0
    #expect(margin > (reward is Correctness ? 4 : 2), "\(gradient)")
  }

  @Test(
    "a baseline changes the variance and not the mean",
    arguments: [MovingAverage(), StateBaseline(), ClassBaseline(), LeaveOneOut()] as [any Baseline])
  func baselines(baseline: any Baseline) throws {
    let bare = try OneDecision(.secondGlimpse, mean: (0.1, 0.05)) { $0.objective.baseline = NoBaseline() }
    let gradient = try bare.enumeratedGradient()
    let decision = try OneDecision(.secondGlimpse, mean: (0.1, 0.05)) {
      $0.objective.baseline = baseline
      $0.objective.episodes = baseline is LeaveOneOut ? 4 : 1
    }
    let expected = Float(try bare.expectedReturn())
    if baseline is MovingAverage { decision.replica.model.state = [expected] }
    if baseline is StateBaseline || baseline is ClassBaseline {
      let (weight, bias) = (
        decision.replica.parameter("baseline.weight"), decision.replica.parameter("baseline.bias")
      )
      weight.pointer.update(repeating: 0, count: weight.rows * weight.columns)
      // All labels are the first: what is expected of the second would not do.
      for column in 0..<bias.columns { bias[0, column] = column == 0 ? expected : -5 }
    }
    #expect(abs(try decision.expectedReturn() - Double(expected)) < 1e-3)
    let estimate = try decision.estimate()
    expectUnbiased(estimate, gradient)
    let ratios = zip(estimate.standardError, try bare.estimate().standardError).filter { $1 > 0 }.map {
      $0 / $1
    }
    // Standard errors go with √E[(r - b)²]: √p without, √(p (1 - p)) with the expected return, and √(4/3 p (1
    // - p)) with the mean of three others.
    #expect(ratios.count > 5 && ratios.allSatisfy { $0 < 0.9 }, "\(ratios) at p = \(expected)")
  }

  @Test("p(y) has the mean gradient of 0 or 1 for a class that is drawn from the softmax, with less variance")
  func drawnClass() throws {
    func decision(_ reward: any Reward) throws -> OneDecision {
      try OneDecision(.secondGlimpse, mean: (0.1, 0.05)) {
        ($0.objective.baseline, $0.objective.reward) = (NoBaseline(), reward)
      }
    }
    let mean = try decision(RightProbability())
    let gradient = try mean.enumeratedGradient()
    let (drawn, exact) = (try decision(DrawnCorrectness()).estimate(), try mean.estimate())
    expectUnbiased(drawn, gradient)
    expectUnbiased(exact, gradient)
    let ratios = zip(exact.standardError, drawn.standardError).filter { $1 > 0 }.map { $0 / $1 }
    #expect(ratios.count > 5 && ratios.allSatisfy { $0 < 0.95 }, "\(ratios)")
    // Correctness, of the most probable class, has another mean.
    let other = try decision(Correctness()).estimate()
    #expect(!other.isUnbiased(gradient, tolerance: quadratureError))
  }

  @Test("b(h, y) is fitted by the number of the right class alone", arguments: [0, 1, 2])
  func classOfBaseline(label: Int) throws {
    let tiny = Tiny { $0.objective.baseline = ClassBaseline() }
    var world = tiny.pictures()
    world.labels = Array(repeating: [UInt8(label)], count: 4)
    let gradient = try AttentionReplica(tiny.model(on: world), on: world, examples: 4).gradients().byName
    let bias = gradient["baseline.bias"] ?? []
    #expect(bias.count == 3 && bias.indices.allSatisfy { (bias[$0] != 0) == ($0 == label) }, "\(bias)")
  }

  @Test(
    "half the difference to the place on the other side of the mean is an unbiased credit of the last glimpse",
    arguments: [Correctness(), RightProbability()] as [any Reward])
  func lookAhead(reward: any Reward) throws {
    let decision = try OneDecision(.secondGlimpse, mean: (0.1, 0.05)) {
      ($0.objective.reward, $0.objective.advantage) = (reward, LookAhead(lambda: 0.3))
    }
    expectUnbiased(try decision.estimate(), try decision.enumeratedGradient())
  }

  @Test("the return of a run at the policy's mean is a baseline that changes no mean")
  func selfCritical() throws {
    let decision = try OneDecision(.secondGlimpse, mean: (0.1, 0.05)) {
      $0.objective.baseline = SelfCritical()
    }
    expectUnbiased(try decision.estimate(), try decision.enumeratedGradient())
  }

  @Test("a run that looks where the policy's mean does earns what the self-critical baseline expects")
  func selfCriticalAtMean() throws {
    func advantages(_ baseline: any Baseline) throws -> [Float] {
      let replica = Tiny {
        ($0.objective.baseline, $0.objective.reward) = (baseline, RightProbability())
        $0.gaze.deviation = .constant(1e-7)
      }.replica(pictures: 8, seed: 13)
      _ = try replica.gradients()
      let score = try #require(replica.agent.gaze.score)
      return (0..<8).map { score.advantages.value(at: 0)[$0, 0] }
    }
    #expect(try advantages(SelfCritical()).allSatisfy { abs($0) < 1e-4 })
    let plain = try advantages(NoBaseline())
    #expect(plain.allSatisfy { $0 > 1e-3 } && Set(plain).count == 8)
  }

  @Test("the deviation is that of the moment, in units of the reach", arguments: [0, 0.5, 1] as [Float])
  func scheduledDeviation(fraction: Float) throws {
    let rows = 2_000
    let replica = Tiny(glimpses: 2) {
      ($0.gaze.deviation, $0.gaze.reach) = (.linear(from: 0.2, to: 0.1), 0.5)
    }.replica(pictures: rows, seed: 13)
    for name in ["location.weight", "location.bias"] {
      let matrix = replica.parameter(name)
      for row in 0..<matrix.rows { for column in 0..<2 { matrix[row, column] = 0 } }
    }
    try replica.assignCredit(
      TrainingStep(
        seed: 1, firstExample: 0, batchSize: rows, progress: Progress(fraction: fraction, epoch: 0)))
    let score = try #require(replica.agent.gaze.score as? GaussianScore)
    let deviation = 0.2 - 0.1 * fraction
    #expect(abs(score.standardDeviation - deviation / 0.5) < 1e-6)
    // 4,000 places around the centre, which are clipped at ten deviations.
    let square = replica.looked[1].reduce(0) { $0 + $1 * $1 } / Float(2 * rows)
    #expect(abs(square / (deviation * deviation) - 1) < 4 * (2 / Float(2 * rows)).squareRoot())
  }

  @Test("the clamped sample is scored in units of the reach")
  func clampedReach() throws {
    let replica = Tiny(glimpses: 2) {
      ($0.gaze.score, $0.gaze.reach, $0.gaze.deviation) = (.clampedSample, 0.5, .constant(2))
    }.replica(pictures: 50, seed: 13)
    _ = try replica.gradients()
    let samples = try #require(replica.agent.gaze.score as? GaussianScore).samples.value(at: 0)
    let places = replica.looked[1]
    for i in 0..<100 { #expect(samples[i / 2, i % 2] == places[i] / 0.5) }
    #expect(places.contains(1) && places.contains { abs($0) < 1 })
  }

  @Test("a stopped mean learns exactly nothing, where the raw sample's score does")
  func stoppedMean() throws {
    func gradients(_ score: GaussianGaze.Score) throws -> [String: [Float]] {
      try Tiny { ($0.gaze.score, $0.gaze.first) = (score, .learned) }.replica(pictures: 20, seed: 13)
        .gradients().byName
    }
    let (stopped, raw) = (try gradients(.stoppedMean), try gradients(.rawSample))
    for name in ["location.weight", "location.bias", "location.first.bias"] {
      #expect(stopped[name]?.allSatisfy { $0 == 0 } == true)
      #expect(raw[name]?.contains { $0 != 0 } == true)
    }
    for name in ["core.weight", "action.weight"] { #expect(stopped[name] == raw[name]) }
  }

  @Test(
    "the score of the clamped sample is biased near the border, by the closed form; that of the raw one is not"
  )
  func clampedSample() throws {
    func estimate(_ score: GaussianGaze.Score) throws -> Estimate {
      let decision = try OneDecision(.firstGlimpse, mean: (0.9, 0)) {
        ($0.objective.baseline, $0.gaze.score) = (NoBaseline(), score)
      }
      // Always right, so that no location is better than another: the true gradient is zero.
      let (weight, bias) = (
        decision.replica.parameter("action.weight"), decision.replica.parameter("action.bias")
      )
      weight.pointer.update(repeating: 0, count: weight.rows * weight.columns)
      (bias[0, 0], bias[0, 1]) = (1, 0)
      return try decision.estimate()
    }
    let (raw, clamped) = (try estimate(.rawSample), try estimate(.clampedSample))
    for axis in 0..<2 { #expect(abs(raw.mean[axis]) < 4 * raw.standardError[axis]) }
    // E[clip(s)] - μ = -(1 + μ) Φ(a) + (1 - μ) (1 - Φ(b)) + σ (φ(a) - φ(b)), a = (-1 - μ) / σ, b = (1 - μ) /
    // σ
    let (mean, deviation) = (0.9, Double(OneDecision.deviation))
    let (a, b) = ((-1 - mean) / deviation, (1 - mean) / deviation)
    var shift = deviation * (normalDensity(a) - normalDensity(b))
    shift += (1 - mean) * (1 - normalDistribution(b)) - (1 + mean) * normalDistribution(a)
    let bias = -shift / (deviation * deviation)
    #expect(abs(clamped.mean[0] - bias) < 4 * clamped.standardError[0])
    #expect(clamped.mean[0] > 20 * clamped.standardError[0])
    #expect(abs(clamped.mean[1]) < 4 * clamped.standardError[1])
  }

  @Test("the gradient is scaled by the weight and by one over the batch, not the shard")
  func scale() throws {
    func bias(weight: Float, batchSize: Int) throws -> [Float] {
      let replica = Tiny { ($0.objective.reinforceWeight, $0.gaze.squashing) = (.constant(weight), .tanh) }
        .replica(pictures: 8, seed: 14)
      return try replica.gradients(batchSize: batchSize).byName["location.bias"] ?? []
    }
    let one = try bias(weight: 1, batchSize: 8)
    #expect(one.count == 2 && one.allSatisfy { $0 != 0 })
    #expect(try bias(weight: 0.5, batchSize: 8) == one.map { $0 / 2 })  // powers of two are exact
    #expect(try bias(weight: 1, batchSize: 32) == one.map { $0 / 4 })
  }

  @Test("the weight of REINFORCE is that of the moment of training")
  func scheduledWeight() throws {
    func bias(_ weight: Schedule) throws -> [Float] {
      let replica = Tiny { $0.objective.reinforceWeight = weight }.replica(pictures: 8, seed: 14)
      let buffer = GradientBuffer(for: replica.model.parameters)
      let half = Progress(fraction: 0.5, epoch: 0)
      _ = try replica.train(
        TrainingStep(seed: 1, firstExample: 0, batchSize: 8, progress: half), into: buffer)
      let tensor = try #require(replica.model.parameters.tensors.first { $0.name == "location.bias" })
      return [buffer[tensor][0, 0], buffer[tensor][0, 1]]
    }
    let constant = try bias(.constant(0.25))
    #expect(constant.contains { $0 != 0 })
    #expect(try bias(.linear(from: 0.5, to: 0)) == constant)
  }

  private struct NoNumber: Reward {
    let configuration = Configuration("no_number")
    func value(of answer: Answer) -> Float { .nan }
  }

  @Test("a reward that is no number ends the training at its first step, and is named")
  func noNumber() throws {
    let tiny = Tiny { $0.objective.reward = NoNumber() }
    let (world, pool) = (tiny.pictures(), try WorkerPool(threads: 1))
    let trainer = Trainer(
      tiny.model(on: world), on: world,
      settings: TrainingSettings(epochs: 1, examplesPerEpoch: 8, batchSize: 4, learningRate: .constant(0.5)),
      seed: 1, pool: pool)
    let error = #expect(throws: TrainingError.self) { try trainer.trainStep() }
    #expect(error == .diverged(["baseline_error", "mean_return"], step: 0, epoch: 0, learningRate: 0.5))
    #expect(error?.description.contains("correct the world, the reward, the gaze or the operation") == true)
  }

  @Test("the first place is credited with the return less the mean of recent ones", arguments: [false, true])
  func firstPlace(stops: Bool) throws {
    let replica = Tiny {
      ($0.gaze.first, $0.stop) = (.learned, stops ? StopAction() : nil)
      $0.objective.advantage = LambdaReturns(1)
    }.replica(pictures: 6, seed: 3)
    let score = try #require(replica.agent.gaze.firstScore)
    func credits(_ average: Float) throws -> [Float] {
      replica.model.state = [average]
      _ = try replica.gradients()
      return (0..<6).map { score.advantages.value(at: 0)[$0, 0] }
    }
    let (zero, half) = (try credits(0), try credits(0.5))
    for (a, b) in zip(zero, half) { #expect(abs(a - 0.5 - b) < 1e-6) }
  }
}
