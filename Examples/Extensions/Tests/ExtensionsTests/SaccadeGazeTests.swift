import Autodiff
import Learning
import Numerics
import RecurrentAttention
import Testing

@testable import Extensions

@Suite("SaccadeGaze")
struct SaccadeGazeTests {
  private let gaze = SaccadeGaze(deviation: .constant(0.4), reach: 0.8)

  @Test("the gradient of its score is central differences, down to the states")
  func gradient() throws {
    let parameters = Parameters()
    let layer = gaze.declare(units: 4, glimpses: 3, in: parameters)
    fill(parameters, seed: 1)
    let graph = Graph(steps: 3, batch: 5, parameters: parameters)
    let state = graph.variable(columns: 4)
    fill(state.allValues, seed: 2)
    let score = try #require(
      layer.attach(to: state, in: graph, on: Stage(Noise(), capacity: 5)).score as? GaussianScore)
    fill(score.samples.allValues, seed: 3)
    fill(score.advantages.allValues, seed: 4)
    (score.standardDeviation, score.weight) = (0.8, 0.3)
    expectGradients(in: graph, inputs: [state], h: 0x1p-7) {
      var sum = 0.0
      for step in 0..<2 {
        for row in 0..<5 {
          sum -=
            0.3
            * Double(
              score.advantages.value(at: step)[row, 0] * score.logProbability(step: step, example: row))
        }
      }
      return sum
    }
  }

  private func agent(isSampled: Bool) throws -> Agent {
    prepareThreadForArithmetic()
    let network = tiny { ($0.gaze, $0.glimpses) = (gaze, 5) }
    let world = Noise()
    let model = RecurrentAttentionModel(network, for: world, seed: 1)
    fill(model.parameters, seed: 7)
    let stage = Stage(world, capacity: 6)
    try stage.begin(.training, first: 0, count: 6, seed: 1)
    let agent = Agent(model, on: stage)
    agent.run(AgentRun(Rollout(.training, firstExample: 0, count: 6, seed: 1, isSampled: isSampled)))
    return agent
  }

  @Test(
    "every place is the one before and a jump, clipped to the frame; the first is the centre",
    arguments: [true, false])
  func places(isSampled: Bool) throws {
    let agent = try agent(isSampled: isSampled)
    let score = try #require(agent.gaze.score as? GaussianScore)
    #expect((0..<6).allSatisfy { agent.locations.value(at: 0)[$0, 0] == 0 })
    for t in 1..<5 {
      let (before, here) = (agent.locations.value(at: t - 1), agent.locations.value(at: t))
      let (mean, sample) = (score.mean.value(at: t - 1), score.samples.value(at: t - 1))
      for row in 0..<6 {
        for axis in 0..<2 {
          #expect(here[row, axis] == min(max(before[row, axis] + 0.8 * sample[row, axis], -1), 1))
          #expect((sample[row, axis] == mean[row, axis]) == !isSampled)
        }
      }
    }
  }

  @Test(
    "the place on the other side is where the mirror image of the jump ends"
  )
  func antithetic() throws {
    let agent = try agent(isSampled: true)
    let score = try #require(agent.gaze.score as? GaussianScore)
    let arena = Arena()
    let other = Matrix(arena.take(count: 12), rows: 6, columns: 2)
    agent.gaze.writeAntitheticLocation(step: 2, into: other)
    let (before, mean, sample) = (
      agent.locations.value(at: 1), score.mean.value(at: 1), score.samples.value(at: 1)
    )
    for row in 0..<6 {
      for axis in 0..<2 {
        let jump = 2 * mean[row, axis] - sample[row, axis]
        #expect(abs(other[row, axis] - min(max(before[row, axis] + 0.8 * jump, -1), 1)) < 1e-6)
      }
    }
  }

  @Test("it can be given credit by looking twice")
  func lookAhead() throws {
    let world = Noise()
    let network = tiny {
      $0.gaze = gaze
      $0.objective = ClassificationObjective {
        ($0.reward, $0.baseline, $0.advantage) = (RightProbability(), ClassBaseline(), LookAhead(lambda: 0.5))
      }
    }
    try network.check(on: world)
    let learner = network.makeLearner(for: world, seed: 1)
    let gradients = GradientBuffer(for: learner.parameters)
    _ = try learner.makeReplica(on: world, examples: 8).train(
      TrainingStep(seed: 1, firstExample: 0, batchSize: 8, progress: Progress(fraction: 0, epoch: 0)),
      into: gradients)
    gradients.clearUntouched()
    let jump = try #require(learner.parameters.tensors.first { $0.name == "saccade.weight" })
    #expect((0..<jump.rows).contains { gradients[jump][$0, 0] != 0 })
  }
}
