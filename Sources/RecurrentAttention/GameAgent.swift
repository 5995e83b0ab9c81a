import NumericCore

/// Everything that makes one game-playing agent differ from another. The paper's values (section 4.2), or
/// what it leaves open with one default each.
public struct GameAgentSettings: Sendable, Codable, Equatable {
  public enum CoarsePixels: String, Sendable, Codable {
    /// The mean of the pixels under it, as in classification: one lit pixel is 1/16 at the third scale.
    case mean
    /// Their sum: one lit pixel is 1 at every scale.
    case sum
  }

  public var retina: Retina
  public var policy = AttentionSettings.Policy.learned
  public var coarsePixels = CoarsePixels.sum  // ours: not stated
  /// What a lit pixel is worth. Three of them hardly move a layer whose weights start for a hundred inputs. With 64 units
  /// and 150,000 games an agent caught 35 % so, and 11 % with the mean and a gain of 1 (one seed each).
  public var pixelGain: Float = 8  // ours: not stated
  public var patchUnits = 128  // paper: h_g
  public var locationUnits = 128  // paper: h_l
  public var glimpseUnits = 256  // paper: g
  public var coreUnits = 256  // paper: h, LSTM
  public var squashing = Squashing.clip  // ours: the paper mentions none
  public var locationGradient = AttentionSettings.HeadGradient.headsOnly  // ours: not stated
  public var baselineGradient = AttentionSettings.HeadGradient.coreToo  // ours: not stated
  public var locationWeight: Float = 1  // ours: of the locations' score beside the actions'
  /// Of the baseline's squared error at every frame, beside the actions' score.
  public var baselineWeight: Float = 1  // ours: not stated
  public var entropyWeight: Float = 0  // ours: the paper mentions none

  public init(patchSide: Int, scales: Int) {
    retina = Retina(patchSide: patchSide, scales: scales)
  }
}

/// The recurrent attention model as a player (section 4.2): after every glimpse it chooses an action of the
/// game and where to look at the next frame, both trained with REINFORCE from the reward at the game's end.
///
///     a_t ~ softmax(Linear(h_t))          the game's action
///     l_{t+1} ~ N(squash(Linear(h_t)), σ²)
///     b_t = Linear(h_t)                   fitted to the return
public final class GameAgent<Game: ScreenGame>: Learner, @unchecked Sendable {
  public let settings: GameAgentSettings
  public let parameters = Parameters()
  let glimpseNetwork: GlimpseNetwork
  let core: CoreNetwork
  let action: LinearLayer
  /// nil when glimpses are not the agent's to choose.
  let locationNetwork: LocationNetwork?
  let baseline: LinearLayer

  /// - Parameter seed: of the initial weights.
  public init(_ settings: GameAgentSettings, playing game: Game.Type = Game.self, seed: UInt64) {
    self.settings = settings
    glimpseNetwork = GlimpseNetwork(
      retina: settings.retina, patchUnits: settings.patchUnits, locationUnits: settings.locationUnits,
      outputs: settings.glimpseUnits, in: parameters)
    core = CoreNetwork(.lstm, inputs: settings.glimpseUnits, units: settings.coreUnits, in: parameters)
    action = LinearLayer("action", inputs: settings.coreUnits, outputs: Game.choices, in: parameters)
    locationNetwork =
      settings.policy == .learned
      ? LocationNetwork(
        inputs: settings.coreUnits, hiddenUnits: nil, squashing: settings.squashing, in: parameters) : nil
    baseline = LinearLayer("baseline", inputs: settings.coreUnits, outputs: 1, in: parameters)

    glimpseNetwork.initialize(parameters, seed: seed)
    core.initialize(parameters, start: .random, seed: seed)
    parameters.initialize(action, seed: seed)
    locationNetwork?.initialize(parameters, seed: seed)
    parameters.initialize(baseline, seed: seed)
    parameters.refreshTransposedCopies()
  }

  /// Its actions are sampled, wherever it looks.
  public var isStochastic: Bool { true }
  public var state: [Float] {
    get { [] }
    set {}
  }

  public func makeWorker(images: Int, side: Int) -> any LearnerWorker { makeWorker(games: images) }
  public func makeWorker(games: Int) -> GameWorker<Game> { GameWorker(self, games: games) }

  public func finishStep(_ tally: Tally) {}
}
