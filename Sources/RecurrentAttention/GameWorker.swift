import NumericCore

/// Plays a few games side by side: looks at a frame, acts, and decides where to look at the next.
///
/// Row r of every matrix is game r. As examples of a trainer, game i is example i; a game that is lost is an
/// error.
public final class GameWorker<Game: ScreenGame>: LearnerWorker {
  public let agent: GameAgent<Game>
  /// The trainer's view of the games; an agent draws every frame itself.
  public let batch: ImageBatch
  public let graph: Graph
  /// ρ(x_t, l_t), [B, k g²].
  public let patches: Variable
  /// l_t, clipped to the screen, [B, 2].
  public let locations: Variable
  /// The policy of the game's actions.
  public let play: CategoricalScore
  /// The policy of locations: mean, sample and deviation in the location head's units.
  let look: GaussianScore?
  let expected: SquaredError
  /// As they stand now: while a frame is observed, as the agent sees them.
  public private(set) var games: [Game]
  /// Called at every step after the agent has seen the frame and before its action is played.
  public var observer: ((_ step: Int) -> Void)?

  private let rows: Int
  private let screens: UnsafeMutablePointer<UInt8>
  private let tables: UnsafeMutablePointer<Int32>
  private let returns: UnsafeMutablePointer<Float>
  private let streams: UnsafeMutablePointer<RandomStream>
  private let outcomes: Matrix

  init(_ agent: GameAgent<Game>, games rows: Int) {
    let settings = agent.settings
    self.agent = agent
    self.rows = rows
    batch = ImageBatch(capacity: rows, side: Game.side)
    games = (0..<rows).map { Game(seed: 0, game: $0) }
    let graph = Graph(steps: Game.decisions, batch: rows, parameters: agent.parameters)
    self.graph = graph
    let patches = graph.variable(columns: settings.retina.columns, gradient: false)
    let locations = graph.variable(columns: 2, gradient: false)
    self.patches = patches
    self.locations = locations

    // The network, forward only. Nothing is looked at after the last action.
    let state = agent.core(in: graph) { agent.glimpseNetwork(patches, locations, into: $0, in: graph) }
    play = graph.categoricalScore(logits: graph.linear(state, agent.action))
    let decisions = state.during(0..<(Game.decisions - 1))
    let mean = agent.locationNetwork.map {
      $0(settings.locationGradient == .headsOnly ? decisions.detached : decisions, in: graph)
    }
    look = mean.map { graph.gaussianScore(mean: $0) }
    let seen = settings.baselineGradient == .headsOnly ? state.detached : state
    expected = graph.squaredError(graph.linear(seen, agent.baseline))

    screens = graph.arena.take(count: rows * Game.side * Game.side)
    tables = graph.arena.take(count: rows * SummedAreaTable.count(side: Game.side))
    returns = graph.arena.take(count: rows)
    streams = graph.arena.take(count: rows)
    outcomes = Matrix(graph.arena.take(count: rows * 2), rows: rows, columns: 2)
  }

  /// Of each game whether it was lost (column 0) or won (column 1), after `evaluate`.
  public var probabilities: Matrix { outcomes }
  public var bytes: Int { graph.arena.bytes + batch.capacity * batch.side * batch.side }

  // MARK: - Training

  /// REINFORCE for actions and locations, squared error for the baseline.
  ///
  ///     L = mean over games of -Σ_t [log π(a_t) + w log N(s_{t+1}; μ_t, σ²)] (R - b_t) - β Σ_t H(π_t) + v
  ///     Σ_t (R - b_t)²
  ///
  /// The only reward is the game's last, so the return R is the same at every t.
  public func train(_ step: TrainingStep, into gradients: GradientBuffer) -> Tally {
    let settings = agent.settings
    start(set: 0, first: step.firstExample, count: rows, seed: step.seed, purpose: .locations)
    playToTheEnd(standardDeviation: step.standardDeviation, isGreedy: false)

    let perGame = 1 / Float(step.batchSize)
    expected.targets.update(from: returns, count: rows)
    expected.weight = settings.baselineWeight * perGame
    play.weight = perGame
    play.entropyWeight = settings.entropyWeight(
      afterGames: step.firstExample - step.firstExample % step.batchSize)
    look?.weight = settings.locationWeight * perGame
    look?.standardDeviation = step.standardDeviation / settings.locationScale
    fillAdvantages()
    graph.backward(into: gradients)
    return tally(rows)
  }

  /// A_t = R - b_t, for the action at t and the location decided on at t.
  private func fillAdvantages() {
    for t in 0..<graph.steps {
      let (b, a) = (expected.x.value(at: t), play.advantages.value(at: t))
      for row in 0..<rows { a[row, 0] = returns[row] - b[row, 0] }
      guard let look, look.advantages.steps.contains(t) else { continue }
      let advantages = look.advantages.value(at: t)
      for row in 0..<rows { advantages[row, 0] = a[row, 0] }
    }
  }

  /// The cross entropy is that of the policy with the actions it chose, averaged over a game's frames: as
  /// long as they are sampled, an estimate of the policy's entropy.
  private func tally(_ count: Int) -> Tally {
    var tally = Tally()
    tally.examples = count
    for row in 0..<count {
      tally.errors += returns[row] > 0 ? 0 : 1
      var sum: Float = 0
      for t in 0..<graph.steps { sum -= play.logProbability(step: t, example: row) }
      tally.crossEntropy += Double(sum / Float(graph.steps))
    }
    tally.baselineError = Double(expected.mean) * Double(count)
    return tally
  }

  // MARK: - Evaluation

  /// Without a standard deviation the most probable action is taken and the location policy's mean looked at;
  /// with one both are sampled.
  public func evaluate(_ rollout: Rollout) -> Float {
    start(
      set: rollout.exampleSet, first: rollout.firstExample, count: batch.count, seed: rollout.seed,
      purpose: .evaluation, rollout: rollout.index)
    playToTheEnd(standardDeviation: rollout.standardDeviation, isGreedy: rollout.standardDeviation == nil)
    for row in 0..<rows {
      outcomes[row, 0] = returns[row] > 0 ? 0 : 1
      outcomes[row, 1] = 1 - outcomes[row, 0]
    }
    return Float(tally(batch.count).crossEntropy)
  }

  // MARK: - Playing

  /// The first frames of games `first`... of a set; rows beyond `count` play on, but for nothing.
  private func start(
    set: Int, first: Int, count: Int, seed: UInt64, purpose: StreamPurpose, rollout: Int = 0
  ) {
    batch.count = count
    for row in 0..<rows {
      games[row] = Game(set: set, index: first + row, seed: seed)
      streams[row] = RandomStream(seed: seed, purpose, epoch: rollout, example: first + row)
      returns[row] = 0
    }
  }

  private func playToTheEnd(standardDeviation: Float?, isGreedy: Bool) {
    for step in 0..<graph.steps {
      chooseLocations(step: step, standardDeviation: standardDeviation)
      readScreens(step: step)
      graph.forward(step: step)
      act(step: step, isGreedy: isGreedy)
    }
  }

  /// l_t: the centre at first (ours: not stated), then what the state before decided on.
  private func chooseLocations(step: Int, standardDeviation: Float?) {
    let location = locations.value(at: step)
    guard step > 0, let look else {
      let isRandom = agent.settings.policy == .random
      for row in 0..<rows {
        location[row, 0] = isRandom ? streams[row].uniform(from: -1, to: 1) : 0
        location[row, 1] = isRandom ? streams[row].uniform(from: -1, to: 1) : 0
      }
      return
    }
    let (mean, samples) = (look.mean.value(at: step - 1), look.samples.value(at: step - 1))
    let scale = agent.settings.locationScale
    for row in 0..<rows {
      for axis in 0..<2 {
        var s = mean[row, axis]
        if let standardDeviation { s += standardDeviation / scale * streams[row].normal() }
        samples[row, axis] = s
        location[row, axis] = min(max(scale * s, -1), 1)
      }
    }
  }

  private func readScreens(step: Int) {
    let retina = agent.settings.retina
    let (side, cells) = (Game.side, retina.patchSide * retina.patchSide)
    let (patch, location) = (patches.value(at: step), locations.value(at: step))
    for row in 0..<rows {
      let screen = screens + row * side * side
      let table = tables + row * SummedAreaTable.count(side: side)
      games[row].draw(into: screen)
      SummedAreaTable.fill(table, pixels: screen, side: side)
      let glimpse = patch.row(row)
      retina.read(
        pixels: screen, table: table, side: side, x: location[row, 0], y: location[row, 1], into: glimpse)
      let isSummed = agent.settings.coarsePixels == .sum
      for scale in 0..<retina.scales {
        let area = agent.settings.pixelGain * (isSummed ? Float(1 << (2 * scale)) : 1)
        for cell in (scale * cells)..<((scale + 1) * cells) { glimpse[cell] *= area }
      }
    }
  }

  /// a_t for every game, and its next frame.
  private func act(step: Int, isGreedy: Bool) {
    let actions = play.actions + step * rows
    for row in 0..<rows {
      let action =
        isGreedy
        ? play.best(step: step, example: row)
        : play.sample(step: step, example: row, uniform: streams[row].uniform())
      actions[row] = UInt8(action)
    }
    observer?(step)
    for row in 0..<rows { returns[row] += games[row].play(Int(actions[row])) }
  }
}
