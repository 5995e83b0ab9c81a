import Autodiff
import Learning
import RecurrentAttention
import StudyKit

/// How many draws a measurement of the gradient's variance rests on.
struct VarianceBudget {
  /// Scenes in the batch whose gradient is drawn; they stay the same.
  var scenes: Int
  /// Episodes of each scene in all draws together: M of them make one draw.
  var episodes: Int
  /// The M that are measured.
  var groups: [Int]
}

/// Equation (2)'s baseline, measured: mean and variance of the location network's gradient of a whole batch. A row of
/// `variance.csv`.
struct MeasuredVariance {
  let parameters: String
  let baseline: String
  let episodes: Int
  let moments: GradientMoments
  /// Of the draws less those without a baseline, on the same episodes.
  let difference: GradientMoments

  /// For every number of episodes and baseline, at a learner's parameters; nothing where these are not here.
  static func all(
    of learner: (any Learner)?, _ point: String, _ baselines: [(name: String, baseline: any Baseline)],
    _ budget: VarianceBudget?, on world: any StillWorld, threads: Int
  ) throws -> [MeasuredVariance] {
    guard let model = learner as? RecurrentAttentionModel, let budget else { return [] }
    let progress = Progress(fraction: point == "fresh" ? 0 : 1, epoch: 0)
    return try budget.groups.flatMap { episodes -> [MeasuredVariance] in
      let baselines = baselines.filter { episodes > 1 || !($0.baseline is LeaveOneOut) }
      // All baselines side by side: threads take whole ones, so their number changes no digit.
      let draws = try concurrently(baselines.count, threads: threads) { index in
        Result {
          try model.locationGradients(
            baselines[index].baseline, episodes: episodes, draws: 0..<(budget.episodes / episodes),
            on: FirstScenes(of: world, count: budget.scenes), at: progress, seed: 1)
        }
      }.map { try $0.get() }
      return baselines.indices.map { index in
        let differences = zip(draws[index], draws[0]).map { a, b in zip(a, b).map { $0 - $1 } }
        return MeasuredVariance(
          parameters: point, baseline: baselines[index].name, episodes: episodes,
          moments: GradientMoments(draws[index]),
          difference: GradientMoments(differences))
      }
    }
  }

  /// The traces with four episodes, in units of that without a baseline.
  static func traces(_ study: Study) throws -> String? {
    let sentences = try study.table("variance").groups(by: "parameters").compactMap {
      point, rows -> String? in
      let four = try rows.filter { try $0.number("episodes") == 4 }
      guard let none = try four.first?.number("trace"), none > 0 else { return nil }
      let ratios = try four.dropFirst().map {
        "\(((try $0.number("trace") ?? 0) / none).fixed(3)) for `\(try $0.text("baseline"))`"
      }
      return "\(spokenList(ratios)) at `\(point)`"
    }
    return sentences.isEmpty
      ? nil
      : "With four episodes per image, the trace in units of that without a baseline is \(sentences.joined(separator: "; "))."
  }
}

/// The first training scenes of a world, over and over.
private struct FirstScenes: StillWorld {
  let world: any StillWorld
  let count: Int

  init(of world: any StillWorld, count: Int) { (self.world, self.count) = (world, count) }

  var side: Int { world.side }
  var classCount: Int { world.classCount }
  var summary: String { world.summary }
  var configuration: Configuration { world.configuration }
  func count(of split: Split) -> Int { count }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    world.draw(split, index: index % count, seed: seed, into: &pixels)
  }
}

extension RecurrentAttentionModel {
  /// Independent draws of REINFORCE's gradient for the location network (equation 2), a mean over scenes and over M
  /// episodes of each: parameters and scenes stay as they are, only the locations are drawn anew.
  ///
  /// The gradient is the one that training computes, read from the same code. Two baselines draw the same locations, so
  /// their draws can be compared one by one.
  ///
  /// - Parameters:
  ///   - episodes: M.
  ///   - draws: which draws; others are independent of them.
  ///   - world: has as many training scenes as a batch, and has them again for every draw.
  func locationGradients(
    _ baseline: any Baseline, episodes: Int, draws: Range<Int>, on world: any World, at progress: Progress,
    seed: UInt64
  ) throws -> [[Float]] {
    let objective = ClassificationObjective {
      ($0.baseline, $0.episodes, $0.baselineTrainsCore, $0.reinforceWeight) = (
        baseline, episodes, false, .constant(1)
      )
    }
    let model = copy(as: network.with { $0.objective = objective }, for: world)
    let tensors = model.parameters.tensors.filter { $0.name.hasPrefix("location") }
    let scenes = world.count(of: .training)
    // About 32 rows at a time, as the trainer has them.
    var shard = max(1, min(scenes, 32 / episodes))
    while scenes % shard != 0 { shard -= 1 }
    let replica = model.makeReplica(on: world, examples: shard)
    let gradients = GradientBuffer(for: model.parameters)
    return try draws.map { draw in
      gradients.reset()
      for first in stride(from: draw * scenes, to: (draw + 1) * scenes, by: shard) {
        let step = TrainingStep(seed: seed, firstExample: first, batchSize: scenes, progress: progress)
        _ = try replica.train(step, into: gradients)
      }
      gradients.clearUntouched()
      return tensors.flatMap { tensor in
        Array(UnsafeBufferPointer(start: gradients[tensor].pointer, count: tensor.count))
      }
    }
  }
}

extension Table where Row == MeasuredVariance {
  static var variance: Table {
    func float(_ name: String, _ about: String, _ value: @escaping @Sendable (Row) -> Double) -> Column<Row> {
      .number(name, about) { Double(Float(value($0))) }
    }
    return Table(
      "variance",
      "One row for each set of parameters, number of episodes and baseline: the location network's gradient.",
      [
        .text("parameters", "fresh, part trained or trained.", \.parameters),
        .text("baseline", "Which one, as the conditions call it.", \.baseline),
        .count("episodes", "Episodes per image in one draw.", \.episodes),
        .count("draws", "Independent draws that the numbers are of.", \.moments.draws),
        float(
          "mean_square", "Squared length of the mean gradient, without bias; below 0 when lost in the noise.",
          \.moments.meanSquare),
        float("trace", "Trace of the gradient's covariance.", \.moments.trace),
        float("trace_low", "Lower end of its 95 % bootstrap interval.", \.moments.traceInterval.lowerBound),
        float("trace_high", "Upper end of its 95 % bootstrap interval.", \.moments.traceInterval.upperBound),
        float("signal_to_noise", "mean_square over trace.", \.moments.signalToNoise),
        float(
          "signal_to_noise_low", "Lower end of its 95 % bootstrap interval.",
          \.moments.signalToNoiseInterval.lowerBound),
        float(
          "signal_to_noise_high", "Upper end of its 95 % bootstrap interval.",
          \.moments.signalToNoiseInterval.upperBound),
        .number(
          "difference_ratio",
          "Squared length of the mean's difference from that without a baseline, in units of what "
            + "chance makes of it: about 1 for equal means; empty when there is no difference.", places: 3,
          \.difference.meanRatio),
        .number(
          "difference_limit",
          "What difference_ratio stays below in 97.5 of 100 such measurements of equal means.", places: 3,
          \.difference.meanRatioLimit),
      ])
  }
}
