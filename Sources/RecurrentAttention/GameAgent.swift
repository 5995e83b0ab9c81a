import NumericCore

/// Everything that makes one game-playing agent differ from another. The paper's values (section 4.2), or
/// what it leaves open with one default each.
public struct GameAgentSettings: Sendable, Codable, Equatable {
  /// What a cell of a coarse scale shows. Both tell the same about where a lone pixel is, to the cell; they
  /// differ in how bright it is beside the pixels of the first scale. The paper says "resized" only.
  public enum CoarsePixels: String, Sendable, Codable {
    /// The mean of the pixels under it, as in classification: one lit pixel is 1/16 at the third scale.
    case mean
    /// Their sum: one lit pixel is 1 at every scale.
    case sum
  }

  public var retina: Retina
  public var policy = AttentionSettings.Policy.learned
  /// The sum: an agent that may not look about should lose by what it cannot resolve, not by contrast. With the
  /// mean and a gain of 16, agents of 128 units learned as fast: after 160,000 games 56 % looking about and
  /// 56 % at the centre, with the sum 64 and 56 % (one seed each).
  public var coarsePixels = CoarsePixels.sum  // ours: not stated
  /// What a lit pixel is worth. Three of them hardly move a layer whose weights start for a hundred inputs. With 64 units
  /// and 150,000 games an agent caught 35 % so, and 11 % with the mean and a gain of 1 (one seed each).
  public var pixelGain: Float = 8  // ours: not stated
  public var patchUnits = 128  // paper: h_g
  public var locationUnits = 128  // paper: h_l
  public var glimpseUnits = 256  // paper: g
  public var coreUnits = 256  // paper: h, LSTM
  /// What a unit of the location head's output is on the screen, half-widths. Adam moves every weight by about
  /// the learning rate, also where its gradient is mostly noise; a smaller unit keeps that from throwing
  /// glimpses across the screen. One seed each, 128 units, 800,000 games: 0.3 caught 97 % of the validation
  /// games in the end, 0.1 90 %. After 80,000 games 0.1 caught 36 %, tanh of a unit of 1 24 %.
  public var locationScale: Float = 0.3  // ours: not stated
  // ours: not stated; the core too caught 35 instead of 41 % after 100,000 games (one seed, 128 units)
  public var locationGradient = AttentionSettings.HeadGradient.headsOnly
  public var baselineGradient = AttentionSettings.HeadGradient.coreToo  // ours: not stated
  public var locationWeight: Float = 1  // ours: of the locations' score beside the actions'
  /// Of the baseline's squared error at every frame, beside the actions' score.
  public var baselineWeight: Float = 1  // ours: not stated
  /// Of a nat of the game policy's entropy, beside the actions' score, in the first game. Held at the
  /// centre, in batches of 32, an agent caught 25 % with it and 19 % without, where the policy settled before
  /// it knew anything; three times as much slowed learning down (27 instead of 34 % after 70,000 games).
  public var entropyWeight: Float = 0.01  // ours: the paper mentions none
  /// After how many games of a training that weight has fallen to 0, in a straight line; 0 keeps it.
  public var entropyGames = 0

  public init(patchSide: Int, scales: Int) {
    retina = Retina(patchSide: patchSide, scales: scales)
  }

  /// The entropy's weight after so many games of a training.
  public func entropyWeight(afterGames games: Int) -> Float {
    entropyGames == 0 ? entropyWeight : entropyWeight * max(0, 1 - Float(games) / Float(entropyGames))
  }
}

/// The recurrent attention model as a player (section 4.2): after every glimpse it chooses an action of the
/// game and where to look at the next frame, both trained with REINFORCE from the reward at the game's end.
///
///     a_t ~ softmax(Linear(h_t))          the game's action
///     l_{t+1} ~ N(c Linear(h_t), σ²)      c the location scale; what lies outside of the screen is clipped
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
        inputs: settings.coreUnits, hiddenUnits: nil, squashing: .none, in: parameters) : nil
    baseline = LinearLayer("baseline", inputs: settings.coreUnits, outputs: 1, in: parameters)

    glimpseNetwork.initialize(parameters, seed: seed)
    core.initialize(parameters, start: .random, seed: seed)
    parameters.initialize(action, seed: seed)
    locationNetwork?.initialize(parameters, seed: seed)
    parameters.initialize(baseline, seed: seed)
    parameters.refreshCopies()
  }

  /// Its actions are sampled, wherever it looks.
  public var isStochastic: Bool { true }
  public var gradientRowsPerImage: Int { Game.decisions }
  public var state: [Float] {
    get { [] }
    set {}
  }

  public func makeWorker(images: Int, side: Int) -> any LearnerWorker { makeWorker(games: images) }
  public func makeWorker(games: Int) -> GameWorker<Game> { GameWorker(self, games: games) }

  public func finishStep(_ tally: Tally) {}
}
