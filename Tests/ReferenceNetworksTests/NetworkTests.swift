import Foundation
import NumericCore
import ReferenceNetworks
import Testing

@Suite("Reference networks")
struct NetworkTests {
  init() { prepareThreadForArithmetic() }

  // MARK: - Sizes

  @Test("parameter counts are the paper's, worked by hand")
  func parameterCounts() {
    // (3600 + 1) 64 + (64 + 1) 64 + (64 + 1) 10
    #expect(FullyConnectedNetwork(imageSide: 60, units: 64, seed: 1).parameters.count == 235_274)
    // (100 + 1) 8 + (121 8 + 1) 256 + (256 + 1) 10
    #expect(ConvolutionalNetwork(imageSide: 60, seed: 1).parameters.count == 251_442)
    // (100 + 1) 8 + (361 8 + 1) 86 + (86 + 1) 10
    #expect(ConvolutionalNetwork(imageSide: 100, units: 86, seed: 1).parameters.count == 250_132)
  }

  @Test("multiply-adds are one for every weight, in a convolution at every place: worked by hand")
  func multiplyAdds() {
    // 784 256 + 256 256 + 256 10
    #expect(FullyConnectedNetwork(imageSide: 28, units: 256, seed: 1).multiplyAddsPerImage == 268_800)
    // 16 places: 16 100 8 + 16 8 256 + 256 10
    #expect(ConvolutionalNetwork(imageSide: 28, seed: 1).multiplyAddsPerImage == 48_128)
  }

  // MARK: - Gradients

  @Test("the gradient is the central difference of the batch's mean cross entropy", arguments: Tiny.allCases)
  func gradient(tiny: Tiny) {
    let learner = tiny.learner(seed: 2)
    let plain = tiny.plain(learner.parameters)
    let examples = Examples(count: 3, side: Tiny.imageSide, classes: Tiny.classCount, seed: 3)
    let gradients = GradientBuffer(for: learner.parameters)
    gradients.flat.update(repeating: .nan, count: learner.parameters.length)  // what a reset forgets
    gradients.reset()
    let tally = learner.train(examples, batchSize: 7, into: gradients)

    #expect(tally.examples == 3)
    #expect(abs(tally.crossEntropy - plain.crossEntropy(examples)) < 3e-6)
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
  func shards(tiny: Tiny) {
    let learner = tiny.learner(seed: 2)
    let examples = Examples(count: 4, side: Tiny.imageSide, classes: Tiny.classCount, seed: 5)
    var (front, back) = (examples, examples)
    (front.bytes, front.labels) = (Array(examples.bytes[..<2]), Array(examples.labels[..<2]))
    (back.bytes, back.labels) = (Array(examples.bytes[2...]), Array(examples.labels[2...]))
    let (whole, halves) = (GradientBuffer(for: learner.parameters), GradientBuffer(for: learner.parameters))
    whole.reset()
    halves.reset()
    let tally = learner.train(examples, batchSize: 4, into: whole)
    var sum = learner.train(front, batchSize: 4, into: halves)
    sum += learner.train(back, batchSize: 4, into: halves)
    #expect(sum.examples == tally.examples && sum.errors == tally.errors)
    #expect(abs(sum.crossEntropy - tally.crossEntropy) < 3e-6)
    for tensor in learner.parameters.tensors {
      #expect(largestDifference(numbers(whole[tensor]), numbers(halves[tensor])) < gradientTolerance)
    }
  }

  // MARK: - Evaluation

  @Test(
    "an evaluation counts the filled images only, and gives the plain network's probabilities",
    arguments: Tiny.allCases)
  func evaluation(tiny: Tiny) {
    let learner = tiny.learner(seed: 8)
    let plain = tiny.plain(learner.parameters)
    let worker = learner.makeWorker(images: 5, side: Tiny.imageSide)
    // Five images first, so that those left over of them could be counted.
    for count in [5, 2] {
      let examples = Examples(count: count, side: Tiny.imageSide, classes: Tiny.classCount, seed: 9)
      examples.fill(worker.batch)
      let crossEntropy = worker.evaluate(Rollout(seed: 1, firstExample: 0, standardDeviation: nil))
      #expect(abs(Double(crossEntropy) - plain.crossEntropy(examples)) < 5e-6)
      for image in 0..<count {
        var single = examples
        (single.bytes, single.labels) = ([examples.bytes[image]], [examples.labels[image]])
        let p = Double(worker.probabilities[image, examples.labels[image]])
        #expect(abs(log(p) + plain.crossEntropy(single)) < 1e-6)
      }
    }
  }

  // MARK: - Training

  @Test("the same seed trains to the same bytes, another seed to others", arguments: Tiny.allCases)
  func sameBytes(tiny: Tiny) {
    func trained(seed: UInt64) -> [Float] {
      let learner = tiny.learner(seed: seed)
      var task = Quadrants(seed: 1)
      _ = learner.fit(&task, steps: 5)
      return Array(UnsafeBufferPointer(start: learner.parameters.flat, count: learner.parameters.length))
    }
    #expect(trained(seed: 1) == trained(seed: 1))
    #expect(trained(seed: 1) != trained(seed: 2))
  }

  @Test("it learns in which quarter of a noisy image a bright square stands", arguments: Tiny.allCases)
  func learns(tiny: Tiny) {
    let learner = tiny.learner(seed: 1)
    var task = Quadrants(seed: 1)
    // 400 images of 4 classes: chance is 75 %, give or take 2.2.
    #expect(learner.errorPercent(&task) > 50)
    let last = learner.fit(&task, steps: 200)
    #expect(learner.errorPercent(&task) < 2)
    #expect(last.meanCrossEntropy < 0.1)
  }
}
