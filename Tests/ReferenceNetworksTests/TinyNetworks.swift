import Foundation
import Autodiff
import Learning
import Numerics
import ReferenceNetworks

/// Both networks, small enough for central differences.
enum Tiny: CaseIterable {
  case fullyConnected, convolutional

  static let imageSide = 9
  static let classCount = 4

  var network: any Network {
    switch self {
    case .fullyConnected: FullyConnected(units: 33)
    case .convolutional: Convolutional(filters: 3, units: 33, filterSide: 4, stride: 2)
    }
  }

  func learner(seed: UInt64) -> any Learner { network.makeLearner(for: Quadrants(seed: 1), seed: seed) }

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
struct Quadrants: StillWorld {
  let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  var side: Int { Tiny.imageSide }
  var classCount: Int { Tiny.classCount }
  var summary: String { "quadrants" }
  var configuration: Configuration { Configuration("quadrants") }
  func count(of split: Split) -> Int { 1 << 20 }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    var stream = RandomStream(seed: self.seed, .analysis, epoch: 1 + Int(split.rawValue), example: index)
    let label = stream.integer(below: 4)
    for i in pixels.indices { pixels[i] = UInt8(stream.integer(below: 100)) }
    let (top, left) = (label / 2 * 5 + stream.integer(below: 2), label % 2 * 5 + stream.integer(below: 2))
    for row in top..<top + 3 {
      for column in left..<left + 3 { pixels[row * side + column] = 255 }
    }
    return UInt8(label)
  }
}

extension Learner {
  /// One shard's part of a batch's gradient.
  func train(_ examples: Examples, batchSize: Int, into gradients: GradientBuffer) throws -> Metrics {
    let replica = makeReplica(on: examples, examples: examples.bytes.count)
    return try replica.train(
      TrainingStep(
        seed: 1, firstExample: 0, batchSize: batchSize, progress: Progress(fraction: 0, epoch: 0)),
      into: gradients)
  }

  /// Steps of Adam on batches of 20; returns the last one's sums.
  func fit(_ world: Quadrants, steps: Int) throws -> Metrics {
    let replica = makeReplica(on: world, examples: 20)
    let gradients = GradientBuffer(for: parameters)
    let optimizer = Optimizer(Adam(), for: parameters)
    var metrics = Metrics()
    for step in 0..<steps {
      gradients.reset()
      let progress = Progress(fraction: 0, epoch: 0)
      metrics = try replica.train(
        TrainingStep(seed: 1, firstExample: step * 20, batchSize: 20, progress: progress), into: gradients)
      gradients.clearUntouched()
      optimizer.combine([gradients])
      optimizer.beginUpdate()
      optimizer.update(gradients, rate: 0.003)
      parameters.refreshCopies()
    }
    return metrics
  }

  /// Errors on 400 test images, %.
  func errorPercent(_ world: Quadrants) throws -> Double {
    let replica = makeReplica(on: world, examples: 400)
    _ = try replica.evaluate(Rollout(.test, firstExample: 0, count: 400, seed: 1))
    let wrong = (0..<400).count { !replica.isRight($0, scores: replica.scores.row($0)) }
    return Double(wrong) / 4
  }
}
