import Learning
import Numerics
import RecurrentAttention
import Testing

@testable import study_baseline

@Test("of the draws (1, 0), (-1, 0), (0, 3), (0, 1): mean (0, 1), trace 8/3, squared mean 1 - 2/3")
func momentsByHand() throws {
  let moments = GradientMoments([[1, 0], [-1, 0], [0, 3], [0, 1]])
  // Squared distances from (0, 1): 2, 2, 4, 0; their sum over 3; the mean's length less a quarter of it.
  #expect(abs(moments.trace - 8.0 / 3) < 1e-12)
  #expect(abs(moments.meanSquare - (1 - 2.0 / 3)) < 1e-12)
  #expect(abs(moments.signalToNoise - 1.0 / 8) < 1e-12)
  #expect(abs(try #require(moments.meanRatio) - 1.5) < 1e-12)
}

@Test("draws that are all equal have no noise, and nothing to compare their mean with")
func equalDraws() {
  let moments = GradientMoments([[3, 4], [3, 4], [3, 4]])
  #expect(moments.trace == 0 && moments.traceInterval == 0...0)
  #expect(moments.meanSquare == 25)
  #expect(moments.meanRatio == nil)
}

@Test("a mean that is not zero is told from chance, a mean of zero is not")
func meanAgainstChance() throws {
  func draws(mean: Float) -> [[Float]] {
    (0..<200).map { index in
      var stream = RandomStream(seed: 7, .analysis, example: index)
      return [mean + stream.normal(), stream.normal(), stream.normal()]
    }
  }
  let zero = GradientMoments(draws(mean: 0))
  #expect(try #require(zero.meanRatio) < #require(zero.meanRatioLimit))
  #expect(zero.signalToNoiseInterval.contains(0))
  #expect(zero.traceInterval.contains(3))  // three components of variance 1
  let shifted = GradientMoments(draws(mean: 0.5))
  #expect(try #require(shifted.meanRatio) > #require(shifted.meanRatioLimit))
  #expect(shifted.signalToNoiseInterval.contains(0.25 / 3))
}

/// A model that is always right: all weights are 0, and the action network's biases name digit 0, as every label does.
private func alwaysRight(glimpses: Int) -> RecurrentAttentionModel {
  let gaze = GaussianGaze(deviation: .constant(0.2))
  var network = RecurrentAttention(glimpses: glimpses, sensor: Retina(patchSide: 2, scales: 1), gaze: gaze)
  network.glimpseNetwork = .init(patch: 4, location: 4, output: 4)
  network.core = RectifierCore(units: 4)
  let model = RecurrentAttentionModel(network, for: BlackScenes(), seed: 1)
  for tensor in model.parameters.tensors {
    let values = model.parameters[tensor]
    values.pointer.update(repeating: 0, count: tensor.count)
    if tensor.name == "action.bias" { values[0, 0] = 5 }
  }
  model.parameters.refreshCopies()
  model.state = [0.75]
  return model
}

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

extension RecurrentAttentionModel {
  fileprivate func draw(_ baseline: any Baseline, episodes: Int, _ draws: Range<Int>) throws -> [[Float]] {
    try locationGradients(
      baseline, episodes: episodes, draws: draws, on: BlackScenes(), at: Progress(fraction: 1, epoch: 0),
      seed: 3)
  }
}

/// With h = 0, R = 1 and a constant b, one draw over N scenes and M episodes is, in the location's bias
/// alone, -(1 - b) / (N M) Σ (s - μ) / σ², of mean 0 and, over T - 1 decisions of two axes,
/// tr Cov = 2 (T - 1) (1 - b)² / (N M σ²).
@Test(
  "where every return is 1, the gradient's variance is 2 (T - 1) (1 - b)² / (N M σ²)",
  arguments: [(0, 1, 0.0), (0, 4, 0), (1, 1, 0.75), (2, 2, 0)])
func varianceInClosedForm(baseline: Int, episodes: Int, b: Double) throws {
  let baselines: [any Baseline] = [NoBaseline(), MovingAverage(), StateBaseline()]
  let (glimpses, scenes, deviation) = (3, 4, 0.2)
  let draws = try alwaysRight(glimpses: glimpses).draw(baselines[baseline], episodes: episodes, 0..<2_000)
  let moments = GradientMoments(draws)
  let exact =
    2 * Double(glimpses - 1) * (1 - b) * (1 - b) / (Double(scenes * episodes) * deviation * deviation)
  // The trace of 2,000 draws of a two-dimensional Gaussian has a relative standard error of √(1 / 2,000);
  // five of them.
  #expect(abs(moments.trace / exact - 1) < 5 * (1.0 / 2_000).squareRoot())
  #expect(try #require(moments.meanRatio) < #require(moments.meanRatioLimit))
}

@Test("where every return is 1, leave-one-out knows it: every draw is 0")
func leaveOneOutOfEqualReturns() throws {
  let draws = try alwaysRight(glimpses: 3).draw(LeaveOneOut(), episodes: 2, 0..<10)
  #expect(draws.allSatisfy { $0.allSatisfy { $0 == 0 } })
  #expect(draws[0].count == 4 * 2 + 2)
}

@Test("a gradient drawn twice is the same, and two draws differ")
func drawsAreKeyed() throws {
  let model = alwaysRight(glimpses: 2)
  func draw(_ range: Range<Int>) throws -> [[Float]] { try model.draw(NoBaseline(), episodes: 1, range) }
  #expect(try draw(0..<2) == [draw(0..<1)[0], draw(1..<2)[0]])
  #expect(try draw(0..<1) != draw(1..<2))
}
