import Foundation
import Autodiff
import Learning
import Numerics
import ReferenceNetworks
import Testing

@Suite("Reference networks")
struct NetworkTests {
  init() { prepareThreadForArithmetic() }

  // MARK: - Sizes

  @Test("parameter counts are the paper's, worked by hand")
  func parameterCounts() {
    // (3600 + 1) 64 + (64 + 1) 64 + (64 + 1) 10
    #expect(parameters(FullyConnected(units: 64), side: 60) == 235_274)
    // (100 + 1) 8 + (121 8 + 1) 256 + (256 + 1) 10
    #expect(parameters(Convolutional(), side: 60) == 251_442)
    // (100 + 1) 8 + (361 8 + 1) 86 + (86 + 1) 10
    #expect(parameters(Convolutional(units: 86), side: 100) == 250_132)
  }

  private func parameters(_ network: any Network, side: Int) -> Int {
    network.makeLearner(for: tenClasses(side: side), seed: 1).parameters.count
  }

  private func tenClasses(side: Int) -> Examples { Examples(count: 1, side: side, classes: 10, seed: 1) }

  @Test("multiply-adds are one for every weight, in a convolution at every place: worked by hand")
  func multiplyAdds() {
    // 784 256 + 256 256 + 256 10
    #expect(FullyConnected(units: 256).multiplyAdds(on: tenClasses(side: 28)) == 268_800)
    // 16 places: 16 100 8 + 16 8 256 + 256 10
    #expect(Convolutional().multiplyAdds(on: tenClasses(side: 28)) == 48_128)
  }

  // MARK: - Gradients

  @Test("the gradient is the central difference of the batch's mean cross entropy", arguments: Tiny.allCases)
  func gradient(tiny: Tiny) throws {
    let learner = tiny.learner(seed: 2)
    let plain = tiny.plain(learner.parameters)
    let examples = Examples(count: 3, side: Tiny.imageSide, classes: Tiny.classCount, seed: 3)
    let gradients = GradientBuffer(for: learner.parameters)
    gradients.flat.update(repeating: .nan, count: learner.parameters.length)  // what a reset forgets
    gradients.reset()
    let metrics = try learner.train(examples, batchSize: 7, into: gradients)

    #expect(metrics.examples == 3)
    #expect(abs(metrics.sums[0] - plain.crossEntropy(examples)) < 3e-6)
    for tensor in learner.parameters.tensors {
      let numeric = plain.numericGradient(tensor.name, examples, scale: 1 / 7)
      let computed = numbers(gradients[tensor])
      #expect(numeric.contains { abs($0) > 0.003 }, "\(tensor.name)")
      #expect(largestDifference(computed, numeric) < gradientTolerance, "\(tensor.name)")
      // The comparison itself can fail: one example more in the mean, and it does.
      let other = plain.numericGradient(tensor.name, examples, scale: 1 / 8)
      #expect(largestDifference(computed, other) > 100 * gradientTolerance, "\(tensor.name)")
    }
  }

  @Test("the gradient of a batch is the sum of its shards'", arguments: Tiny.allCases)
  func shards(tiny: Tiny) throws {
    let learner = tiny.learner(seed: 2)
    let examples = Examples(count: 4, side: Tiny.imageSide, classes: Tiny.classCount, seed: 5)
    let (whole, halves) = (GradientBuffer(for: learner.parameters), GradientBuffer(for: learner.parameters))
    whole.reset()
    halves.reset()
    let metrics = try learner.train(examples, batchSize: 4, into: whole)
    var sum = try learner.train(examples.some(0..<2), batchSize: 4, into: halves)
    sum += try learner.train(examples.some(2..<4), batchSize: 4, into: halves)
    #expect(sum.examples == metrics.examples && sum.errors == metrics.errors)
    #expect(abs(sum.sums[0] - metrics.sums[0]) < 3e-6)
    for tensor in learner.parameters.tensors {
      #expect(largestDifference(numbers(whole[tensor]), numbers(halves[tensor])) < gradientTolerance)
    }
  }

  // MARK: - Evaluation

  @Test(
    "an evaluation counts the filled images only, and gives the plain network's probabilities",
    arguments: Tiny.allCases)
  func evaluation(tiny: Tiny) throws {
    let learner = tiny.learner(seed: 8)
    let plain = tiny.plain(learner.parameters)
    let examples = Examples(count: 5, side: Tiny.imageSide, classes: Tiny.classCount, seed: 9)
    let replica = learner.makeReplica(on: examples, examples: 5)
    // Five images first, so that those left over of them could be counted.
    for count in [5, 2] {
      let loss = try replica.evaluate(Rollout(.validation, firstExample: 0, count: count, seed: 1))
      #expect(abs(Double(loss) - plain.crossEntropy(examples.some(0..<count))) < 5e-6)
      for image in 0..<count {
        let p = Double(replica.scores[image, examples.labels[image]])
        #expect(abs(log(p) + plain.crossEntropy(examples.some(image..<image + 1))) < 1e-6)
      }
    }
  }

  // MARK: - Training

  @Test("the same seed trains to the same bytes, another seed to others", arguments: Tiny.allCases)
  func sameBytes(tiny: Tiny) throws {
    func trained(seed: UInt64) throws -> [Float] {
      let learner = tiny.learner(seed: seed)
      _ = try learner.fit(Quadrants(seed: 1), steps: 5)
      return Array(UnsafeBufferPointer(start: learner.parameters.flat, count: learner.parameters.length))
    }
    #expect(try trained(seed: 1) == trained(seed: 1))
    #expect(try trained(seed: 1) != trained(seed: 2))
  }

  @Test("it learns in which quarter of a noisy image a bright square is", arguments: Tiny.allCases)
  func learns(tiny: Tiny) throws {
    let learner = tiny.learner(seed: 1)
    let world = Quadrants(seed: 1)
    // 400 images of 4 classes: chance is 75 %, give or take 2.2.
    #expect(try learner.errorPercent(world) > 50)
    let last = try learner.fit(world, steps: 200)
    #expect(try learner.errorPercent(world) < 2)
    #expect(last.mean(0) < 0.1)
  }
}
