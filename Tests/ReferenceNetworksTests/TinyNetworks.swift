import Foundation
import NumericCore
import ReferenceNetworks

/// Both networks, small enough for central differences. Layers of 33 units read transposed copies of their
/// weights.
enum Tiny: CaseIterable {
  case fullyConnected, convolutional

  static let imageSide = 9
  static let classCount = 4

  func learner(seed: UInt64) -> any Learner {
    switch self {
    case .fullyConnected:
      FullyConnectedNetwork(imageSide: Self.imageSide, units: 33, classCount: Self.classCount, seed: seed)
    case .convolutional:
      ConvolutionalNetwork(
        imageSide: Self.imageSide, filters: 3, filterSide: 4, stride: 2, units: 33,
        classCount: Self.classCount, seed: seed)
    }
  }

  func plain(_ parameters: Parameters) -> PlainNetwork {
    switch self {
    case .fullyConnected:
      PlainNetwork(parameters) { network, image in
        let h1 = network.rectified(network.linear(image, "hidden.1"))
        let h2 = network.rectified(network.linear(h1, "hidden.2"))
        return network.linear(h2, "action")
      }
    case .convolutional:
      PlainNetwork(parameters) { network, image in
        let c = network.convolution(image, side: Self.imageSide, filterSide: 4, stride: 2, "filters")
        let h = network.rectified(network.linear(c, "hidden"))
        return network.linear(h, "action")
      }
    }
  }
}

/// A bright square of 3x3 pixels in one of four quarters of a noisy image: the quarter is the class.
struct Quadrants {
  private var stream: RandomStream

  init(seed: UInt64) { stream = RandomStream(seed: seed, .analysis, epoch: 1) }

  mutating func fill(_ batch: ImageBatch) {
    batch.count = batch.capacity
    for index in 0..<batch.count {
      let label = stream.integer(below: 4)
      batch.labels[index] = UInt8(label)
      let image = batch.image(index)
      for i in 0..<batch.side * batch.side { image[i] = UInt8(stream.integer(below: 100)) }
      let (top, left) = (label / 2 * 5 + stream.integer(below: 2), label % 2 * 5 + stream.integer(below: 2))
      for row in top..<top + 3 {
        for column in left..<left + 3 { image[row * batch.side + column] = 255 }
      }
    }
  }
}

extension Learner {
  /// One shard's part of a batch's gradient.
  func train(_ examples: Examples, batchSize: Int, into gradients: GradientBuffer) -> Tally {
    let worker = makeWorker(images: examples.bytes.count, side: Tiny.imageSide)
    examples.fill(worker.batch)
    return worker.train(
      TrainingStep(seed: 1, firstExample: 0, batchSize: batchSize, standardDeviation: 0), into: gradients)
  }

  /// Steps of Adam on batches of 20; returns the last one's sums.
  func fit(_ task: inout Quadrants, steps: Int) -> Tally {
    let worker = makeWorker(images: 20, side: Tiny.imageSide)
    let gradients = GradientBuffer(for: parameters)
    let optimizer = Optimizer(.adam(), for: parameters)
    var tally = Tally()
    for step in 0..<steps {
      task.fill(worker.batch)
      gradients.reset()
      tally = worker.train(
        TrainingStep(seed: 1, firstExample: step * 20, batchSize: 20, standardDeviation: 0), into: gradients)
      optimizer.combine([gradients])
      optimizer.beginUpdate()
      optimizer.update(gradients, rate: 0.003)
      parameters.refreshCopies()
    }
    return tally
  }

  /// Errors on 400 new images, %.
  func errorPercent(_ task: inout Quadrants) -> Double {
    let worker = makeWorker(images: 400, side: Tiny.imageSide)
    task.fill(worker.batch)
    _ = worker.evaluate(Rollout(seed: 1, firstExample: 0, standardDeviation: nil))
    let wrong = (0..<400).count { image in
      let p = (0..<Tiny.classCount).map { worker.probabilities[image, $0] }
      return p.firstIndex(of: p.max()!) != Int(worker.batch.labels[image])
    }
    return Double(wrong) / 4
  }
}
