import Foundation
import NumericCore
import Testing

@testable import RecurrentAttention

/// One decision about one image, small enough to enumerate: the expected return is an integral over the plane.
///
///     J(μ) = Σ over cells of P(cell; μ, σ) r(cell)
///
/// Cells are a grid over [-1, 1]², and its edges, where all samples beyond are clipped to.
private final class OneDecision {
  enum Which: String, CaseIterable { case firstGlimpse, secondGlimpse }

  static let deviation: Float = 0.4
  let worker: AttentionWorker
  let which: Which
  private let head: String
  private var returns: [[Double]] = []  // [y][x], cells of `edges` and the two borders
  private static let cells = 96

  /// - Parameter rows: episodes of one batch.
  init(_ which: Which, mean: (Float, Float), rows: Int = 200, _ change: (inout AttentionSettings) -> Void) {
    self.which = which
    head = which == .firstGlimpse ? "location.first" : "location"
    var settings = tinySettings(glimpses: which == .firstGlimpse ? 1 : 2) {
      $0.retina = Retina(patchSide: 4, scales: 1)
      $0.firstGlimpse = which == .firstGlimpse ? .learned : .center
      change(&$0)
    }
    settings.classCount = 2
    worker = tinyWorker(settings, images: rows / settings.episodes, seed: 12)
    // The same image everywhere: bright where the label can be read.
    for image in 0..<worker.batch.count {
      for row in 0..<8 {
        for column in 0..<8 {
          let isBright = (row - 2) * (row - 2) + (column - 5) * (column - 5) < 7
          worker.batch.image(image)[row * 8 + column] = isBright ? 255 : 0
        }
      }
      worker.batch.labels[image] = 0
    }
    let bias = worker.parameter(head + ".bias")
    (bias[0, 0], bias[0, 1]) = (0, 0)
    let start = self.mean
    (bias[0, 0], bias[0, 1]) = (mean.0 - start.0, mean.1 - start.1)
  }

  /// The numbers that decide the location.
  var names: [String] {
    which == .firstGlimpse ? ["location.first.bias"] : ["location.weight", "location.bias"]
  }

  /// μ of the decision, from the model's own forward pass.
  var mean: (Float, Float) {
    _ = worker.evaluate(Rollout(seed: 1, firstExample: 0, standardDeviation: nil))
    let location = worker.locations.value(at: worker.graph.steps - 1)
    return (location[0, 0], location[0, 1])
  }

  /// Whether the model is right when the decided glimpse is at (x, y).
  private func tabulate() {
    let (weight, bias) = (worker.parameter(head + ".weight"), worker.parameter(head + ".bias"))
    let saved = (0..<(weight.rows * 2)).map { weight.pointer[$0] } + [bias[0, 0], bias[0, 1]]
    weight.pointer.update(repeating: 0, count: weight.rows * 2)
    let n = Self.cells
    let single = AttentionWorker(worker.model, images: 1, side: 8)
    single.batch.image(0).update(from: worker.batch.image(0), count: 64)
    single.batch.count = 1
    let points = [-1] + (0..<n).map { -1 + (Float($0) + 0.5) * 2 / Float(n) } + [1]
    returns = points.map { y in
      points.map { x in
        (bias[0, 0], bias[0, 1]) = (x, y)
        _ = single.evaluate(Rollout(seed: 1, firstExample: 0, standardDeviation: nil))
        return single.probabilities[0, 0] >= single.probabilities[0, 1] ? 1 : 0
      }
    }
    for i in 0..<(weight.rows * 2) { weight.pointer[i] = saved[i] }
    (bias[0, 0], bias[0, 1]) = (saved[saved.count - 2], saved[saved.count - 1])
  }

  func expectedReturn() -> Double {
    if returns.isEmpty { tabulate() }
    let mean = mean
    func masses(_ center: Float) -> [Double] {
      let edges = (0...Self.cells).map { -1 + Double($0) * 2 / Double(Self.cells) }
      let below = [0] + edges.map { normalDistribution(($0 - Double(center)) / Double(Self.deviation)) } + [1]
      return zip(below.dropFirst(), below).map { $0 - $1 }
    }
    let (px, py) = (masses(mean.0), masses(mean.1))
    return zip(py, returns).reduce(0) { $0 + $1.0 * zip(px, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// dJ/dθ for every number of the head.
  func enumeratedGradient() -> [Double] {
    _ = expectedReturn()
    let byName = centralDifferences(of: worker.model.parameters, only: names.contains, h: 0x1p-7) {
      expectedReturn()
    }
    return names.flatMap { byName[$0] ?? [] }
  }

  struct Estimate {
    var mean: [Double]
    var standardError: [Double]
  }

  /// The mean of the worker's gradient over batches of episodes that are all different.
  func estimate(batches: Int = 250) -> Estimate {
    let samples = (0..<batches).map { batch in
      let gradients = worker.gradients(
        standardDeviation: Self.deviation, firstExample: batch * worker.batch.count, seed: 77
      ).byName
      return names.flatMap { gradients[$0] ?? [] }.map(Double.init)
    }
    let n = Double(batches)
    let mean = samples[0].indices.map { j in samples.reduce(0) { $0 + $1[j] } / n }
    let variance = mean.indices.map { j in samples.reduce(0) { $0 + pow($1[j] - mean[j], 2) } / (n - 1) }
    return Estimate(mean: mean, standardError: variance.map { ($0 / n).squareRoot() })
  }
}

/// Φ(x).
private func normalDistribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

/// φ(x).
private func normalDensity(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

@Suite("REINFORCE")
struct ReinforceTests {
  /// Error of the enumeration: on the border of the region where the model is right, about 150 cells of 4 × 10^-4 times a
  /// density below 1, are half wrong at random: √150 × 2 × 10^-4 in J, over σ in its gradient.
  private let quadratureError = 6e-3

  private func expectUnbiased(
    _ estimate: OneDecision.Estimate, _ gradient: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(estimate.mean.count == gradient.count, sourceLocation: sourceLocation)
    for (j, slope) in gradient.enumerated() {
      #expect(
        abs(estimate.mean[j] + slope) < 4 * estimate.standardError[j] + quadratureError,
        "number \(j): \(estimate.mean[j]) ± \(estimate.standardError[j]), enumerated \(-slope)",
        sourceLocation: sourceLocation)
    }
  }

  @Test(
    "the location gradient is unbiased: its mean over episodes is minus the enumerated gradient of the expected return",
    arguments: OneDecision.Which.allCases)
  fileprivate func unbiased(which: OneDecision.Which) {
    let decision = OneDecision(which, mean: (0.1, 0.05)) { $0.baseline = .none }
    let gradient = decision.enumeratedGradient()
    let estimate = decision.estimate()
    expectUnbiased(estimate, gradient)
    // There is something to be wrong about.
    let margin = zip(gradient, estimate.standardError).map { abs($0) / (4 * $1 + quadratureError) }.max() ?? 0
    #expect(margin > 4, "\(gradient)")
  }

  @Test(
    "a baseline changes the variance and not the mean",
    arguments: [AttentionSettings.ReturnBaseline.movingAverage, .learned, .leaveOneOut])
  func baselines(baseline: AttentionSettings.ReturnBaseline) {
    let bare = OneDecision(.secondGlimpse, mean: (0.1, 0.05)) { $0.baseline = .none }
    let gradient = bare.enumeratedGradient()
    let decision = OneDecision(.secondGlimpse, mean: (0.1, 0.05)) {
      $0.baseline = baseline
      $0.episodes = baseline == .leaveOneOut ? 4 : 1
    }
    let expected = Float(bare.expectedReturn())
    switch baseline {
    case .movingAverage: decision.worker.model.state = [expected]
    case .learned:
      decision.worker.parameter("baseline.weight").pointer.update(repeating: 0, count: 4)
      decision.worker.parameter("baseline.bias")[0, 0] = expected
    default: break
    }
    #expect(abs(decision.expectedReturn() - Double(expected)) < 1e-3)
    let estimate = decision.estimate()
    expectUnbiased(estimate, gradient)
    let ratios = zip(estimate.standardError, bare.estimate().standardError).filter { $1 > 0 }.map { $0 / $1 }
    // Standard errors go with √E[(r - b)²]: √p without, √(p (1 - p)) with the expected return, and √(4/3 p (1 - p))
    // with the mean of three others.
    #expect(ratios.count > 5 && ratios.allSatisfy { $0 < 0.9 }, "\(ratios) at p = \(expected)")
  }

  @Test("a stopped mean learns exactly nothing, where the raw sample's score does")
  func stoppedMean() {
    func gradients(_ score: AttentionSettings.Score) -> [String: [Float]] {
      tinyWorker(tinySettings { ($0.score, $0.firstGlimpse) = (score, .learned) }, images: 20, seed: 13)
        .gradients().byName
    }
    let (stopped, raw) = (gradients(.stoppedMean), gradients(.rawSample))
    for name in ["location.weight", "location.bias", "location.first.bias"] {
      #expect(stopped[name]?.allSatisfy { $0 == 0 } == true)
      #expect(raw[name]?.contains { $0 != 0 } == true)
    }
    for name in ["core.weight", "action.weight"] { #expect(stopped[name] == raw[name]) }
  }

  @Test(
    "the score of the clamped sample is biased near the border, by the closed form; that of the raw one is not"
  )
  func clampedSample() {
    func estimate(_ score: AttentionSettings.Score) -> OneDecision.Estimate {
      let decision = OneDecision(.firstGlimpse, mean: (0.9, 0)) { ($0.baseline, $0.score) = (.none, score) }
      // Always right, so that no location is better than another: the true gradient is zero.
      let (weight, bias) = (
        decision.worker.parameter("action.weight"), decision.worker.parameter("action.bias")
      )
      weight.pointer.update(repeating: 0, count: weight.rows * weight.columns)
      (bias[0, 0], bias[0, 1]) = (1, 0)
      return decision.estimate()
    }
    let (raw, clamped) = (estimate(.rawSample), estimate(.clampedSample))
    for axis in 0..<2 { #expect(abs(raw.mean[axis]) < 4 * raw.standardError[axis]) }
    // E[clip(s)] - μ = -(1 + μ) Φ(a) + (1 - μ) (1 - Φ(b)) + σ (φ(a) - φ(b)), a = (-1 - μ) / σ, b = (1 - μ) / σ
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
  func scale() {
    func bias(weight: Float, batchSize: Int) -> [Float] {
      let worker = tinyWorker(
        tinySettings { ($0.reinforceWeight, $0.squashing) = (weight, .tanh) }, images: 8, seed: 14)
      let buffer = GradientBuffer(for: worker.model.parameters)
      _ = worker.train(
        TrainingStep(seed: 1, firstExample: 0, batchSize: batchSize, standardDeviation: 0.3), into: buffer)
      let tensor = worker.model.parameters.tensors.first { $0.name == "location.bias" }!
      return [buffer[tensor][0, 0], buffer[tensor][0, 1]]
    }
    let one = bias(weight: 1, batchSize: 8)
    #expect(one.allSatisfy { $0 != 0 })
    #expect(bias(weight: 0.5, batchSize: 8) == one.map { $0 / 2 })  // powers of two are exact
    #expect(bias(weight: 1, batchSize: 32) == one.map { $0 / 4 })
  }
}
