import Autodiff
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

@Suite("The credit of a game")
struct GameCreditTests {
  private let games = 32

  private func replica(_ change: (inout GameObjective) -> Void = { _ in }) -> AttentionReplica {
    let network = Pointing.network(deviation: 0.5, change)
    return AttentionReplica(
      RecurrentAttentionModel(network, for: Pointing(), seed: 5), on: Pointing(), examples: games)
  }

  private func train(_ replica: AttentionReplica, batchSize: Int = 32) throws -> (
    metrics: Metrics, gradients: [String: [Float]]
  ) {
    let parameters = replica.agent.model.parameters
    let buffer = GradientBuffer(for: parameters)
    let step = TrainingStep(
      seed: 9, firstExample: 0, batchSize: batchSize, progress: Progress(fraction: 0, epoch: 0))
    let metrics = try replica.train(step, into: buffer)
    buffer.clearUntouched()
    let pairs = parameters.tensors.map { tensor in
      (tensor.name, (0..<tensor.count).map { buffer[tensor].pointer[$0] })
    }
    return (metrics, Dictionary(uniqueKeysWithValues: pairs))
  }

  @Test("every place and every action earns the return less what was expected after the glimpse before")
  func advantages() throws {
    let replica = replica()
    let bias: Float = 0.25
    for name in ["baseline.weight", "baseline.bias"] {
      for tensor in replica.agent.model.parameters.tensors where tensor.name == name {
        for i in 0..<tensor.count {
          replica.agent.model.parameters[tensor].pointer[i] = name.hasSuffix("bias") ? bias : 0
        }
      }
    }
    _ = try train(replica)
    let returns = (0..<games).map { replica.agent.stage.returns[$0] }
    #expect(Set(returns) == [0, 1])
    let places = try #require(replica.agent.gaze.score)
    let actions = try #require(replica.agent.player?.policy)
    #expect(places.weight == GameObjective().locationWeight / Float(games))
    for row in 0..<games {
      for t in 0..<2 { #expect(places.advantages.value(at: t)[row, 0] == returns[row] - bias) }
      for t in 0..<3 { #expect(actions.advantages.value(at: t)[row, 0] == returns[row] - bias) }
    }
  }

  @Test("the weights of places and of the baseline scale their own gradients and no other head's")
  func weights() throws {
    let one = try train(replica()).gradients
    let twice = try train(replica { $0.locationWeight *= 2 }).gradients
    #expect(one["location.weight"]?.contains { $0 != 0 } == true)
    #expect(twice["location.weight"] == one["location.weight"]?.map { 2 * $0 })
    let fitted = try train(replica { $0.baselineWeight *= 2 }).gradients
    #expect(fitted["baseline.bias"] == one["baseline.bias"]?.map { 2 * $0 })
    for other in [twice, fitted] { #expect(other["action.weight"] == one["action.weight"]) }
    #expect(fitted["location.weight"] == one["location.weight"])
  }

  @Test("gradients are scaled by one over the batch, not the shard")
  func scale() throws {
    let (one, quarter) = (try train(replica()).gradients, try train(replica(), batchSize: 128).gradients)
    for (name, values) in one { #expect(quarter[name] == values.map { $0 / 4 }, "\(name)") }
  }

  @Test("the baseline's error trains the core where it should, and nowhere else")
  func baselineTrainsCore() throws {
    func core(_ trains: Bool, weight: Float) throws -> [Float]? {
      try train(
        replica { ($0.baselineTrainsCore, $0.baselineWeight) = (trains, weight) }
      ).gradients["core.weight"]
    }
    #expect(try core(false, weight: 1) == core(false, weight: 0))
    #expect(try core(true, weight: 1) != core(false, weight: 1))
  }

  @Test("the cross entropy is the mean of -log π over a game's frames, and the return that of the games")
  func metrics() throws {
    let replica = replica()
    let metrics = try train(replica).metrics
    let policy = try #require(replica.agent.player?.policy)
    let sum = (0..<games).reduce(0.0) { sum, row in
      (0..<3).reduce(sum) { $0 - Double(policy.logProbability(step: $1, example: row)) / 3 }
    }
    #expect(abs(metrics.mean(0) - sum / Double(games)) < 1e-5)
    let returns = (0..<games).reduce(0.0) { $0 + Double(replica.agent.stage.returns[$1]) }
    #expect(metrics.mean(2) == returns / Double(games) && metrics.examples == games)
    #expect(metrics.errors == games - Int(returns))
  }
}
