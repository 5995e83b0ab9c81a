import NumericCore

/// Runs a network that sees whole images, a few at a time, in one step of time.
public final class ImageNetworkWorker: LearnerWorker {
  public let batch: ImageBatch
  private let graph: Graph
  /// Pixels in [0, 1], [B, side²]: what is not trained needs no gradient.
  private let pixels: Variable
  private let classification: SoftmaxCrossEntropy

  /// - Parameter network: appends the network to a graph, given pixels [B, side²]; returns the logits [B,
  ///   classes].
  init(
    parameters: Parameters, images: Int, side: Int, network: (_ pixels: Variable, _ graph: Graph) -> Variable
  ) {
    batch = ImageBatch(capacity: images, side: side)
    graph = Graph(steps: 1, batch: images, parameters: parameters)
    pixels = graph.variable(columns: side * side, gradient: false, dense: true)
    classification = graph.softmaxCrossEntropy(network(pixels, graph))
  }

  public var probabilities: Matrix { classification.probabilities.value(at: 0) }
  public var bytes: Int { graph.arena.bytes + batch.capacity * batch.side * batch.side }

  public func train(_ step: TrainingStep, into gradients: GradientBuffer) -> Tally {
    precondition(
      batch.count == batch.capacity, "a training shard of \(batch.count) images in \(batch.capacity) places")
    classification.weight = 1 / Float(step.batchSize)
    forward()
    graph.backward(into: gradients)
    var tally = Tally()
    tally.examples = batch.count
    for image in 0..<batch.count {
      tally.crossEntropy += Double(classification.losses[image])
      if classification.prediction(step: 0, example: image) != Int(batch.labels[image]) { tally.errors += 1 }
    }
    return tally
  }

  /// Nothing is sampled: every rollout gives the same. Places that hold no image are computed and not
  /// counted.
  public func evaluate(_ rollout: Rollout) -> Float {
    forward()
    var crossEntropy: Float = 0
    for image in 0..<batch.count { crossEntropy += classification.losses[image] }
    return crossEntropy
  }

  private func forward() {
    let (source, destination) = (UnsafePointer(batch.pixels), pixels.value(at: 0).pointer)
    let scale: Float = 1 / 255
    for i in 0..<(batch.count * batch.side * batch.side) { destination[i] = Float(source[i]) * scale }
    classification.labels.update(from: batch.labels, count: batch.capacity)
    graph.forward(step: 0)
  }
}
