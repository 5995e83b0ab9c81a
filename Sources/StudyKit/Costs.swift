import Foundation
import NumericCore
import RecurrentAttention
import Training
import VisualTasks

/// What networks cost by the size of the image: counted, and measured in processor time of one thread.
extension Study {
  static let costColumns = ["network", "side", "parameters", "multiply_adds"]
  static let costTimingColumns = ["network", "side", "part", "microseconds_per_image"]

  /// How often each measurement is repeated. The fastest counts: what else the machine does only ever adds.
  public struct Repetitions: Sendable {
    public var count: Int
    /// Images in each of them.
    public var images: Int

    public init(count: Int, images: Int) { (self.count, self.images) = (count, images) }
  }

  /// Counts and times networks on ever larger images. Writes `costs.csv`, the same bytes every time, and
  /// `timing.csv`.
  ///
  /// Parts of `timing.csv`, in microseconds per image: `training` (forward, backward, and an update every 128
  /// images), `inference` (forward only), both without making the image; for the task itself `scene` (drawing
  /// it) and `table` (its summed-area table, which only a retina of several scales needs).
  public func measureCosts(
    sides: [Int], networks: [(name: String, network: Network)], repetitions: Repetitions,
    task: (Int) throws -> any SceneTask
  ) throws -> TextTable {
    try refuseSingleRuns()
    let conditions = try sides.flatMap { side in
      let task = try task(side)
      return networks.map { Condition("\($0.name)-\(side)", on: task, paper: nil, $0.network) }
    }
    if let recorded, !options.list {
      var costs = CSVTable(header: Self.costColumns)
      for side in sides {
        let task = try task(side)
        costs.rows += networks.map { costRow($0.name, $0.network, on: task) }
      }
      try verifyCosts(recorded, costs)
    }
    try open(conditions)
    if !options.figuresOnly {
      var costs = CSVTable(header: Self.costColumns)
      var timing = CSVTable(header: Self.costTimingColumns)
      prepareThreadForArithmetic()
      for side in sides {
        let task = try task(side)
        func append(_ name: String, _ part: String, _ seconds: Double) {
          timing.rows.append([
            .text(name), .integer(side), .text(part), .decimal(seconds * 1e6, places: 2),
          ])
        }
        let making = SceneCost(of: task, repetitions)
        append("task", "scene", making.scene)
        append("task", "table", making.table)
        for (name, network) in networks {
          let learner = network.learner(side: side, classes: task.classCount, seed: 1)
          costs.rows.append(costRow(name, network, on: task))
          let cost = NetworkCost(of: learner, on: task, repetitions)
          append(name, "training", cost.training)
          append(name, "inference", cost.inference)
        }
        print("\(side)x\(side) done")
      }
      try write(costs, as: "costs")
      try write(timing, as: "timing")
      try writeProvenance(seeds: [1])
    }
    return try costTable()
  }

  /// Of `costs.csv`.
  private func costRow(_ name: String, _ network: Network, on task: any SceneTask) -> [CSVValue] {
    [
      .text(name), .integer(task.side),
      .integer(network.learner(side: task.side, classes: task.classCount, seed: 1).parameters.count),
      .integer(network.multiplyAddsPerImage(side: task.side, classes: task.classCount)),
    ]
  }

  /// Times are no recording: only what is counted can be compared.
  private func verifyCosts(_ recorded: RecordedStudy, _ new: CSVTable) throws {
    try checkTables()
    var verification = Verification()
    let old = try CSVTable(reading: folder + "/costs.csv", expecting: Self.costColumns, text: ["network"])
    verification.compare("costs.csv", recorded: old, with: new)
    try conclude(verification, of: "what networks cost", recorded)
  }

  /// A row for each network and side, from the tables.
  private func costTable() throws -> TextTable {
    let costs = try CSVTable(reading: folder + "/costs.csv", expecting: Self.costColumns, text: ["network"])
    let timing = try CSVTable(
      reading: folder + "/timing.csv", expecting: Self.costTimingColumns, text: ["network", "part"])
    func microseconds(_ network: CSVValue, _ side: CSVValue, _ part: String) -> String {
      let row = timing.rows.indices.first {
        timing[row: $0, "network"] == network && timing[row: $0, "side"] == side
          && timing[row: $0, "part"] == .text(part)
      }
      return row.flatMap { timing[row: $0, "microseconds_per_image"].double }
        .map { CSVValue.fixed($0, places: 1) } ?? "–"
    }
    var table = TextTable(
      header: [
        "network", "side", "parameters", "multiply-adds", "training", "inference", "scene", "table",
      ])
    for network in costs.names(in: "network") {
      for row in costs.rows.indices where costs[row: row, "network"] == .text(network) {
        let side = costs[row: row, "side"]
        func count(_ column: String) -> String {
          costs[row: row, column].double.map { String(Int($0)) } ?? "–"
        }
        table.append([
          network, count("side"), count("parameters"), count("multiply_adds"),
          microseconds(.text(network), side, "training"), microseconds(.text(network), side, "inference"),
          microseconds(.text("task"), side, "scene"), microseconds(.text("task"), side, "table"),
        ])
      }
    }
    return table
  }
}

/// Seconds per image.
private struct NetworkCost {
  let training: Double
  let inference: Double

  init(of learner: any Learner, on task: any SceneTask, _ repetitions: Study.Repetitions) {
    let shard = 32  // ours: the trainer's
    let worker = learner.makeWorker(images: shard, side: task.side)
    worker.batch.count = shard
    for i in 0..<shard {
      worker.batch.labels[i] = task.draw(.training, index: i, seed: 1, into: worker.batch.image(i))
    }
    let shards = max(1, repetitions.images / shard)
    inference =
      fastest(repetitions) {
        for index in 0..<shards {
          _ = worker.evaluate(Rollout(seed: 1, firstExample: index * shard, standardDeviation: 0.15))
          // The images stay the same: what is made from them once stands in another column.
          (worker as? AttentionWorker)?.keepsTables = true
        }
      } / Double(shards * shard)
    let optimizer = Optimizer(.adam(), clippingNorm: 5, for: learner.parameters)
    let gradients = GradientBuffer(for: learner.parameters)
    training =
      fastest(repetitions) {
        for index in 0..<shards {
          if index % 4 == 0 { gradients.reset() }
          let step = TrainingStep(
            seed: 1, firstExample: index * shard, batchSize: 4 * shard, standardDeviation: 0.15)
          _ = worker.train(step, into: gradients)
          if index % 4 == 3 || index == shards - 1 {
            optimizer.combine([gradients])
            optimizer.beginUpdate()
            optimizer.update(gradients, rate: 1e-4)
            learner.parameters.refreshCopies()
          }
        }
      } / Double(shards * shard)
  }
}

/// Seconds per image.
private struct SceneCost {
  let scene: Double
  let table: Double

  init(of task: any SceneTask, _ repetitions: Study.Repetitions) {
    let batch = ImageBatch(capacity: 1, side: task.side)
    let arena = Arena()
    let sums: UnsafeMutablePointer<Int32> = arena.take(count: SummedAreaTable.count(side: task.side))
    defer { withExtendedLifetime(arena) {} }
    let images = repetitions.images
    scene =
      fastest(repetitions) {
        for i in 0..<images {
          batch.labels[0] = task.draw(.training, index: i, seed: 1, into: batch.image(0))
        }
      } / Double(images)
    table =
      fastest(repetitions) {
        for _ in 0..<images { SummedAreaTable.fill(sums, pixels: batch.image(0), side: task.side) }
      } / Double(images)
  }
}

/// This thread's processor seconds in the fastest repetition, after one that warms up.
private func fastest(_ repetitions: Study.Repetitions, _ work: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  work()
  let seconds = (0..<repetitions.count).map { _ in
    let start = now()
    work()
    return now() - start
  }
  return seconds.min() ?? .nan
}
