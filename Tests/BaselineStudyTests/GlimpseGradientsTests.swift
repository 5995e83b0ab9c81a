import Autodiff
import Learning
import Numerics
import RecurrentAttention
import Testing

@testable import study_baseline

/// Black scenes, all of class 0.
private struct BlackScenes: StillWorld {
  let side = 4
  let classCount = 10
  let summary = "black scenes"
  let configuration = Configuration("black")
  func count(of split: Split) -> Int { 4 }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    for pixel in 0..<(side * side) { pixels[pixel] = 0 }
    return 0
  }
}

private let deviation: Float = 0.2

private func smallModel() -> RecurrentAttentionModel {
  let gaze = GaussianGaze(deviation: .constant(deviation))
  var network = RecurrentAttention(glimpses: 3, sensor: Retina(patchSide: 2, scales: 1), gaze: gaze)
  network.glimpseNetwork = .init(patch: 4, location: 4, output: 4)
  network.core = RectifierCore(units: 4)
  return RecurrentAttentionModel(network, for: BlackScenes(), seed: 1)
}

/// A model that is always right: all weights are 0, and the action network's biases name digit 0, as every label does.
private func alwaysRight() -> RecurrentAttentionModel {
  let model = smallModel()
  for tensor in model.parameters.tensors {
    let values = model.parameters[tensor]
    values.pointer.update(repeating: 0, count: tensor.count)
    if tensor.name == "action.bias" { values[0, 0] = 5 }
  }
  model.parameters.refreshCopies()
  model.state = [0.75]
  return model
}

private func gradients(
  _ model: RecurrentAttentionModel, _ baseline: any Baseline, episodes: Int = 1, batch: Int = 4
) -> GlimpseGradients {
  let objective = ClassificationObjective {
    ($0.baseline, $0.episodes, $0.reinforceWeight) = (baseline, episodes, .constant(1))
  }
  return GlimpseGradients(
    of: model, by: objective, episodes: batch, on: BlackScenes(), at: Progress(fraction: 1, epoch: 0))
}

/// With h = 0, R = 1 and a constant b, a decision's gradient over B episodes is, in the location's bias alone,
/// -(1 - b) / B Σ (s - μ) / σ², of mean 0 and, over two axes, tr Cov = 2 (1 - b)² / (B σ²).
@Test(
  "where every return is 1, a decision's gradient has the variance 2 (1 - b)² / (B σ²)", arguments: [0, 1])
func varianceInClosedForm(baseline: Int) throws {
  let (baselines, expected): ([any Baseline], [Double]) = ([NoBaseline(), MovingAverage()], [0, 0.75])
  let measured = gradients(alwaysRight(), baselines[baseline])
  let draws = try (0..<2_000).map { try measured.draw($0, seed: 3) }
  let advantage = 1 - expected[baseline]
  let exact = 2 * advantage * advantage / (4 * Double(deviation * deviation))
  for t in 0..<2 {
    let own = draws.map { $0[t] }
    let moments = GradientMoments(own, reference: own, unbiased: own)
    // The trace of 2,000 draws of a two-dimensional Gaussian has a relative standard error of √(1 / 2,000); five of them.
    #expect(abs(moments.trace / exact - 1) < 5 * (1.0 / 2_000).squareRoot())
  }
}

@Test("where every return is 1, leave-one-out knows it: every draw is 0")
func leaveOneOutOfEqualReturns() throws {
  let draw = try gradients(alwaysRight(), LeaveOneOut(), episodes: 2).draw(0, seed: 3)
  #expect(draw.count == 2 && draw.allSatisfy { $0.count == 4 * 2 + 2 && $0.allSatisfy { $0 == 0 } })
}

@Test("fitted to returns of 1, whatever is fitted knows it: every draw is 0", arguments: [0, 1, 2])
func fittedBaselines(index: Int) throws {
  let baselines: [any Baseline] = [MovingAverage(), StateBaseline(), ClassBaseline()]
  let measured = gradients(alwaysRight(), baselines[index])
  try measured.fitBaseline(scenes: 16, seed: 2)
  #expect(try measured.draw(0, seed: 3).allSatisfy { $0.allSatisfy { abs($0) < 1e-5 } })
}

@Test("the decisions' gradients add up to the one that training computes")
func sumIsTrainingsGradient() throws {
  let world = BlackScenes()
  let objective = ClassificationObjective {
    ($0.reward, $0.baseline) = (RightProbability(), ClassBaseline())
    ($0.advantage, $0.reinforceWeight) = (LookAhead(lambda: 0.5), .constant(1))
  }
  let progress = Progress(fraction: 1, epoch: 0)
  let model = smallModel().copy(as: smallModel().network.with { $0.objective = objective }, for: world)
  let decisions = try GlimpseGradients(of: model, by: objective, episodes: 4, on: world, at: progress)
    .draw(0, seed: 3)
  let buffer = GradientBuffer(for: model.parameters)
  buffer.reset()
  let step = TrainingStep(seed: 3, firstExample: 0, batchSize: 4, progress: progress)
  _ = try model.makeReplica(on: world, examples: 4).train(step, into: buffer)
  buffer.clearUntouched()
  let trained = model.parameters.tensors.filter { $0.name.hasPrefix("location.") }.flatMap { tensor in
    Array(UnsafeBufferPointer(start: buffer[tensor].pointer, count: tensor.count))
  }
  let largest = trained.map(abs).max() ?? 0
  #expect(largest > 0)
  // Sums of a dozen products each, in another order: a few roundings of the largest.
  for (a, b) in zip(sum(of: decisions), trained) { #expect(abs(Float(a) - b) <= 1e-5 * largest) }
}

@Test("a gradient drawn twice is the same, and two draws differ")
func drawsAreKeyed() throws {
  let measured = gradients(alwaysRight(), NoBaseline())
  let first = try measured.draw(0, seed: 3)
  let second = try measured.draw(1, seed: 3)
  #expect(try first != second && measured.draw(0, seed: 3) == first)
}

@Test(
  "with equal computation, all estimators have batches of equally many episodes, and a second look costs a third"
)
func equalComputing() {
  func settings(_ estimator: Estimator) -> TrainingSettings {
    var settings = TrainingSettings(epochs: 1, examplesPerEpoch: 480, batchSize: 64)
    estimator.equalise(&settings)
    return settings
  }
  let once = settings(Estimator("a", "a", Correctness(), NoBaseline()))
  let four = settings(Estimator("b", "b", Correctness(), LeaveOneOut(), episodes: 4))
  let twice = settings(Estimator("c", "c", Correctness(), SelfCritical()))
  #expect((once.batchSize, once.examplesPerEpoch) == (64, 640))
  #expect((four.batchSize, four.examplesPerEpoch) == (16, 160))
  #expect((twice.batchSize, twice.examplesPerEpoch) == (64, 480))
}
