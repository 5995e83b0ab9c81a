import Autodiff
import Learning
import RecurrentAttention
import StudyKit

/// REINFORCE's gradient of the location network (equation 2) of a model with fixed parameters, one glimpse at a time.
/// Every draw has a new batch of scenes and places, as in training.
struct GlimpseGradients {
  private let model: RecurrentAttentionModel
  private let objective: ClassificationObjective
  private let replica: AttentionReplica
  private let score: GaussianScore
  /// Scenes in a batch.
  private let scenes: Int
  private let progress: Progress
  /// t: the decisions after glimpses 1 to T - 1.
  private var decisions: Range<Int> { 0..<score.mean.steps.count }

  /// - Parameters:
  ///   - learned: the model whose parameters are used, except those of its baseline.
  ///   - episodes: how many are in a batch; the M episodes of a scene stand one after the other.
  ///   - progress: how far training has come, which decides the deviation.
  init(
    of learned: RecurrentAttentionModel, by objective: ClassificationObjective, episodes: Int,
    on world: any World, at progress: Progress
  ) {
    self.objective = objective
    self.progress = progress
    scenes = episodes / objective.episodes
    model = learned.copy(as: learned.network.with { $0.objective = objective }, for: world)
    replica = AttentionReplica(model, on: world, examples: scenes)
    guard let score = replica.agent.gaze.score as? GaussianScore,
      let gaze = learned.network.gaze as? GaussianGaze, gaze.squashing == .tanh, gaze.hiddenUnits == nil
    else { preconditionFailure("the gradient is that of one linear layer and a tanh") }
    self.score = score
  }

  /// One draw: for every decision, the gradient of `location.weight` followed by that of `location.bias`.
  ///
  ///     g_t = -1/B Σ A_t [h_t, 1] (1 - μ_t²) (s_t - μ_t) / σ²            [units + 1, 2]
  func draw(_ index: Int, seed: UInt64) throws -> [[Float]] {
    try replica.assignCredit(step(index, seed: seed))
    let scale = -score.weight / (score.standardDeviation * score.standardDeviation)
    return decisions.map { t in
      let (state, mean) = (replica.agent.states.state.value(at: t), score.mean.value(at: t))
      let (samples, advantages) = (score.samples.value(at: t), score.advantages.value(at: t))
      var gradient = [Float](repeating: 0, count: (state.columns + 1) * 2)
      for row in 0..<state.rows {
        for axis in 0..<2 {
          let m = mean[row, axis]
          let d = scale * advantages[row, 0] * (samples[row, axis] - m) * (1 - m * m)
          for unit in 0..<state.columns { gradient[2 * unit + axis] += state[row, unit] * d }
          gradient[2 * state.columns + axis] += d
        }
      }
      return gradient
    }
  }

  /// Fits the baseline to these parameters: the layer b by least squares, the moving average as the mean return.
  ///
  /// - Parameter seed: of the scenes and places, which differ from those that are drawn later.
  func fitBaseline(scenes count: Int, seed: UInt64) throws {
    let tensors = model.parameters.tensors.filter { $0.name.hasPrefix("baseline.") }
    let agent = replica.agent
    guard let classifier = agent.classifier else { preconditionFailure("the return is that of an answer") }
    var fits = Array(
      repeating: LeastSquares(inputs: model.network.core.units), count: tensors.first?.columns ?? 0)
    var returns: [Float] = []
    for index in 0..<max(1, count / scenes) {
      try throwIfStopped()
      try replica.assignCredit(step(index, seed: seed))
      for row in 0..<agent.rows {
        returns.append(objective.reward.value(of: classifier.answer(row)))
        guard !fits.isEmpty else { continue }
        let column = objective.baseline.column(label: agent.stage.label(row / agent.episodes))
        for t in decisions {
          fits[column].add(agent.states.state.value(at: t).row(row), target: returns[returns.count - 1])
        }
      }
    }
    model.state = [returns.reduce(0, +) / Float(returns.count)]
    for (column, fit) in fits.enumerated() {
      var rest = fit.solution()[...]
      for tensor in tensors {
        let values = model.parameters[tensor]
        for row in 0..<tensor.rows { values[row, column] = rest.removeFirst() }
      }
    }
    model.parameters.refreshCopies()
  }

  private func step(_ index: Int, seed: UInt64) -> TrainingStep {
    TrainingStep(seed: seed, firstExample: index * scenes, batchSize: scenes, progress: progress)
  }
}
