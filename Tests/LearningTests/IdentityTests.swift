import Learning
import RecurrentAttention
import Testing

/// What identifies a run is a text made of all that differs from its default. A default is never changed, and
/// a setting that is added has one, so these texts and keys stay for good.
@Suite("Identities of the paper's models")
struct IdentityTests {
  private static let paper = RecurrentAttention(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3))

  @Test("a changed default would change the recorded text of the paper's classifier")
  func classifier() {
    #expect(
      Self.paper.configuration.text == """
        {"core":{"kind":"rectifier","units":256},\
        "gaze":{"deviation":{"from":0.15,"kind":"linear","to":0.1},"kind":"gaussian"},\
        "glimpse_network":{"kind":"glimpse_network"},"glimpses":6,"kind":"recurrent_attention",\
        "objective":{"kind":"classification"},"sensor":{"kind":"retina","patch_side":12,"scales":3}}
        """)
  }

  @Test("a changed default would change the recorded text of the paper's player")
  func player() {
    let network = RecurrentAttention(
      glimpses: 1, sensor: Retina(patchSide: 6, scales: 3),
      gaze: GaussianGaze(deviation: .constant(0.2)), objective: GameObjective()
    ).with { $0.core = LSTMCore() }
    #expect(
      network.configuration.text == """
        {"core":{"kind":"lstm","units":256},"gaze":{"deviation":0.2,"kind":"gaussian"},\
        "glimpse_network":{"kind":"glimpse_network"},"glimpses":1,"kind":"recurrent_attention",\
        "objective":{"kind":"game"},"sensor":{"kind":"retina","patch_side":6,"scales":3}}
        """)
  }

  @Test("a changed default would change the recorded text of a training")
  func training() {
    #expect(
      TrainingSettings(epochs: 3, examplesPerEpoch: 60_000).configuration.text == """
        {"batch_size":128,"clipping_norm":5,"epochs":3,"examples_per_epoch":60000,"kind":"training",\
        "learning_rate":{"from":0.001,"kind":"cosine","to":1e-05},"test_examples":10000,\
        "update_rule":{"kind":"adam"},"validation_examples":10000}
        """)
    #expect(Momentum().configuration.text == #"{"decay":0.9,"kind":"momentum"}"#)
  }

  /// CRC-32 of such texts, by Python's zlib too.
  @Test(
    "a changed default would change the recorded keys of the paper's models: patch side, scales, glimpses",
    arguments: [
      (8, 1, 2, "f65a36d5"), (8, 1, 7, "5bd46590"), (12, 3, 4, "f2c2b61d"), (12, 3, 6, "47e3af5a"),
      (12, 3, 8, "fae6ed0d"), (12, 4, 8, "ffa9fb88"),
    ])
  func keys(patchSide: Int, scales: Int, glimpses: Int, key: String) {
    let network = RecurrentAttention(glimpses: glimpses, sensor: Retina(patchSide: patchSide, scales: scales))
    #expect(network.configuration.key == key)
  }

  @Test("what is not at its default is in the text, each setting in its own way")
  func everySetting() {
    typealias Change = (inout RecurrentAttention) -> Void
    func gaze(_ change: (inout GaussianGaze) -> Void) -> Change {
      var gaze = GaussianGaze(deviation: .linear(from: 0.15, to: 0.1))
      change(&gaze)
      return { [gaze] in $0.gaze = gaze }
    }
    func objective(_ change: (inout ClassificationObjective) -> Void) -> Change {
      let objective = ClassificationObjective(change)
      return { $0.objective = objective }
    }
    func game(_ change: (inout GameObjective) -> Void) -> Change {
      var objective = GameObjective()
      change(&objective)
      return { [objective] in $0.objective = objective }
    }
    func stop(_ change: (inout StopAction, inout StoppingObjective) -> Void) -> Change {
      var (head, objective) = (StopAction(), StoppingObjective(ClassificationObjective(), price: 0.1))
      change(&head, &objective)
      return { [head, objective] in ($0.actions, $0.objective) = ([head], objective) }
    }
    func zoom(_ change: (inout ZoomGaze) -> Void) -> Change {
      var gaze = ZoomGaze(GaussianGaze(deviation: .constant(0.1)))
      change(&gaze)
      return { [gaze] in $0.gaze = gaze }
    }
    func context(_ change: (inout ContextGaze) -> Void) -> Change {
      var gaze = ContextGaze(
        GaussianGaze(deviation: .constant(0.1)), context: WholeFrame(cells: 4), remembers: true)
      change(&gaze)
      return { [gaze] in $0.gaze = gaze }
    }
    let changes: [Change] = [
      { $0.glimpses = 7 }, { $0.sensor = Retina(patchSide: 10, scales: 3) },
      { $0.sensor = Retina(patchSide: 12, scales: 2) },
      { $0.sensor = Retina(patchSide: 12, scales: 3, coarsePixels: .sum) },
      { $0.sensor = Retina(patchSide: 12, scales: 3, gain: 2) },
      { $0.glimpseNetwork.patch = 64 }, { $0.glimpseNetwork.location = 64 },
      { $0.glimpseNetwork.output = 64 },
      { $0.core = RectifierCore(units: 128) }, { $0.core = RectifierCore(start: .random) },
      { $0.core = LSTMCore() },
      { $0.gaze = RandomGaze() }, { $0.gaze = CenterGaze() },
      gaze { $0.deviation = .constant(0.15) }, gaze { $0.reach = 0.5 }, gaze { $0.first = .uniform },
      gaze { $0.first = .learned }, gaze { $0.squashing = .clip }, gaze { $0.squashing = .none },
      gaze { $0.hiddenUnits = 100 }, gaze { $0.score = .clampedSample }, gaze { $0.score = .stoppedMean },
      gaze { $0.trainsCore = false },
      objective { $0.reward = RightProbability() }, objective { $0.baseline = NoBaseline() },
      objective { $0.baseline = MovingAverage() }, objective { $0.baseline = LeaveOneOut() },
      objective { $0.baseline = SelfCritical() }, objective { $0.baseline = ClassBaseline() },
      objective { $0.advantage = LambdaReturns(1) }, objective { $0.advantage = LambdaReturns(0.5) },
      objective { $0.advantage = LookAhead(lambda: 0.5) }, objective { $0.reinforceWeight = .constant(1) },
      objective { $0.baselineTrainsCore = false }, objective { $0.episodes = 2 },
      game { _ in }, game { $0.baseline = NoBaseline() }, game { $0.locationWeight = 2 },
      game { $0.entropyWeight = .linear(from: 0.01, to: 0) }, game { $0.baselineWeight = 2 },
      game { $0.baselineTrainsCore = false },
      objective { $0.earlierAnswersWeight = 0.5 },
      stop { _, _ in }, stop { head, _ in head.firstProbability = 0.1 }, stop { head, _ in head.bound = 3 },
      stop { head, _ in head.trainsCore = false }, stop { $1.price = 0.2 }, stop { $1.evenShare = 0.5 },
      zoom { _ in }, zoom { $0.first = 0 }, zoom { $0.reach = 2 }, zoom { $0.location.reach = 0.5 },
      { $0.sensor = ZoomRetina(patchSide: 12, scales: 3, narrowest: 12, widest: 48) },
      { $0.sensor = ZoomRetina(patchSide: 12, scales: 3, narrowest: 10, widest: 48) },
      { $0.sensor = ZoomRetina(patchSide: 12, scales: 3, narrowest: 12, widest: 40) },
      context { _ in }, context { $0.remembers = false }, context { $0.centeredUntil = 0.25 },
      context { $0.context = WholeFrame(cells: 5) }, context { $0.policy.reach = 0.5 },
    ]
    let texts = changes.map { Self.paper.with($0).configuration.text } + [Self.paper.configuration.text]
    #expect(Set(texts).count == texts.count)
  }

  @Test("and so is every setting of a training")
  func everyTrainingSetting() {
    let changes: [(inout TrainingSettings) -> Void] = [
      { _ in }, { $0.epochs = 4 }, { $0.examplesPerEpoch = 50_000 }, { $0.batchSize = 64 },
      { $0.updateRule = Momentum() }, { $0.updateRule = Momentum(0.5) },
      { $0.learningRate = .constant(1e-3) }, { $0.clippingNorm = nil }, { $0.clippingNorm = 1 },
      { $0.weightDecay = 0.1 }, { $0.precision = .bfloat16 }, { $0.validationExamples = 1 },
      { $0.testExamples = 1 },
    ]
    let texts = changes.map { change in
      var settings = TrainingSettings(epochs: 3, examplesPerEpoch: 60_000)
      change(&settings)
      return settings.configuration.text
    }
    #expect(Set(texts).count == texts.count)
  }
}
