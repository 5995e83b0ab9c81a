import Autodiff
import Learning
import Numerics
import Testing

@testable import Extensions

@Suite("Lion")
struct LionTests {
  @Test("three updates worked by hand: β₁ = 0.5, β₂ = 0.75, gradients 1, -0.3 and -0.08, rate 0.1")
  func byHand() {
    let parameters = Parameters()
    let w = parameters.declare("w", rows: 1, columns: 3)
    let optimizer = Optimizer(Lion(beta1: 0.5, beta2: 0.75), for: parameters)
    let gradients = GradientBuffer(for: parameters)
    for gradient: Float in [1, -0.3, -0.08] {
      gradients.reset()
      gradients[w][0, 0] = gradient
      gradients[w][0, 1] = -gradient
      gradients.clearUntouched()
      optimizer.combine([gradients])
      optimizer.beginUpdate()
      optimizer.update(gradients, rate: 0.1)
    }
    // m = 0.25, 0.1125: up, 0.5 m - 0.15 < 0 back, 0.5 m - 0.04 > 0 up. Without a gradient a weight stays.
    #expect([0, 1, 2].map { parameters[w][0, $0] } == [-0.1, 0.1, 0])
  }

  @Test("the momentum decides where the gradient is small")
  func momentum() {
    let parameters = Parameters()
    let w = parameters.declare("w", rows: 1, columns: 1)
    let optimizer = Optimizer(Lion(), for: parameters)
    let gradients = GradientBuffer(for: parameters)
    for gradient: Float in [1, -0.001] {
      gradients.reset()
      gradients[w][0, 0] = gradient
      optimizer.combine([gradients])
      optimizer.beginUpdate()
      optimizer.update(gradients, rate: 0.5)
    }
    // m = 0.01: 0.9 m - 0.1 × 0.001 > 0
    #expect(parameters[w][0, 0] == -1)
  }

  @Test("its moment is part of a checkpoint: a training that was stopped goes on with the same numbers")
  func checkpoint() throws {
    let settings = TrainingSettings(
      epochs: 1, examplesPerEpoch: 32 * 8, batchSize: 32, updateRule: Lion(), learningRate: .constant(1e-3))
    let world = Noise()
    func trainer() throws -> Trainer {
      try Trainer(
        tiny().makeLearner(for: world, seed: 1), on: world, settings: settings, seed: 1,
        pool: WorkerPool(threads: 1))
    }
    let (whole, before, after) = (try trainer(), try trainer(), try trainer())
    for _ in 0..<6 { _ = try whole.trainStep() }
    for _ in 0..<3 { _ = try before.trainStep() }
    try after.restore(before.checkpoint(), from: "memory")
    for _ in 0..<3 { _ = try after.trainStep() }
    let (expected, found) = (whole.learner.parameters, after.learner.parameters)
    #expect((0..<expected.length).allSatisfy { expected.flat[$0] == found.flat[$0] })
  }

  @Test("a β outside of 0 to 1 is refused")
  func refused() {
    #expect(throws: DefinitionError.self) { try Lion(beta1: 1).check() }
  }
}
