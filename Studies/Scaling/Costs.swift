import Autodiff
import Foundation
import Learning
import Numerics
import RecurrentAttention
import ReferenceNetworks
import StudyKit

/// The counted cost of one network at one size of image: a row of `costs.csv`, the same bytes every time.
struct NetworkCost {
  let network: String
  let side: Int
  let parameters: Int
  let multiplyAdds: Int?

  static func all(_ networks: [(name: String, network: any Network)], on worlds: [any World]) -> [NetworkCost]
  {
    worlds.flatMap { world in
      networks.map { name, network in
        NetworkCost(
          network: name, side: world.side,
          parameters: network.makeLearner(for: world, seed: 1).parameters.count,
          multiplyAdds: network.multiplyAdds(on: world))
      }
    }
  }

  // MARK: - Reading

  /// A row for each network and side.
  static func report(_ costs: CSVTable, _ timing: CSVTable) throws -> TextTable {
    var table = TextTable(
      header: ["network", "side", "parameters", "multiply-adds", "training", "inference", "scene", "table"])
    for row in costs.rows {
      let (network, side) = (try row.text("network"), try row.text("side"))
      func time(_ network: String, _ part: String) throws -> String {
        let row = try timing.rows.first {
          try $0.text("network") == network && $0.text("side") == side && $0.text("part") == part
        }
        return try row?.number("microseconds_per_image")?.fixed(1) ?? "–"
      }
      table.append([
        network, side, try row.text("parameters"), try row.text("multiply_adds"),
        try time(network, "training"),
        try time(network, "inference"), try time("world", "scene"), try time("world", "table"),
      ])
    }
    return table
  }

  /// A sentence that says by what factor a column grows for each network, from the smallest side to the largest.
  static func growth(in table: CSVTable, _ column: String, part: String? = nil, _ grows: String) throws
    -> String?
  {
    var sides = (first: "", last: "")
    let factors = try table.groups(by: "network").compactMap { name, rows -> String? in
      let own = try rows.filter { try part == nil || $0.text("part") == part }
      guard let first = own.first, let last = own.last, let start = try first.number(column),
        let end = try last.number(column), start > 0
      else { return nil }
      sides = (try first.text("side"), try last.text("side"))
      let factor = end / start
      return "\(factor.fixed(factor < 2 ? 2 : factor < 10 ? 1 : 0)) for `\(name)`"
    }
    return factors.isEmpty
      ? nil
      : "From \(sides.first) to \(sides.last) pixels per side, \(grows) by a factor of \(spokenList(factors))."
  }
}

/// Processor time of one thread: a row of the study's `timing.csv`.
///
/// A network's parts are *training* (forward, backward and update, as in the trainer but with one gradient buffer) and
/// *inference* (forward only), both without making the images. The world's parts are *scene* (drawing it) and *table* (its
/// summed-area table, which only a retina with several scales needs).
struct MeasuredTime {
  let network: String
  let side: Int
  let part: String
  /// Seconds per image of each repetition, the fastest first.
  let repetitions: [Double]

  var fastest: Double { repetitions.first ?? .nan }
  var upperQuartile: Double { repetitions.quantile(0.75) ?? .nan }

  /// - Parameter batch: images of one repetition.
  static func all(
    _ networks: [(name: String, network: any Network)], on worlds: [any World], repetitions: Int, batch: Int
  ) throws -> [MeasuredTime] {
    prepareThreadForArithmetic()
    return try worlds.flatMap { world -> [MeasuredTime] in
      func time(_ name: String, _ part: String, _ work: () throws -> Void) throws -> MeasuredTime {
        MeasuredTime(
          network: name, side: world.side, part: part,
          repetitions: try measure(repetitions, work).map { $0 / Double(batch) })
      }
      let stage = Stage(world, capacity: 1)
      let arena = Arena()
      let sums: UnsafeMutablePointer<Int32> = arena.take(count: SummedAreaTable.count(side: world.side))
      defer { withExtendedLifetime(arena) {} }
      var times = [
        try time("world", "scene") {
          for index in 0..<batch { try stage.begin(.training, first: index, count: 1, seed: 1) }
        },
        try time("world", "table") {
          for _ in 0..<batch { SummedAreaTable.fill(sums, pixels: stage.frames, side: world.side) }
        },
      ]
      for (name, network) in networks {
        let learner = network.makeLearner(for: world, seed: 1)
        let shards = TrainingSettings(epochs: 1, examplesPerEpoch: batch, batchSize: batch)
          .shards(ofAtMost: learner.largestShard)
        let shard = batch / shards
        let replica = learner.makeReplica(on: world, examples: shard)
        let rollout = Rollout(.training, firstExample: 0, count: shard, seed: 1)
        _ = try replica.evaluate(rollout)
        keepExamples(replica)
        // ours: the recipe's rule; neither the norm nor the rate below changes the time
        let optimizer = Optimizer(Adam(), clippingNorm: 5, for: learner.parameters)
        let products = BatchProducts(for: learner.parameters, batch: batch)
        let gradients = GradientBuffer(for: learner.parameters, batch: products)
        times.append(
          try time(name, "training") {
            gradients.reset()
            for first in stride(from: 0, to: batch, by: shard) {
              gradients.examples = first..<(first + shard)
              let step = TrainingStep(
                seed: 1, firstExample: first, batchSize: batch, progress: Progress(fraction: 0, epoch: 0))
              _ = try replica.train(step, into: gradients)
            }
            gradients.clearUntouched()
            products.finish(into: gradients)
            optimizer.combine([gradients])
            optimizer.beginUpdate()
            optimizer.update(gradients, rate: 1e-4)
            learner.parameters.refreshCopies()
          })
        times.append(
          try time(name, "inference") { for _ in 0..<shards { _ = try replica.evaluate(rollout) } })
      }
      print("\(world.side)x\(world.side) done")
      return times
    }
  }

  /// Prepares the images only once; that work has rows of its own.
  private static func keepExamples(_ replica: any Replica) {
    (replica as? ImageReplica)?.keepsExamples = true
    (replica as? AttentionReplica)?.keepsExamples = true
    (replica as? AttentionReplica)?.agent.keepsFrames = true
  }

  /// This thread's processor seconds in each repetition, the fastest first, after one to warm up.
  private static func measure(_ repetitions: Int, _ work: () throws -> Void) throws -> [Double] {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    try work()
    return try (0..<repetitions).map { _ in
      try throwIfStopped()
      let start = now()
      try work()
      return now() - start
    }.sorted()
  }
}

extension Table where Row == NetworkCost {
  static var costs: Table {
    Table(
      "costs", "One row for each network and size of image.",
      [
        .text("network", "`ram-6`, `conv` or `fc-256`.", \.network),
        .count("side", "Width and height of the image.", in: .pixels, \.side),
        .count("parameters", "Number of trained parameters.", in: .ordinal, \.parameters),
        .count(
          "multiply_adds", "Multiply-adds of one forward pass over one image.", in: .ordinal,
          empty: "for networks that do not count them", \.multiplyAdds),
      ])
  }
}

extension Table where Row == MeasuredTime {
  static var costTiming: Table {
    Table(
      "timing", "One row for each measured time.",
      [
        .text("network", "As in `costs.csv`; `world` is for making the image.", \.network),
        .count("side", "Width and height of the image.", in: .pixels, \.side),
        .text(
          "part",
          "`training` or `inference` of a network; `scene` (drawing) or `table` (summed areas) of the world.",
          \.part),
        .number(
          "microseconds_per_image",
          "Processor time of one thread in the fastest repetition: other load on the machine can only add to it.",
          in: Quantity("µs", from: 0), places: 2
        ) { $0.fastest * 1e6 },
        .number(
          "upper_quartile", "Upper quartile of the repetitions.", in: Quantity("µs", from: 0), places: 2
        ) { $0.upperQuartile * 1e6 },
      ])
  }
}
