// How noisy a gradient estimate is, from many draws of it at fixed parameters.

import Foundation
import NumericCore
import RecurrentAttention
import VisualTasks

/// Mean and covariance of a random vector, from K independent draws of it.
///
///     ḡ  = 1/K Σ g_k                          estimates E g
///     T  = 1/(K-1) Σ ‖g_k - ḡ‖²               estimates tr Cov g, without bias
///     S = ‖ḡ‖² - T/K estimates ‖E g‖², without bias: chance lengthens ḡ by T/K on average
///
/// Intervals are the bootstrap's (Efron 1979): draws are chosen anew with replacement, and the middle 95 % of
/// the results, moved so that their mean is the estimate, is the interval.
public struct GradientMoments: Sendable {
  public let draws: Int
  /// S; below 0 when the mean is lost in the noise.
  public let meanSquare: Double
  /// T.
  public let trace: Double
  public let traceInterval: ClosedRange<Double>
  /// S / T, of one draw.
  public let signalToNoise: Double
  public let signalToNoiseInterval: ClosedRange<Double>
  /// ‖ḡ‖² / (T/K), which is 1 on average when E g is 0; nil when all draws are equal.
  public let meanRatio: Double?
  /// What `meanRatio` stays below with probability 0.975 when E g is 0.
  public let meanRatioLimit: Double?

  /// - Parameters:
  ///   - draws: at least two vectors of one length.
  ///   - resamplings: of the bootstrap.
  public init(_ draws: [[Float]], resamplings: Int = 400, seed: UInt64 = 1) {
    precondition(
      draws.count > 1 && draws.allSatisfy { $0.count == draws[0].count }, "two or more draws of one length")
    let (count, k) = (draws.count, Double(draws.count))
    let mean = Self.weightedSum(draws, weights: Array(repeating: 1, count: count)).map { $0 / k }
    // About their own mean: the sums then cancel without loss, and the bootstrap of a mean of 0 comes free.
    let centred = draws.map { draw in zip(draw, mean).map { Float(Double($0) - $1) } }
    let squares = centred.map { $0.reduce(0) { $0 + Double($1) * Double($1) } }
    let meanLength = mean.reduce(0) { $0 + $1 * $1 }
    let trace = squares.reduce(0, +) / (k - 1)
    let meanSquare = meanLength - trace / k

    var stream = RandomStream(seed: seed, .analysis)
    var traces: [Double] = []
    var ratios: [Double] = []
    var meanRatios: [Double] = []
    for _ in 0..<resamplings {
      var weights = [Float](repeating: 0, count: count)
      for _ in 0..<count { weights[stream.integer(below: count)] += 1 }
      let shift = Self.weightedSum(centred, weights: weights).map { $0 / k }
      let shiftLength = shift.reduce(0) { $0 + $1 * $1 }
      let sum = zip(weights, squares).reduce(0) { $0 + Double($1.0) * $1.1 }
      let newTrace = (sum - k * shiftLength) / (k - 1)
      // One draw chosen K times has no spread, but for rounding.
      guard newTrace > 1e-9 * trace else { continue }
      let newLength = zip(mean, shift).reduce(0) { $0 + ($1.0 + $1.1) * ($1.0 + $1.1) }
      traces.append(newTrace)
      ratios.append((newLength - newTrace / k) / newTrace)
      meanRatios.append(shiftLength / (newTrace / k))
    }
    self.draws = count
    self.meanSquare = meanSquare
    self.trace = trace
    traceInterval = Self.interval(traces, around: trace)
    signalToNoise = trace > 0 ? meanSquare / trace : 0
    signalToNoiseInterval = Self.interval(ratios, around: signalToNoise)
    meanRatio = trace > 0 ? meanLength / (trace / k) : nil
    meanRatioLimit = trace > 0 ? Self.quantile(0.975, of: meanRatios) : nil
  }

  private static func weightedSum(_ vectors: [[Float]], weights: [Float]) -> [Double] {
    var sum = [Double](repeating: 0, count: vectors[0].count)
    for (vector, weight) in zip(vectors, weights) where weight != 0 {
      for i in sum.indices { sum[i] += Double(weight) * Double(vector[i]) }
    }
    return sum
  }

  private static func interval(_ values: [Double], around estimate: Double) -> ClosedRange<Double> {
    guard !values.isEmpty else { return estimate...estimate }
    let shift = estimate - values.reduce(0, +) / Double(values.count)
    return (quantile(0.025, of: values) + shift)...(quantile(0.975, of: values) + shift)
  }

  private static func quantile(_ share: Double, of values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }
}

extension RecurrentAttentionModel {
  /// Independent draws of REINFORCE's gradient for the location network (equation 2), a mean over scenes and
  /// over M episodes of each: parameters and scenes stay as they are, only the locations are drawn anew.
  ///
  /// The gradient is the one that training computes, read from the same code. Two baselines draw the same
  /// locations, so their draws can be compared one by one.
  ///
  /// - Parameters:
  ///   - episodes: M.
  ///   - draws: which draws; others are independent of them.
  ///   - scenes: how many of the task's training scenes, from the first.
  public func locationGradients(
    baseline: AttentionSettings.ReturnBaseline, episodes: Int, draws: Range<Int>, on task: any SceneTask,
    scenes: Int, standardDeviation: Float, seed: UInt64
  ) -> [[Float]] {
    let model = copy { settings in
      settings.baseline = baseline
      settings.episodes = episodes
      settings.headGradient = .headsOnly
      settings.reinforceWeight = 1
    }
    let tensors = model.parameters.tensors.filter { $0.name.hasPrefix("location") }
    // About 32 rows at a time, as the trainer has them.
    var shard = max(1, min(scenes, 32 / episodes))
    while scenes % shard != 0 { shard -= 1 }
    let worker = model.makeWorker(images: shard, side: task.side)
    worker.batch.count = shard
    let gradients = GradientBuffer(for: model.parameters)
    return draws.map { draw in
      gradients.reset()
      for first in stride(from: 0, to: scenes, by: shard) {
        for i in 0..<shard {
          worker.batch.labels[i] = task.draw(
            .training, index: first + i, seed: seed, into: worker.batch.image(i))
        }
        let step = TrainingStep(
          seed: seed, firstExample: draw * scenes + first, batchSize: scenes,
          standardDeviation: standardDeviation)
        _ = worker.train(step, into: gradients)
      }
      gradients.clearUnwritten()
      return tensors.flatMap { tensor in
        Array(UnsafeBufferPointer(start: gradients[tensor].pointer, count: tensor.count))
      }
    }
  }
}
