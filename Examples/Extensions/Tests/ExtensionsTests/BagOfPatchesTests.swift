import Autodiff
import Learning
import Numerics
import Testing

@testable import Extensions

@Suite("BagOfPatches")
struct BagOfPatchesTests {
  private let network = BagOfPatches(patches: 3, patchSide: 2, units: 5)
  private let world = Noise(classCounts: [3, 4])

  @Test("the whole network's gradient is central differences, two labels together")
  func gradient() {
    let learner = BagOfPatchesLearner(network, for: world, seed: 1)
    fill(learner.parameters, seed: 2)
    let graph = Graph(steps: 3, batch: 4, parameters: learner.parameters)
    let patches = graph.variable(columns: 4, gradient: false)
    fill(patches.allValues, seed: 3)
    let losses = learner.losses(of: patches, in: graph)
    for (question, loss) in losses.enumerated() {
      loss.weight = 0.5
      for row in 0..<4 { loss.labels[row] = UInt8((row + question) % 3) }
    }
    expectGradients(in: graph) {
      losses.reduce(0) { sum, loss in (0..<4).reduce(sum) { $0 + 0.5 * Double(loss.losses[$1]) } }
    }
  }

  @Test("the gradient of the mean is central differences")
  func mean() {
    let graph = Graph(steps: 3, batch: 2, parameters: Parameters())
    let x = graph.variable(columns: 4)
    fill(x.allValues, seed: 4)
    let probe = graph.probe(MeanOverSteps(of: x, in: graph).y, seed: 5)
    expectGradients(in: graph, inputs: [x]) { probe.loss }
  }

  @Test(
    "the same key gives the same answer, another rollout another one; probabilities of each label add up to 1"
  )
  func rollouts() throws {
    prepareThreadForArithmetic()
    try network.check(on: world)
    let replica = network.makeLearner(for: world, seed: 1).makeReplica(on: world, examples: 4)
    func scores(_ index: Int) throws -> [Float] {
      _ = try replica.evaluate(Rollout(.test, firstExample: 0, count: 4, seed: 1, index: index))
      return (0..<4).flatMap { row in (0..<7).map { replica.scores[row, $0] } }
    }
    let first = try scores(0)
    #expect(try first == scores(0))
    #expect(try first != scores(1))
    #expect(abs(first[0..<3].reduce(0, +) - 1) < 1e-6 && abs(first[3..<7].reduce(0, +) - 1) < 1e-6)
  }

  @Test("it learns the labels of a few scenes")
  func learns() throws {
    let settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 32 * 200, batchSize: 32, learningRate: .constant(1e-2))
    let trainer = Trainer(
      BagOfPatches(patches: 8, patchSide: 4, units: 32).makeLearner(for: Brightness(), seed: 1),
      on: Brightness(),
      settings: settings, seed: 1, pool: try WorkerPool(threads: 1))
    var last = Metrics()
    for _ in 0..<200 { last = try trainer.trainStep().metrics }
    #expect(last.errorPercent < 10)
  }

  @Test("patches that do not fit are refused")
  func refused() {
    #expect(throws: DefinitionError.self) { try BagOfPatches(patchSide: 17).check(on: world) }
  }
}
