import Autodiff
import Learning
import Numerics

/// The recurrent attention model at work on a few examples of a world (section 3, figure 1C).
///
/// Row r of every matrix is episode r % M of example r / M; B is the number of rows, examples × M.
public final class Agent {
  public let model: RecurrentAttentionModel
  public let stage: Stage
  /// M.
  public let episodes: Int
  /// Examples × M.
  public let rows: Int
  public let graph: Graph
  /// ρ(x, l_t), [B, columns].
  public let patches: Variable
  /// l_t, inside the frame, [B, 2]; with more columns where the gaze decides more than a location.
  public let locations: Variable
  /// h_t, [B, units], and everything else that a step passes on to the next.
  public let states: CoreStates
  public let gaze: any GazeHead
  /// What it decides from h_t besides where to look.
  public let heads: [any ActionHead]
  let eye: any SensorReader
  /// Called at every step, after the model has seen the frame and before the frame changes.
  public var observer: ((_ step: Int) -> Void)?
  /// Whether the frames are those of the previous run, so that what was computed from them is still valid.
  public var keepsFrames = false

  private let streams: UnsafeMutablePointer<RandomStream>

  /// - Parameters:
  ///   - episodes: M, runs of each example side by side.
  ///   - readsEveryGlimpse: whether the class is read after every glimpse, for analysis.
  ///   - isForwardOnly: whether it has no memory for gradients, so that it cannot be trained.
  public init(
    _ model: RecurrentAttentionModel, on stage: Stage, episodes: Int = 1, readsEveryGlimpse: Bool = false,
    isForwardOnly: Bool = false
  ) {
    self.model = model
    self.stage = stage
    self.episodes = episodes
    rows = stage.capacity * episodes
    eye = model.network.sensor.makeReader(frames: stage.capacity, side: stage.side)
    let steps = model.network.steps(on: stage.world)
    let unrolled = model.unroll(steps: steps, rows: rows, isForwardOnly: isForwardOnly)
    (graph, patches, locations, states) = (
      unrolled.graph, unrolled.patches, unrolled.locations, unrolled.states
    )
    let (state, graph) = (states.state, graph)
    heads = model.actions.map { action in
      let steps = action.steps(glimpses: steps, readsEveryGlimpse: readsEveryGlimpse)
      return action.attach(to: state.during(steps), in: graph)
    }
    gaze = model.gaze.attach(to: state, in: graph, on: stage)
    require(
      gaze.score == nil || model.network.gaze.decides(glimpses: steps),
      "the gaze '\(model.network.gaze.configuration.kind)' has a score function, but its decides(glimpses:) is false, so it "
        + "would have no baseline; return true")
    require(
      gaze.score == nil || model.network.gaze.isStochastic(glimpses: steps),
      "the gaze '\(model.network.gaze.configuration.kind)' has a score function, but its isStochastic(glimpses:) is false; "
        + "return true")
    streams = graph.arena.take(count: rows)
  }

  /// Looks, remembers, decides and acts, T times.
  public func run(_ run: AgentRun) {
    prepare(run)
    for t in 0..<graph.steps {
      let moment = Moment(step: t, progress: run.progress, isSampled: run.isSampled, streams: streams)
      let (location, patch) = (locations.value(at: t), patches.value(at: t))
      choose(moment, into: location)  // l_t ~ π(· | h_{t-1})
      eye.look(stage.frames, at: location, rowsPerFrame: episodes, into: patch)  // ρ(x_t, l_t)
      graph.forward(step: t)  // g_t = f_g(ρ, l_t), h_t = f_h(h_{t-1}, g_t), and what the heads make of h_t
      observer?(t)
      for head in heads { head.decide(moment, on: stage) }  // a_t = f_a(h_t), and x_{t+1}
      if model.changesFrames, t + 1 < graph.steps { eye.prepare(stage.frames, count: stage.count) }
    }
  }

  private func choose(_ moment: Moment, into locations: Matrix) {
    checkLocations(locations, step: moment.step) { gaze.choose(moment, into: locations) }
  }

  /// Makes sure that a gaze has written every number of every example, and locations inside the frame. NaNs pass: they are
  /// those of a training that diverges, which has a sentence of its own.
  func checkLocations(_ locations: Matrix, step: Int, _ write: () -> Void) {
    let missing = -Float.greatestFiniteMagnitude
    let used = 0..<(stage.count * episodes)
    for row in used {
      locations.row(row).update(repeating: missing, count: locations.columns)
    }
    write()
    for row in used {
      for column in 0..<locations.columns {
        let number = locations[row, column]
        require(
          number != missing,
          "the gaze '\(model.network.gaze.configuration.kind)' writes no number \(column) in row \(row) at step \(step)"
        )
        require(
          column > 1 || !(abs(number) > 1),
          "the gaze '\(model.network.gaze.configuration.kind)' looks at \(number) in row \(row) at step \(step), which is "
            + "outside of the frame, ±1")
      }
    }
  }

  /// The step after which the model answers for a row.
  public func answerStep(_ row: Int) -> Int {
    heads.lazy.compactMap { $0.answerStep(row) }.first ?? graph.steps - 1
  }

  private func prepare(_ run: AgentRun) {
    if !keepsFrames { eye.prepare(stage.frames, count: stage.count) }
    for row in 0..<rows { streams[row] = run.stream(run.purpose, row: row, episodes: episodes) }
    for head in heads { head.begin(run, on: stage, episodes: episodes) }
  }
}

/// Which random numbers an agent draws, and whether it samples.
public struct AgentRun {
  public var seed: UInt64
  public var purpose: StreamPurpose
  /// The number of the rollout.
  public var rollout: Int
  /// The number of the first example.
  public var firstExample: Int
  public var isSampled: Bool
  public var progress: Progress

  /// The run of a replica in a training step: sampled.
  public init(_ step: TrainingStep) {
    seed = step.seed
    purpose = .locations
    rollout = 0
    firstExample = step.firstExample
    isSampled = true
    progress = step.progress
  }

  /// A rollout of an evaluation. Validation and test scenes of one number share its random numbers, which are independent
  /// of both scenes.
  public init(_ rollout: Rollout) {
    seed = rollout.seed
    purpose = .evaluation
    self.rollout = rollout.index
    firstExample = rollout.firstExample
    isSampled = rollout.isSampled
    progress = rollout.progress
  }

  /// The random numbers of a row for one purpose. Row r is episode r % M of example r / M.
  public func stream(_ purpose: StreamPurpose, row: Int, episodes: Int) -> RandomStream {
    RandomStream(seed: seed, purpose, epoch: rollout, example: firstExample * episodes + row)
  }
}
