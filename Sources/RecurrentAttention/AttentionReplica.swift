import Autodiff
import Learning
import Numerics

/// Trains and evaluates a recurrent attention model on a few examples at a time.
public final class AttentionReplica: Replica {
  public let agent: Agent
  /// Class probabilities of every example; for a game, whether it was lost (column 0) or won (column 1).
  public let scores: Matrix
  /// Whether the examples are those of the previous call, which then need not be drawn again; for measurements.
  public var keepsExamples = false

  private let terms: any ObjectiveTerms
  private let stage: Stage
  private let classCounts: [Int]

  public init(_ model: RecurrentAttentionModel, on world: any World, examples: Int) {
    require(
      world.classCounts == model.classifier?.classCounts ?? [],
      "the model was not made for the classes of \(world.summary)")
    stage = Stage(world, capacity: examples)
    classCounts = world.classCounts
    agent = Agent(model, on: stage, episodes: model.network.objective.episodes)
    terms = model.objective.attach(to: agent)
    let columns = agent.classifier?.columns ?? 2
    scores = Matrix(agent.graph.arena.take(count: examples * columns), rows: examples, columns: columns)
  }

  public func train(_ step: TrainingStep, into gradients: GradientBuffer) throws -> Metrics {
    try assignCredit(step)
    agent.graph.backward(into: gradients)
    agent.gaze.backward(into: gradients)
    return terms.metrics(examples: stage.count)
  }

  /// A training step without its gradients: looks, and gives every decision its credit.
  public func assignCredit(_ step: TrainingStep) throws {
    if !keepsExamples {
      try stage.begin(.training, first: step.firstExample, count: stage.capacity, seed: step.seed)
    }
    agent.run(AgentRun(step))
    terms.assignCredit(step)
  }

  /// One rollout per example. With several episodes, the scores are those of the first one, never an average.
  public func evaluate(_ rollout: Rollout) throws -> Float {
    if !keepsExamples {
      try stage.begin(rollout.split, first: rollout.firstExample, count: rollout.count, seed: rollout.seed)
    }
    agent.run(AgentRun(rollout))
    for example in 0..<stage.count {
      if let classifier = agent.classifier {
        let row = example * agent.episodes
        classifier.writeProbabilities(row, step: agent.answerStep(row), into: scores.row(example))
      } else {
        scores[example, 0] = stage.returns[example] > 0 ? 0 : 1
        scores[example, 1] = 1 - scores[example, 0]
      }
    }
    return terms.loss(examples: stage.count)
  }

  public func isRight(_ example: Int, scores: UnsafePointer<Float>) -> Bool {
    guard agent.classifier != nil else { return scores[1] > scores[0] }
    var first = 0
    for (question, classes) in classCounts.enumerated() {
      if argmax(scores + first, classes) != stage.label(example, question) { return false }
      first += classes
    }
    return true
  }
}
