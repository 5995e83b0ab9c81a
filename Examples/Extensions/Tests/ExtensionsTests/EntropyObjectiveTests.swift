import Autodiff
import Learning
import Numerics
import RecurrentAttention
import Testing

@testable import Extensions

@Suite("EntropyObjective")
struct EntropyObjectiveTests {
  @Test(
    "the entropy's gradient is central differences, alone and beside the cross entropy", arguments: [0, 0.5])
  func gradient(crossEntropy: Float) {
    let parameters = Parameters()
    let layer = LinearLayer("action", inputs: 3, outputs: 4, in: parameters)
    fill(parameters, seed: 1)
    let graph = Graph(steps: 1, batch: 5, parameters: parameters)
    let x = graph.variable(columns: 3)
    fill(x.allValues, seed: 2)
    let loss = graph.softmaxCrossEntropy(graph.linear(x, layer))
    let bonus = EntropyBonus(of: loss, in: graph)
    (loss.weight, bonus.weight) = (crossEntropy, 0.7)
    for row in 0..<5 { loss.labels[row] = UInt8(row % 4) }
    expectGradients(in: graph, inputs: [x], h: 0x1p-7) {
      (0..<5).reduce(0) { $0 + Double(crossEntropy * loss.losses[$1] - 0.7 * bonus.value($1)) }
    }
  }

  @Test("the reward is 1 for a sure answer, ⅓ for a probability of e⁻², 0 from e⁻³ on")
  func reward() {
    func value(_ p: Float) -> Float { LogProbability().value(of: Answer(isRight: false, probability: p)) }
    #expect(value(1) == 1 && value(0.04) == 0 && value(0) == 0)
    #expect(abs(value(0.1353353) - 1 / 3) < 1e-5)
  }

  @Test("its entropy is a training metric: for two labels of 3 classes, at most 2 log 3")
  func metrics() throws {
    let world = Noise(classCounts: [3, 3])
    let network = tiny { $0.objective = EntropyObjective(entropyWeight: .linear(from: 0.1)) }
    try network.check(on: world)
    let learner = network.makeLearner(for: world, seed: 1)
    #expect(learner.metrics.last?.name == "class_entropy")
    #expect(learner.schedules.map(\.name).contains("class_entropy_weight"))
    let gradients = GradientBuffer(for: learner.parameters)
    let metrics = try learner.makeReplica(on: world, examples: 8).train(
      TrainingStep(seed: 1, firstExample: 0, batchSize: 8, progress: Progress(fraction: 0, epoch: 0)),
      into: gradients)
    let entropy = metrics.mean(learner.metrics.count - 1)
    #expect(entropy > 1 && entropy < 2.1973)
  }

  @Test("a model becomes sure of what is easy to tell apart, unless entropy is rewarded")
  func effect() throws {
    let entropies = try [Schedule.constant(0), .constant(1)].map { weight in
      let network = tiny {
        $0.objective = EntropyObjective(entropyWeight: weight)
        // Wide enough that no layer is dead.
        ($0.core, $0.glimpseNetwork) = (RectifierCore(units: 64), .init(patch: 64, location: 64, output: 64))
      }
      let settings = TrainingSettings(
        epochs: 1, examplesPerEpoch: 32 * 60, batchSize: 32, learningRate: .constant(1e-2))
      let pool = try WorkerPool(threads: 1)
      let world = Brightness()
      let trainer = Trainer(
        network.makeLearner(for: world, seed: 1), on: world, settings: settings, seed: 1, pool: pool)
      var last = Metrics()
      for _ in 0..<60 { last = try trainer.trainStep().metrics }
      return last.mean(3)
    }
    #expect(entropies[0] < 0.1 && entropies[1] > 0.5, "\(entropies)")
  }
}
