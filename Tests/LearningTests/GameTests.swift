import Autodiff
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

private func makeModel(_ network: RecurrentAttention = Pointing.network()) -> RecurrentAttentionModel {
  RecurrentAttentionModel(network, for: Pointing(), seed: 5)
}

private func makeReplica(_ network: RecurrentAttention, games: Int = 32) -> AttentionReplica {
  AttentionReplica(makeModel(network), on: Pointing(), examples: games)
}

private func makeTrainer(threads: Int, steps: Int = 40) throws -> Trainer {
  let training = TrainingSettings(
    epochs: 1, examplesPerEpoch: 64 * steps, batchSize: 64, learningRate: .cosine(from: 3e-3, to: 1e-4),
    validationExamples: 200)
  return Trainer(
    makeModel(), on: Pointing(), settings: training, seed: 5, pool: try WorkerPool(threads: threads))
}

/// The gradient of one tensor over the replica's games, in a batch of 64.
private func gradient(
  _ name: String, _ replica: AttentionReplica, firstExample: Int = 0, progress: Float = 0
) throws -> [Float] {
  let parameters = replica.agent.model.parameters
  let buffer = GradientBuffer(for: parameters)
  _ = try replica.train(
    TrainingStep(
      seed: 9, firstExample: firstExample, batchSize: 64, progress: Progress(fraction: progress, epoch: 0)),
    into: buffer)
  buffer.clearUntouched()
  return parameters.tensors.filter { $0.name == name }.flatMap { tensor in
    (0..<tensor.count).map { buffer[tensor].pointer[$0] }
  }
}

@Suite("A game")
struct GameTests {
  @Test("an easy one is learned within seconds")
  func learns() throws {
    let trainer = try makeTrainer(threads: 1, steps: 300)
    let evaluator = Evaluator(trainer.learner, on: Pointing(), pool: try WorkerPool(threads: 1))
    func test() throws -> Evaluation {
      try evaluator.evaluate(
        .test, examples: 300, seed: 5, rollouts: 1, progress: Progress(fraction: 1, epoch: 0))
    }
    let before = try test()
    let result = try trainer.trainEpoch(with: evaluator)
    let after = try test()
    // Chance is a third; 300 games of it lie within 14 points of 67 % by four and more standard deviations.
    #expect((before.sampledErrorPercent ?? 0) > 50)
    #expect((after.sampledErrorPercent ?? 100) < 20 && after.errorPercent < 20)
    #expect(result.validationErrorPercent < 20)
  }

  @Test("one, two and three threads give the same bytes", arguments: [2, 3])
  func threads(count: Int) throws {
    let (alone, together) = (try makeTrainer(threads: 1), try makeTrainer(threads: count))
    for _ in 0..<6 {
      let (first, second) = (try alone.trainStep(), try together.trainStep())
      #expect(first.metrics == second.metrics && first.gradientNorm == second.gradientNorm)
    }
    #expect(alone.learner.parameters.bits == together.learner.parameters.bits)
  }

  @Test("what is sampled is never averaged over rollouts: a player did one thing or another")
  func rollouts() throws {
    let evaluator = Evaluator(makeModel(), on: Pointing(), pool: try WorkerPool(threads: 1))
    let progress = Progress(fraction: 0, epoch: 0)
    let one = try evaluator.evaluate(.test, examples: 100, seed: 5, rollouts: 1, progress: progress)
    let ten = try evaluator.evaluate(.test, examples: 100, seed: 5, rollouts: 10, progress: progress)
    #expect(one == ten && one.averagedErrorPercent == one.sampledErrorPercent)
  }

  @Test("the entropy's weight is that of the moment of training, in every shard of a batch")
  func entropy() throws {
    func replica(_ weight: Schedule) -> AttentionReplica {
      makeReplica(Pointing.network(deviation: 0.5) { $0.entropyWeight = weight })
    }
    let (falling, none, half) = (
      replica(.linear(from: 0.5, to: 0)), replica(.constant(0)), replica(.constant(0.25))
    )
    for example in [128, 160] {
      let at = try gradient("action.bias", falling, firstExample: example, progress: 0.5)
      #expect(falling.agent.player?.policy.entropyWeight == 0.25)
      #expect(try gradient("action.bias", half, firstExample: example) == at)
      #expect(try gradient("action.bias", none, firstExample: example) != at)
    }
    #expect(
      try gradient("action.bias", falling, firstExample: 256, progress: 1)
        == gradient("action.bias", none, firstExample: 256))
  }

  @Test(
    "the reach is a change of units: a head 4 times as large at a quarter of it looks at the same places")
  func reach() throws {
    // Powers of two, so that every product is exact. A weight in units c has the derivative c dL/dw.
    let (first, second) = (
      makeReplica(Pointing.network(deviation: 0.5, reach: 1)),
      makeReplica(Pointing.network(deviation: 0.5, reach: 0.25))
    )
    let (plain, scaled) = (first.agent.model.parameters, second.agent.model.parameters)
    for tensor in plain.tensors {
      let isHead = tensor.name == "location.weight" || tensor.name == "location.bias"
      for i in 0..<tensor.count {
        scaled[tensor].pointer[i] = (isHead ? 4 : 1) * plain[tensor].pointer[i]
      }
    }
    scaled.refreshCopies()
    let (here, there) = (try gradient("location.weight", first), try gradient("location.weight", second))
    #expect(here.contains { $0 != 0 } && there == here.map { 0.25 * $0 })
    #expect(try gradient("action.weight", first) == gradient("action.weight", second))
    for step in 0..<3 {
      let (a, b) = (first.agent.locations.value(at: step), second.agent.locations.value(at: step))
      for row in 0..<32 { #expect(a[row, 0] == b[row, 0] && a[row, 1] == b[row, 1]) }
    }
  }

  @Test("a step against the action head's gradient wins as many more games as the gradient says")
  func unbiasedGradient() throws {
    // The derivative of the expected return along its gradient g is |g|²: a step of ε against the gradient of
    // the loss changes E[R] by ε |g|², measured by playing the same games with the same random numbers at
    // both ends.
    let trainer = try makeTrainer(threads: 1)
    for _ in 0..<20 { _ = try trainer.trainStep() }
    let learner = try #require(trainer.learner as? RecurrentAttentionModel)
    let games = 2_000
    let replica = AttentionReplica(learner, on: Pointing(), examples: games)
    let gradients = GradientBuffer(for: learner.parameters)
    let start = Progress(fraction: 0, epoch: 0)
    _ = try replica.train(
      TrainingStep(seed: 9, firstExample: 0, batchSize: games, progress: start), into: gradients)
    gradients.clearUntouched()
    // Only the action head, which the baseline's error does not reach.
    let action = try #require(learner.parameters.tensors.first { $0.name == "action.weight" })
    let (weight, gradient) = (learner.parameters[action], gradients[action])
    var square = 0.0
    for i in 0..<action.count { square += Double(gradient.pointer[i]) * Double(gradient.pointer[i]) }
    let step = Float(1.5 / square.squareRoot())

    func meanReturn() throws -> Double {
      var wins = 0
      for rollout in 0..<10 {
        _ = try replica.evaluate(
          Rollout(
            .training, firstExample: 0, count: games, seed: 9, index: rollout, isSampled: true,
            progress: start))
        for row in 0..<games { wins += replica.scores[row, 1] > 0 ? 1 : 0 }
      }
      return Double(wins) / Double(10 * games)
    }
    for i in 0..<action.count { weight.pointer[i] -= step * gradient.pointer[i] }
    let better = try meanReturn()
    for i in 0..<action.count { weight.pointer[i] += 2 * step * gradient.pointer[i] }
    let worse = try meanReturn()
    let expected = 2 * Double(step) * square
    // 20,000 games at each end: a standard deviation of 0.005 on the difference without common numbers.
    #expect(expected > 0.03)
    #expect(abs((better - worse) - expected) < 0.25 * expected + 0.015, "\(better - worse) where \(expected)")
  }
}

@Test("at its mean a player takes the most probable action, whatever the seed")
func mostProbableAction() throws {
  let model = RecurrentAttentionModel(Pointing.network(), for: Pointing(), seed: 5)
  let replica = AttentionReplica(model, on: Pointing(), examples: 32)
  func actions(_ seed: UInt64, isSampled: Bool) throws -> [UInt8] {
    _ = try replica.evaluate(
      Rollout(.test, firstExample: 0, count: 32, seed: seed, isSampled: isSampled))
    let player = try #require(replica.agent.player)
    return (0..<32).map { player.policy.actions[$0] }
  }
  let player = try #require(replica.agent.player)
  let first = try actions(1, isSampled: false)
  #expect((0..<32).allSatisfy { Int(first[$0]) == player.policy.best(step: 0, example: $0) })
  #expect(try actions(1, isSampled: true) != first)
}
