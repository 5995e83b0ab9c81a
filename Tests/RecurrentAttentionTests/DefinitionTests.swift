import Autodiff
import Learning
import Numerics
import TestProcesses
import Testing

@testable import RecurrentAttention

/// A game in which something is to be named as well.
private struct NamedGame: World {
  var side: Int { 8 }
  var classCounts = [3]
  var moves = 2
  var play: Play? { Play(actions: moves, decisions: 3) }
  var summary: String { "a named game" }
  var configuration: Configuration { Configuration("named_game") }

  func count(of split: Split) -> Int { 1 }
  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Int { index }
  func act(_ action: Int, in episode: inout Int, pixels: inout MutableSpan<UInt8>) -> Float { 0 }
}

/// A choice between two places.
private struct Choice: Gaze {
  var configuration: Configuration { Configuration("choice") }
  func isStochastic(glimpses: Int) -> Bool { true }
  func decides(glimpses: Int) -> Bool { glimpses > 1 }
  func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    FixedGazeLayer { _, _, _ in }
  }
}

@Suite("Definitions")
struct DefinitionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var setting: String
    var value: String
    var cure: String
    var world: (any World)?
    var change: @Sendable (inout Tiny) -> Void
    var testDescription: String { "\(setting) \(value)" }

    init(
      _ setting: String, _ value: String, _ cure: String, on world: (any World)? = nil,
      _ change: @escaping @Sendable (inout Tiny) -> Void
    ) {
      (self.setting, self.value, self.cure, self.world, self.change) = (setting, value, cure, world, change)
    }
  }

  private static let none = Pictures(side: 8, classCounts: [], pictures: [[]], labels: [[]])

  static let cases = [
    Case("the model's number of glimpses", "0", "choose a number such as 6") { $0.glimpses = 0 },
    Case("the model's number of glimpses", "-1", "choose a number such as 6") { $0.glimpses = -1 },
    Case("the retina's patch side", "7", "choose one such as 8 or 12") { $0.sensor.patchSide = 7 },
    Case("the retina's patch side", "0", "choose one such as 8 or 12") { $0.sensor.patchSide = 0 },
    Case("the retina's number of scales", "0", "choose a number such as 3") { $0.sensor.scales = 0 },
    Case("the retina's number of scales", "40", "choose a number such as 3") { $0.sensor.scales = 40 },
    Case("the retina's coarsest patch", "8192 pixels wide", "choose fewer scales or a smaller patch side") {
      ($0.sensor.patchSide, $0.sensor.scales) = (1024, 4)
    },
    Case("the retina's gain", "nan", "choose 1") { $0.sensor.gain = .nan },
    Case("the glimpse network's output width", "0", "choose a number such as 128") { $0.widths.output = 0 },
    Case("the advantage", "look_ahead", "use LambdaReturns") {
      ($0.fixedGaze, $0.objective.advantage) = (Choice(), LookAhead(lambda: 0.5))
    },
    Case("the core's number of units", "0", "choose a number such as 256") { $0.units = 0 },
    Case("the core's number of units", "-3", "choose a number such as 256") {
      ($0.core, $0.units) = (.lstm, -3)
    },
    Case("the location deviation", "-0.1", "give another schedule") { $0.gaze.deviation = .constant(-0.1) },
    Case("the location deviation", "nan", "give another schedule") {
      $0.gaze.deviation = .linear(from: .nan)
    },
    Case("the location deviation", "0.15 to 0 (cosine)", "choose 0.05 to 0.02, for example") {
      $0.gaze.deviation = .cosine(from: 0.15, to: 0)
    },
    Case("the weight of earlier answers", "0.5", "leave it at 0, and choose the even share") {
      ($0.stop, $0.objective.earlierAnswersWeight) = (StopAction(), 0.5)
    },
    Case("the gaze's reach", "0.0", "choose 1, the whole frame") { $0.gaze.reach = 0 },
    Case("the gaze's number of hidden units", "0", "leave them out for a linear one") {
      $0.gaze.hiddenUnits = 0
    },
    Case("the weight of REINFORCE", "-1.0", "give another schedule") {
      $0.objective.reinforceWeight = .constant(-1)
    },
    Case("the number of episodes per example", "0", "choose 1") { $0.objective.episodes = 0 },
    Case("the number of episodes per example of a leave-one-out baseline", "1", "train two or more") {
      $0.objective.baseline = LeaveOneOut()
    },
    Case("the baseline", "b(h, y)", "use StateBaseline") {
      ($0.classCounts, $0.objective.baseline) = ([3, 5], ClassBaseline())
    },
    Case("the baseline", "none", "use StateBaseline or ClassBaseline") {
      ($0.objective.baseline, $0.objective.advantage) = (NoBaseline(), LambdaReturns(0.5))
    },
    Case("the baseline", "moving_average", "use StateBaseline or ClassBaseline") {
      ($0.objective.baseline, $0.objective.advantage) = (MovingAverage(), LookAhead(lambda: 0.5))
    },
    Case("the advantage's λ", "1.5", "choose 1, the paper's, or 0.5") {
      $0.objective.advantage = LambdaReturns(1.5)
    },
    Case("the look-ahead's λ", "nan", "choose 0.5") { $0.objective.advantage = LookAhead(lambda: .nan) },
    Case("the price of a glimpse", "-0.1", "choose 0.005") { ($0.stop, $0.price) = (StopAction(), -0.1) },
    Case("the even share of cross entropy", "1.5", "choose 0.3") {
      ($0.stop, $0.evenShare) = (StopAction(), 1.5)
    },
    Case("the baseline", "none", "use StateBaseline or ClassBaseline") {
      ($0.stop, $0.objective.baseline) = (StopAction(), NoBaseline())
    },
    Case("the model's number of glimpses", "1", "choose 8, for example") {
      ($0.stop, $0.glimpses) = (StopAction(), 1)
    },
    Case("the stop action's first probability", "1.0", "choose 0.05") {
      $0.stop = StopAction()
      $0.stop?.firstProbability = 1
    },
    Case("the stop action's first probability", "0.001", "choose 0.05, or a larger bound") {
      $0.stop = StopAction()
      $0.stop?.firstProbability = 0.001
    },
    Case("the stop action's bound", "0.0", "choose 5") {
      $0.stop = StopAction()
      $0.stop?.bound = 0
    },
    Case("the weight of earlier answers", "-1.0", "choose 0, the paper's") {
      $0.objective.earlierAnswersWeight = -1
    },
    Case("the objective", "classification", "use an objective of your own", on: NamedGame()) { _ in },
    Case("the objective", "classification", "use GameObjective", on: NamedGame(classCounts: [])) { _ in },
    Case("the objective", "classification", "choose a world with labels or moves", on: none) { _ in },
    Case("the number of classes of pictures", "1", "correct the world") { $0.classCounts = [1] },
    Case("the number of classes of pictures", "300", "correct the world") { $0.classCounts = [10, 300] },
  ]

  @Test("an impossible one is refused in one sentence: setting, value, cure", arguments: cases)
  func refused(definition: Case) throws {
    let tiny = Tiny { definition.change(&$0) }
    let world =
      definition.world ?? Pictures(side: 8, classCounts: tiny.classCounts, pictures: [[]], labels: [[]])
    let error = #expect(throws: DefinitionError.self) { try tiny.network.check(on: world) }
    #expect(error?.setting == definition.setting && error?.value == definition.value)
    #expect(error?.cure == definition.cure)
    let sentence = error?.description ?? ""
    #expect(sentence.hasPrefix("\(definition.setting) is \(definition.value): "))
    #expect(sentence.hasSuffix("; \(definition.cure).") && sentence.count { $0 == "\n" } == 0)
  }

  @Test("an action that nothing trains is refused, and so is an objective that has none to train")
  func stopping() throws {
    let tiny = Tiny { $0.stop = StopAction() }
    try tiny.network.check(on: tiny.pictures())
    let untrained = tiny.network.with { $0.objective = tiny.objective }
    let headless = tiny.network.with { $0.actions = [] }
    for (network, cure) in [
      (untrained, "use StoppingObjective"), (headless, "use ClassificationObjective"),
    ] {
      let error = #expect(throws: DefinitionError.self) { try network.check(on: tiny.pictures()) }
      #expect(error?.cure == cure)
    }
  }

  @Test("in a world with labels and moves, a model has a head for each")
  func both() {
    let network = Tiny().network.with { $0.objective = GameObjective() }
    let model = RecurrentAttentionModel(network, for: NamedGame(), seed: 1)
    let names = Set(model.parameters.tensors.map(\.name))
    #expect(names.isSuperset(of: ["action.weight", "class.weight"]))
    let agent = Agent(model, on: Stage(NamedGame(), capacity: 2))
    #expect(agent.classifier?.columns == NamedGame().classCounts.reduce(0, +) && agent.player != nil)
  }

  @Test("two actions of one kind are refused, and so is one that has the name of another part")
  func names() throws {
    struct Named: Action {
      let configuration: Configuration
      func declare(for network: RecurrentAttention, in parameters: Parameters) -> any ActionLayer {
        StopAction().declare(for: network, in: parameters)
      }
      func multiplyAdds(units: Int, glimpses: Int) -> Int { 0 }
    }
    let tiny = Tiny { $0.stop = StopAction() }
    for kind in ["stop", "class", "sensor"] {
      let network = tiny.network.with { $0.actions.append(Named(configuration: Configuration(kind))) }
      let error = #expect(throws: DefinitionError.self) { try network.check(on: tiny.pictures()) }
      #expect(error?.setting == "an action's kind" && error?.value == kind)
    }
  }

  @Test("an action that the world asks for is refused where it does not, or asks for another one")
  func unaskedActions() throws {
    let tiny = Tiny()
    for (action, setting) in [
      (ClassAction(classCounts: [5]), "the class action's numbers of classes"),
      (GameAction(count: 3), "the game action's number of moves"),
    ] as [(any Action, String)] {
      let network = tiny.network.with {
        ($0.actions, $0.objective) = ([action], Counting(trainedActions: [action.kind]))
      }
      let error = #expect(throws: DefinitionError.self) { try network.check(on: Self.none) }
      #expect(error?.setting == setting)
    }
  }

  @Test("an objective of somebody else with an impossible count of episodes, metrics or returns is refused")
  func counts() throws {
    func refusal(_ objective: Counting, on world: any World = Tiny().pictures()) -> (String?, String?) {
      let network = Tiny().network.with { $0.objective = objective }
      let error = #expect(throws: DefinitionError.self) { try network.check(on: world) }
      return (error?.setting, error?.value)
    }
    let episodes = "the number of episodes per example"
    #expect(refusal(Counting(episodes: 0)) == (episodes, "0"))
    #expect(refusal(Counting(episodes: 257)) == (episodes, "257"))
    #expect(
      refusal(
        Counting(trainedActions: [GameAction.kind], episodes: 2), on: NamedGame(classCounts: []))
        == (episodes, "2"))
    #expect(refusal(Counting(returnMetric: 1)) == ("the objective's return metric", "1"))
    #expect(refusal(Counting(returnMetric: -1)) == ("the objective's return metric", "-1"))
    #expect(refusal(Counting(metricCount: 9)) == ("the objective's metrics", "9"))
  }

  @Test("a world with too few or too many moves is refused", arguments: [1, 257])
  func moves(count: Int) throws {
    let network = Tiny().network.with { $0.objective = GameObjective() }
    let error = #expect(throws: DefinitionError.self) {
      try network.check(on: NamedGame(classCounts: [], moves: count))
    }
    #expect(error?.setting == "the number of actions of a named game" && error?.value == "\(count)")
  }

  @Test("gazes that decide more than a place refuse settings that they would ignore")
  func gazes() throws {
    let policy = GaussianGaze(deviation: .constant(0.1))
    var context = ContextGaze(policy, context: WholeFrame(cells: 4), remembers: false)
    try context.check()
    context.centeredUntil = 1.5
    #expect(throws: DefinitionError.self) { try context.check() }
    var zoom = ZoomGaze(policy)
    try zoom.check()
    zoom.location.score = .stoppedMean
    #expect(throws: DefinitionError.self) { try zoom.check() }
  }

  @Test("a stop action whose objective wants only the last answer is refused")
  func silentStops() throws {
    let tiny = Tiny { $0.stop = StopAction() }
    let network = tiny.network.with { $0.objective = LastAnswerOnly(inner: $0.objective) }
    let error = #expect(throws: DefinitionError.self) { try network.check(on: tiny.pictures()) }
    #expect(error?.cure == "make its answersEveryGlimpse true")
  }

  @Test("a change to a gaze or an objective that a model does not have is refused")
  func nothingToChange() throws {
    let network = RecurrentAttention(
      glimpses: 2, sensor: Retina(patchSide: 8, scales: 1), gaze: CenterGaze(), objective: GameObjective())
    let error = #expect(throws: DefinitionError.self) { try network.changingGaze { $0.reach = 2 } }
    #expect(error?.value == CenterGaze.kind)
    #expect(throws: DefinitionError.self) { try network.changingObjective { $0.episodes = 2 } }
  }

  @Test("an impossible objective of a game is refused")
  func games() throws {
    func refusal(_ world: any World, _ change: (inout GameObjective) -> Void = { _ in }) throws -> String? {
      var objective = GameObjective()
      change(&objective)
      let network = Tiny().network.with { $0.objective = objective }
      return #expect(throws: DefinitionError.self) { try network.check(on: world) }?.cure
    }
    #expect(try refusal(Tiny().pictures()) == "use ClassificationObjective")
    #expect(try refusal(NamedGame()) == "use an objective of your own")
    #expect(throws: DefinitionError.self) { try LookAhead(lambda: 0.5).check(on: NamedGame()) }
    #expect(try refusal(NamedGame(classCounts: [])) { $0.locationWeight = -1 } == "choose 1")
    #expect(try refusal(NamedGame(classCounts: [])) { $0.baselineWeight = .nan } == "choose 1")
    #expect(
      try refusal(NamedGame(classCounts: [])) { $0.entropyWeight = .constant(-1) } == "give another schedule")
    #expect(try refusal(NamedGame(classCounts: [])) { $0.baseline = SelfCritical() } == "use StateBaseline")
    #expect(try refusal(NamedGame(classCounts: [])) { $0.baseline = LeaveOneOut() } == "train two or more")
    #expect(try refusal(NamedGame(classCounts: [])) { $0.baseline = ClassBaseline() } == "use StateBaseline")
    let network = Tiny().network.with { $0.objective = GameObjective() }
    try network.check(on: NamedGame(classCounts: []))
  }

  @Test("the paper's and every plain one pass")
  func accepted() throws {
    let world = Tiny().pictures()
    try RecurrentAttention(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3)).check(on: world)
    try Tiny(glimpses: 1) { $0.sensor.scales = 1 }.network.check(on: world)
    try Tiny { $0.gaze.deviation = .linear(from: 0.1) }.network.check(on: world)
    try Tiny { ($0.objective.baseline, $0.objective.episodes) = (LeaveOneOut(), 2) }.network.check(on: world)
    try Tiny { ($0.objective.baseline, $0.objective.advantage) = (NoBaseline(), LambdaReturns(1)) }
      .network.check(on: world)
  }

  @Test("an objective that contains the hybrid loss, but hides what it needs, is refused")
  func hidden() throws {
    let tiny = Tiny { ($0.objective.baseline, $0.objective.episodes) = (LeaveOneOut(), 2) }
    let error = #expect(throws: DefinitionError.self) {
      try tiny.network.with { $0.objective = Hiding(classification: tiny.objective) }.check(
        on: tiny.pictures())
    }
    #expect(error?.value == "hiding" && error?.problem.contains("episodes") == true)
    // In a game that it trains, nothing would be there for the hybrid loss.
    let game = #expect(throws: DefinitionError.self) {
      try tiny.network.with {
        $0.objective = Hiding(classification: ClassificationObjective(), trainedActions: [GameAction.kind])
      }.check(on: NamedGame(classCounts: []))
    }
    #expect(game?.value == "hiding" && game?.problem.contains("trains the action 'class'") == true)
  }

  @Test("a world of 19 classes is answered with 19 probabilities, and each class is learned about")
  func nineteenClasses() throws {
    let tiny = Tiny { $0.classCounts = [19] }
    try tiny.network.check(on: tiny.pictures())
    let replica = tiny.replica(pictures: 19)
    let gradient = try replica.gradients().byName["action.bias"] ?? []
    #expect(gradient.count == 19 && gradient.allSatisfy { $0 != 0 })
    try replica.evaluate()
    #expect(replica.scores.columns == 19)
    for row in 0..<19 { #expect(abs((0..<19).reduce(0) { $0 + replica.scores[row, $1] } - 1) < 1e-6) }
  }
}

/// Says what its tests want it to say, and trains nothing.
private struct Counting: Objective {
  var trainedActions = [ClassAction.kind]
  var episodes = 1
  var returnMetric: Int?
  var metricCount = 1

  var configuration: Configuration { Configuration("counting") }
  var metrics: [Metric] { (0..<metricCount).map { Metric("metric_\($0)", "A metric.") } }
  var openChoices: [String] { [] }
  func check(_ network: RecurrentAttention, on world: any World) throws {}
  func declare(
    for network: RecurrentAttention, on world: any World, in parameters: Parameters
  ) -> any ObjectiveLayer {
    ClassificationObjective().declare(for: network, on: world, in: parameters)
  }
}

/// Forgets the episodes of the loss that it contains.
private struct Hiding: Objective {
  let classification: ClassificationObjective
  var trainedActions = [ClassAction.kind]

  var configuration: Configuration { Configuration("hiding") }
  var metrics: [Metric] { classification.metrics }
  var returnMetric: Int? { classification.returnMetric }
  var openChoices: [String] { [] }

  func check(_ network: RecurrentAttention, on world: any World) throws {
    try classification.check(network, on: world)
  }

  func declare(
    for network: RecurrentAttention, on world: any World, in parameters: Parameters
  ) -> any ObjectiveLayer {
    classification.declare(for: network, on: world, in: parameters)
  }
}

@Test(
  "a core that does not carry its state to the next step is said, though the build is optimised", .promptly)
func stateIsCarried() async throws {
  let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
    let graph = Graph(steps: 2, batch: 1, parameters: Parameters())
    let memory = RecurrentMemory(inputs: 3, units: 4, in: graph)
    _ = CoreStates(state: memory.state, carried: [memory.input])
  }
  let message = String(decoding: result.standardErrorContent, as: UTF8.self)
  #expect(message.contains("a core's state is not among what it carries"), "\(message)")
}

@Test(
  "a gaze that scores decisions but says that it decides nothing would train without its baseline", .promptly)
func scoresAreDecisions() async throws {
  let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
    let tiny = Tiny { $0.fixedGaze = WrappedGaze(decides: false) }
    _ = tiny.replica(pictures: 2)
  }
  let message = String(decoding: result.standardErrorContent, as: UTF8.self)
  #expect(
    message.contains("'wrapped' has a score function, but its decides(glimpses:) is false"), "\(message)")
}

@Test("a schedule that a gaze of somebody else does not check is checked all the same")
func everyScheduleIsChecked() {
  for schedule in [Schedule.linear(from: 0.2, to: -0.1), .constant(.nan)] {
    let tiny = Tiny { $0.fixedGaze = WrappedGaze(schedule: schedule) }
    let error = #expect(throws: DefinitionError.self) { try tiny.network.check(on: tiny.pictures()) }
    #expect("\(error.map(String.init(describing:)) ?? "")".contains("the wrapped deviation is"))
  }
}

@Test(
  "a mistake in somebody else's gaze or core, which would train in silence, ends with a sentence", .promptly,
  arguments: Mistake.allCases)
func mistakesAreSaid(mistake: Mistake) async throws {
  let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
    [mistake] in
    let tiny = Tiny {
      switch mistake {
      case .neverStochastic: $0.fixedGaze = WrappedGaze(isStochastic: false)
      case .half: $0.fixedGaze = WrongGaze { $0[0, 0] = 0 }
      case .outside: $0.fixedGaze = WrongGaze { ($0[0, 0], $0[0, 1]) = (0, 1.01) }
      case .noInput, .lateInput: break
      }
    }
    let network = tiny.network.with {
      switch mistake {
      case .noInput: $0.core = WrongCore(inputs: 0)
      case .lateInput: $0.core = WrongCore(inputs: 1)
      default: break
      }
    }
    let world = tiny.pictures(1)
    let model = RecurrentAttentionModel(network, for: world, seed: 1)
    _ = try model.look(at: world)
  }
  let message = String(decoding: result.standardErrorContent, as: UTF8.self)
  #expect(message.contains(mistake.sentence), "\(message)")
}

@Test("rows without an example need no location")
func unusedRows() throws {
  let tiny = Tiny {
    $0.fixedGaze = WrongGaze(named: "two rows") { for row in 0..<2 { ($0[row, 0], $0[row, 1]) = (0, 0) } }
  }
  let loss = try tiny.replica(pictures: 3).evaluate(Rollout(.test, firstExample: 0, count: 2, seed: 1))
  #expect(loss.isFinite)
}

enum Mistake: CaseIterable, Codable {
  case neverStochastic, half, outside, noInput, lateInput

  var sentence: String {
    switch self {
    case .neverStochastic: "'wrapped' has a score function, but its isStochastic(glimpses:) is false"
    case .half: "'wrong' writes no number 1 in row 0 at step 0"
    case .outside: "'wrong' looks at 1.01 in row 0 at step 0"
    case .noInput: "the core 'wrong' never calls `input`"
    case .lateInput: "the core 'wrong' calls `input` twice or after it has appended an operation"
    }
  }
}

/// Writes what it is told, which may be wrong.
private struct WrongGaze: Gaze {
  let kind: String
  let write: @Sendable (Matrix) -> Void
  init(named kind: String = "wrong", _ write: @escaping @Sendable (Matrix) -> Void) {
    (self.kind, self.write) = (kind, write)
  }

  var configuration: Configuration { Configuration(kind) }
  func isStochastic(glimpses: Int) -> Bool { false }
  func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    FixedGazeLayer { [write] _, _, locations in write(locations) }
  }
}

/// Asks for its input not at all, or after its own operation.
private struct WrongCore: Core, CoreLayer {
  let inputs: Int
  let units = 4
  var configuration: Configuration { Configuration("wrong") }
  func multiplyAdds(inputs: Int, steps: Int) -> Int { 0 }
  func declare(inputs: Int, in parameters: Parameters) -> any CoreLayer { self }
  func initialize(_ parameters: Parameters, seed: UInt64) {}

  func unroll(in graph: Graph, input: (Variable) -> Void) -> CoreStates {
    let memory = RecurrentMemory(inputs: 5, units: units, in: graph)
    _ = graph.probe(memory.state, seed: 1)
    for _ in 0..<inputs { input(memory.input) }
    return CoreStates(state: memory.state, carried: memory.carried)
  }
}

@Test("a tensor that takes the name of a checkpoint's own is refused before anything is trained", .promptly)
func stateIsReserved() async throws {
  let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
    let tiny = Tiny { $0.fixedGaze = WrappedGaze(tensor: "state") }
    let world = tiny.pictures()
    _ = Trainer(
      RecurrentAttentionModel(tiny.network, for: world, seed: 1), on: world,
      settings: TrainingSettings(epochs: 1, examplesPerEpoch: 64), seed: 1, pool: try WorkerPool(threads: 1))
  }
  let message = String(decoding: result.standardErrorContent, as: UTF8.self)
  #expect(message.contains("a tensor is named 'state'"), "\(message)")
}

/// A Gaussian gaze of somebody else, with a mistake.
private struct WrappedGaze: Gaze {
  var decides = true
  var isStochastic = true
  var tensor: String?
  var schedule: Schedule?
  private let inner = GaussianGaze(deviation: .constant(0.1))
  init(decides: Bool = true, isStochastic: Bool = true, tensor: String? = nil, schedule: Schedule? = nil) {
    (self.decides, self.isStochastic, self.tensor, self.schedule) = (decides, isStochastic, tensor, schedule)
  }

  var configuration: Configuration { Configuration("wrapped") }
  var schedules: [NamedSchedule] { schedule.map { [NamedSchedule("wrapped_deviation", "", $0)] } ?? [] }
  func isStochastic(glimpses: Int) -> Bool { isStochastic }
  func decides(glimpses: Int) -> Bool { decides }
  func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    if let tensor { _ = parameters.declare(tensor, rows: 1, columns: 1) }
    return inner.declare(units: units, glimpses: glimpses, in: parameters)
  }
}

/// The objective of a stop action, which forgets to ask for an answer after every glimpse.
private struct LastAnswerOnly: Objective {
  let inner: any Objective
  var configuration: Configuration { inner.configuration }
  var metrics: [Metric] { inner.metrics }
  var trainedActions: [String] { inner.trainedActions }

  func check(_ network: RecurrentAttention, on world: any World) throws {}
  func declare(
    for network: RecurrentAttention, on world: any World, in parameters: Parameters
  ) -> any ObjectiveLayer { inner.declare(for: network, on: world, in: parameters) }
}
