import Autodiff
import Learning
import Numerics

/// Two kinds of numbers to be told apart; the picture is left black.
struct FakeWorld: StillWorld {
  var noise: Float = 1
  let side = 1
  let classCount = 2
  var summary: String { "numbers with noise \(noise)" }
  var configuration: Configuration { Configuration("numbers").with("noise", noise) }

  func count(of split: Split) -> Int { 1_000 }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    pixels[0] = 0
    return UInt8(index % 2)
  }

  func number(_ split: Split, _ index: Int, seed: UInt64) -> Float {
    var stream = RandomStream(
      seed: split == .training ? seed : Split.fixedSeed, .scene, epoch: Int(split.rawValue), example: index)
    return Float(index % 2 * 2 - 1) + noise * stream.normal()
  }
}

/// Logistic regression on them; sampled, it sees the number through noise of its own.
struct FakeNetwork: Network {
  var isStochastic = true
  /// A setting that was added later: by default it is not written.
  var start: Float = 0
  var multiplyAdds = 10
  var metrics = [Metric.crossEntropy]

  var configuration: Configuration {
    Configuration("logistic").with("stochastic", isStochastic).with("start", start, default: 0)
  }

  func makeLearner(for world: any World, seed: UInt64) -> any Learner {
    FakeLearner(self, world as! FakeWorld)
  }
  func multiplyAdds(on world: any World) -> Int? { multiplyAdds }
}

final class FakeLearner: Learner {
  let parameters = Parameters()
  let isStochastic: Bool
  let metrics: [Metric]
  let weights: Parameter
  let world: FakeWorld

  init(_ network: FakeNetwork, _ world: FakeWorld) {
    weights = parameters.declare("weights", rows: 1, columns: 2)
    (isStochastic, metrics) = (network.isStochastic, network.metrics)
    self.world = world
    parameters.fill(weights, with: network.start)
  }

  func makeReplica(on world: any World, examples: Int) -> any Replica {
    FakeReplica(self, examples: examples)
  }

  /// log P(label 1) - log P(label 0)
  func odds(_ number: Float) -> Float {
    let w = parameters[weights]
    return w[0, 0] * number + w[0, 1]
  }
}

final class FakeReplica: Replica {
  private let learner: FakeLearner
  private let arena = Arena()
  let scores: Matrix
  private var first = 0

  init(_ learner: FakeLearner, examples: Int) {
    self.learner = learner
    scores = Matrix(arena.take(count: 2 * examples), rows: examples, columns: 2)
  }

  func train(_ step: TrainingStep, into gradients: GradientBuffer) throws -> Metrics {
    var metrics = Metrics()
    let dw = gradients[learner.weights]
    for index in step.firstExample..<(step.firstExample + step.batchSize / 2) {
      let number = learner.world.number(.training, index, seed: step.seed)
      let (p, label) = (Elementary.sigmoid(learner.odds(number)), Float(index % 2))
      dw[0, 0] += (p - label) * number / Float(step.batchSize)
      dw[0, 1] += (p - label) / Float(step.batchSize)
      metrics.examples += 1
      metrics.errors += (p > 0.5) == (label > 0.5) ? 0 : 1
      metrics.sums[0] += Double(-Elementary.log(label > 0.5 ? p : 1 - p))
    }
    return metrics
  }

  func evaluate(_ rollout: Rollout) throws -> Float {
    first = rollout.firstExample
    var loss: Float = 0
    for row in 0..<rollout.count {
      var number = learner.world.number(rollout.split, first + row, seed: rollout.seed)
      if rollout.isSampled {
        var stream = RandomStream(seed: rollout.seed, .locations, epoch: rollout.index, example: first + row)
        number += stream.normal()
      }
      let odds = learner.odds(number)
      scores[row, 1] = Elementary.sigmoid(odds)
      scores[row, 0] = 1 - scores[row, 1]
      loss += max(odds, 0) - odds * Float((first + row) % 2) + Elementary.log(1 + Elementary.exp(-abs(odds)))
    }
    return loss
  }

  func isRight(_ example: Int, scores: UnsafePointer<Float>) -> Bool {
    (scores[1] > scores[0]) == ((first + example) % 2 == 1)
  }
}

/// Trained in a moment: two epochs of twenty steps of 32 numbers.
func fakeTraining(_ change: (inout TrainingSettings) -> Void = { _ in }) -> TrainingSettings {
  var training = TrainingSettings(
    epochs: 2, examplesPerEpoch: 640, batchSize: 32, learningRate: .constant(0.01), validationExamples: 200,
    testExamples: 400)
  change(&training)
  return training
}
