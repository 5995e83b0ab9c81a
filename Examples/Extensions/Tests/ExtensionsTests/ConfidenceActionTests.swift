import Autodiff
import Learning
import Numerics
import RecurrentAttention
import Testing

@testable import Extensions

@Suite("ConfidenceAction")
struct ConfidenceActionTests {
  private let confident = tiny {
    ($0.actions, $0.objective) = ([ConfidenceAction()], ConfidenceObjective())
    // Wide enough that no layer is dead.
    ($0.core, $0.glimpseNetwork) = (RectifierCore(units: 64), .init(patch: 64, location: 64, output: 64))
  }

  private func gradients(of model: RecurrentAttentionModel, on world: any World) throws -> [String: [Float]] {
    let buffer = GradientBuffer(for: model.parameters)
    let step = TrainingStep(
      seed: 1, firstExample: 0, batchSize: 8, progress: Progress(fraction: 0, epoch: 0))
    _ = try model.makeReplica(on: world, examples: 8).train(step, into: buffer)
    buffer.clearUntouched()
    return Dictionary(
      uniqueKeysWithValues: model.parameters.tensors.map { tensor in
        (tensor.name, (0..<tensor.count).map { buffer[tensor].pointer[$0] })
      })
  }

  @Test("the head's gradient is central differences, and none of it enters what it reads")
  func gradient() throws {
    let parameters = Parameters()
    let layer = LinearLayer("confidence", inputs: 3, outputs: 2, in: parameters)
    fill(parameters, seed: 1)
    let graph = Graph(steps: 1, batch: 5, parameters: parameters)
    let state = graph.variable(columns: 3)
    fill(state.allValues, seed: 2)
    let head = ConfidenceLayer(layer: layer).attach(to: state, in: graph)
    for row in 0..<5 { head.loss.labels[row] = UInt8(row % 2) }
    expectGradients(in: graph, h: 0x1p-7) { (0..<5).reduce(0) { $0 + Double(head.loss.losses[$1]) } }
    #expect((0..<5).allSatisfy { row in (0..<3).allSatisfy { state.allGradients?[row, $0] == 0 } })
  }

  @Test("everything else of the model gets the gradients that it gets without this action")
  func leavesTheRest() throws {
    let world = Noise()
    try confident.check(on: world)
    let model = RecurrentAttentionModel(confident, for: world, seed: 1)
    let plain = confident.with { ($0.actions, $0.objective) = ([], ClassificationObjective()) }
    var with = try gradients(of: model, on: world)
    #expect(with.removeValue(forKey: "confidence.weight")?.contains { $0 != 0 } == true)
    #expect(with.removeValue(forKey: "confidence.bias")?.contains { $0 != 0 } == true)
    #expect(try with == gradients(of: model.copy(as: plain, for: world), on: world))
  }

  @Test("it becomes sure of easy answers, and not of answers to noise")
  func becomesSure() throws {
    let errors = try [Brightness() as any World, Noise()].map { world in
      let settings = TrainingSettings(
        epochs: 1, examplesPerEpoch: 32 * 60, batchSize: 32, learningRate: .constant(1e-2))
      let trainer = Trainer(
        confident.makeLearner(for: world, seed: 1), on: world, settings: settings, seed: 1,
        pool: try WorkerPool(threads: 1))
      var last = Metrics()
      for _ in 0..<60 { last = try trainer.trainStep().metrics }
      return last.mean(3)
    }
    // A coin would have ¼. A third of the answers to noise are right, so the least possible error is 2/9 on average.
    #expect(errors[0] < 0.02 && errors[1] > 0.1, "\(errors)")
  }

  @Test("an objective that does not train it is refused, and its weights are read once its maker is known")
  func definitions() throws {
    let untrained = confident.with { $0.objective = ClassificationObjective() }
    let error = #expect(throws: DefinitionError.self) { try untrained.check(on: Noise()) }
    #expect(error?.problem.contains("'confidence'") == true)
    #expect(throws: DefinitionError.self) {
      try RecurrentAttention(lookingWith: confident.configuration)
    }
    var parts = KnownParts()
    parts.actions[ConfidenceAction.kind] = { _ in ConfidenceAction() }
    let rebuilt = try RecurrentAttention(lookingWith: confident.configuration, parts: parts)
    #expect(rebuilt.configuration["confidence"] == confident.configuration["confidence"])
  }
}
