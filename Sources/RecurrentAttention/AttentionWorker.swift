import NumericCore

/// Runs a recurrent attention model on a few images at a time: looks, decides where to look next, and looks
/// again.
///
/// Row r of every matrix is episode r % M of image r / M.
public final class AttentionWorker: LearnerWorker {
  public let model: RecurrentAttentionModel
  public let batch: ImageBatch
  public let graph: Graph
  let classification: SoftmaxCrossEntropy
  let loss: HybridLoss
  /// Class probabilities after all glimpses but the last, which no loss enters.
  private let earlier: Variable?

  /// Whether the images are those of the run before, so that their summed-area tables still hold.
  public var keepsTables = false

  private let rows: Int
  private let retina: Retina
  private static let cacheBytes = 1 << 20  // ours: a core's second-level cache, roughly
  private static let prefetchDistance = 2  // ours: rows; one ahead, inference at 400x400 took 1 % longer
  /// ρ(x, l_t), [B, k g²].
  public let patches: Variable
  /// l_t, clipped to the image, [B, 2]: what is looked at, and what the glimpse network is told.
  public let locations: Variable
  private let mean: Variable?
  private let first: (graph: Graph, mean: Variable, score: GaussianScore)?
  private let tables: UnsafeMutablePointer<Int32>
  private let returns: UnsafeMutablePointer<Float>
  private let streams: UnsafeMutablePointer<RandomStream>
  private let meanProbabilities: Matrix

  init(_ model: RecurrentAttentionModel, images: Int, side: Int) {
    let settings = model.settings
    self.model = model
    rows = images * settings.episodes
    retina = settings.retina
    batch = ImageBatch(capacity: images, side: side)
    let graph = Graph(steps: settings.glimpses, batch: rows, parameters: model.parameters)
    self.graph = graph
    let patches = graph.variable(columns: retina.columns, gradient: false)
    let locations = graph.variable(columns: 2, gradient: false)
    self.patches = patches
    self.locations = locations

    // The network, forward only.
    let state = model.core(in: graph) { model.glimpseNetwork(patches, locations, into: $0, in: graph) }
    let last = (settings.glimpses - 1)..<settings.glimpses
    let readout = settings.readout == .last ? state.during(last) : state
    let logits = graph.linear(readout, model.action)
    let seen = settings.headGradient == .headsOnly ? state.detached : state
    let decisions = seen.during(0..<max(settings.glimpses - 1, 0))
    mean = model.locationNetwork.map { $0(decisions, in: graph) }
    let expected = model.baseline.map { graph.linear(decisions, $0) }

    // The hybrid loss.
    classification = graph.softmaxCrossEntropy(logits.during(last))
    earlier =
      readout.steps.count > 1
      ? graph.softmaxCrossEntropy(logits.during(0..<last.lowerBound).detached).probabilities : nil
    let isStopped = settings.score == .stoppedMean
    let score = mean.map { graph.gaussianScore(mean: isStopped ? $0.detached : $0) }
    first = model.firstLocation.map { layer in
      let graph = Graph(steps: 1, batch: images * settings.episodes, parameters: model.parameters)
      let nothing = graph.variable(columns: 1, gradient: false)
      let mean = graph.squash(graph.linear(nothing, layer), by: settings.squashing)
      return (graph, mean, graph.gaussianScore(mean: isStopped ? mean.detached : mean))
    }
    loss = HybridLoss(
      classification: classification, score: score, firstScore: first?.score,
      baseline: expected.map { graph.squaredError($0) }, settings: settings)

    tables = graph.arena.take(
      count: settings.retina.scales > 1 ? images * SummedAreaTable.count(side: side) : 1)
    returns = graph.arena.take(count: rows)
    streams = graph.arena.take(count: rows)
    meanProbabilities = Matrix(
      graph.arena.take(count: images * settings.classCount), rows: images, columns: settings.classCount)
  }

  public var probabilities: Matrix { meanProbabilities }
  public var bytes: Int { graph.arena.bytes + batch.capacity * batch.side * batch.side }

  public func train(_ step: TrainingStep, into gradients: GradientBuffer) -> Tally {
    precondition(
      batch.count == batch.capacity, "a training shard of \(batch.count) images in \(batch.capacity) places")
    precondition(
      batch.shards == gradients.shards && (batch.shards == 1 || model.trainsShardsTogether),
      "images of \(batch.shards) shards, with \(rows / batch.count) rows each, for a gradient of \(gradients.shards)"
    )
    run(
      seed: step.seed, rollout: 0, firstExample: step.firstExample, standardDeviation: step.standardDeviation,
      purpose: .locations)
    let tally = loss.settle(
      step: step, rows: rows, shards: batch.shards, returnAverage: model.returnAverage, returns: returns)
    graph.backward(into: gradients)
    first?.graph.backward(into: gradients)
    return tally
  }

  /// One rollout per image: with several episodes the probabilities are those of the first, never an average.
  public func evaluate(_ rollout: Rollout) -> Float {
    run(
      seed: rollout.seed, rollout: rollout.index, firstExample: rollout.firstExample,
      standardDeviation: rollout.standardDeviation, purpose: .evaluation)
    let episodes = model.settings.episodes
    let p = probabilities(afterGlimpse: model.settings.glimpses)
    var crossEntropy: Float = 0
    for image in 0..<batch.count {
      meanProbabilities.row(image).update(from: p.row(image * episodes), count: p.columns)
      crossEntropy += classification.losses[image * episodes]
    }
    return crossEntropy
  }

  /// Class probabilities read from the state after so many glimpses, [images × episodes, classes]; all but
  /// the last need the setting `readout: .every`.
  public func probabilities(afterGlimpse glimpse: Int) -> Matrix {
    if glimpse == model.settings.glimpses { return classification.probabilities.value(at: glimpse - 1) }
    guard let earlier else {
      preconditionFailure(
        "probabilities after glimpse \(glimpse) of \(model.settings.glimpses) need `readout: .every`")
    }
    return earlier.value(at: glimpse - 1)
  }

  /// The forward pass: T times look, think and decide.
  private func run(
    seed: UInt64, rollout: Int, firstExample: Int, standardDeviation: Float?, purpose: StreamPurpose
  ) {
    let settings = model.settings
    let side = batch.side
    for image in 0..<batch.count where retina.scales > 1 && !keepsTables {
      SummedAreaTable.fill(
        tables + image * SummedAreaTable.count(side: side), pixels: batch.image(image), side: side)
    }
    for row in 0..<rows {
      let image = row / settings.episodes
      let example = batch.example(ofImage: image)
      classification.labels[row] = batch.labels[image]
      streams[row] = RandomStream(
        seed: seed, purpose, epoch: rollout,
        example: (firstExample + example) * settings.episodes + row % settings.episodes)
    }
    for step in 0..<graph.steps {
      choose(step: step, standardDeviation: standardDeviation)
      look(step: step)
      graph.forward(step: step)
    }
  }

  /// l_t for every row: given, random, or a sample around the mean that the state before decided on.
  private func choose(step: Int, standardDeviation: Float?) {
    let settings = model.settings
    let location = locations.value(at: step)
    if step == 0, let first {
      first.graph.forward(step: 0)
      return sample(first.mean.value(at: 0), first.score, step: 0, standardDeviation, into: location)
    }
    if step > 0, let mean, let score = loss.score {
      return sample(mean.value(at: step - 1), score, step: step - 1, standardDeviation, into: location)
    }
    let isUniform =
      settings.policy == .random
      || (step == 0 && settings.firstGlimpse == .uniform && settings.policy == .learned)
    for row in 0..<rows {
      location[row, 0] = isUniform ? streams[row].uniform(from: -1, to: 1) : 0
      location[row, 1] = isUniform ? streams[row].uniform(from: -1, to: 1) : 0
    }
  }

  /// s = μ + σ ε, scored as it is; the location is s clipped to the image.
  private func sample(
    _ mean: Matrix, _ score: GaussianScore, step: Int, _ standardDeviation: Float?, into location: Matrix
  ) {
    let samples = score.samples.value(at: step)
    let keepsClamped = model.settings.score == .clampedSample
    for row in 0..<rows {
      for axis in 0..<2 {
        var s = mean[row, axis]
        if let standardDeviation { s += standardDeviation * streams[row].normal() }
        let clipped = min(max(s, -1), 1)
        samples[row, axis] = keepsClamped ? clipped : s
        location[row, axis] = clipped
      }
    }
  }

  private func look(step: Int) {
    let (patch, location) = (patches.value(at: step), locations.value(at: step))
    let (side, episodes) = (batch.side, model.settings.episodes)
    let tableSize = retina.scales > 1 ? SummedAreaTable.count(side: side) : 0
    let areTablesLarge = tableSize * batch.capacity * MemoryLayout<Int32>.stride > Self.cacheBytes
    for row in 0..<rows {
      let image = row / episodes
      let later = row + Self.prefetchDistance
      if areTablesLarge && later < rows {
        let image = later / episodes
        retina.prefetch(
          pixels: batch.image(image), table: tables + image * tableSize, side: side, x: location[later, 0],
          y: location[later, 1])
      }
      retina.read(
        pixels: batch.image(image), table: tables + image * tableSize, side: side, x: location[row, 0],
        y: location[row, 1], into: patch.row(row))
    }
  }
}
