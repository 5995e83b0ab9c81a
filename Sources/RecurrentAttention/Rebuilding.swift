import Learning

/// The parts that a network can be made of again when its weights are read, by the words that configurations have for
/// them: those of this package, and your own.
///
///     var parts = KnownParts()
///     parts.sensors["log_polar"] = { try LogPolarSensor($0) }
///     let model = try RecurrentAttentionModel(reading: path, parts: parts)
public struct KnownParts: Sendable {
  public typealias Maker<Part> = @Sendable (Configuration) throws -> Part

  public var sensors: [String: Maker<any Sensor>] = [
    Retina.kind: { try Retina($0) }, ZoomRetina.kind: { try ZoomRetina($0) },
    WholeFrame.kind: { try WholeFrame($0) },
  ]
  public var cores: [String: Maker<any Core>] = [
    RectifierCore.kind: { try RectifierCore($0) }, LSTMCore.kind: { try LSTMCore($0) },
  ]
  public var gazes: [String: Maker<any Gaze>] = [
    GaussianGaze.kind: { try GaussianGaze($0) }, RandomGaze.kind: { RandomGaze($0) },
    CenterGaze.kind: { CenterGaze($0) }, ZoomGaze.kind: { try ZoomGaze($0) },
  ]

  public var actions: [String: Maker<any Action>] = [StopAction.kind: { try StopAction($0) }]

  public init() {}

  func sensor(_ configuration: Configuration) throws -> any Sensor {
    try Self.make("sensor", configuration, sensors) { $0.configuration }
  }

  func core(_ configuration: Configuration) throws -> any Core {
    try Self.make("core", configuration, cores) { $0.configuration }
  }

  func gaze(_ configuration: Configuration) throws -> any Gaze {
    try Self.make("gaze", configuration, allGazes) { $0.configuration }
  }

  func actions(of network: Configuration) throws -> [any Action] {
    try Self.actionKinds(of: network).map {
      try Self.make("action", network.value($0), actions) { $0.configuration }
    }
  }

  private static func actionKinds(of network: Configuration) -> [String] {
    network.fields.keys.filter { !RecurrentAttention.partNames.contains($0) }.sorted()
  }

  /// With the context gaze, whose sensor is one of these.
  private var allGazes: [String: Maker<any Gaze>] {
    gazes.merging([ContextGaze.kind: { try ContextGaze($0, sensor: sensor) }]) { own, _ in own }
  }

  /// The first part of a network that cannot be made again: "sensor", and its kind; nil if all can.
  package func missingPart(of network: Configuration) throws -> (part: String, kind: String)? {
    for (part, isKnown) in [
      ("sensor", { sensors[$0] != nil }), ("core", { cores[$0] != nil }), ("gaze", { allGazes[$0] != nil }),
    ] as [(String, (String) -> Bool)] {
      let kind = try (network.value(part) as Configuration).kind
      if !isKnown(kind) { return (part, kind) }
    }
    return Self.actionKinds(of: network).first { actions[$0] == nil }.map { ("action", $0) }
  }

  private static func make<Part>(
    _ name: String, _ recorded: Configuration, _ makers: [String: Maker<Part>],
    _ configuration: (Part) -> Configuration
  ) throws -> Part {
    guard let maker = makers[recorded.kind] else {
      throw DefinitionError(
        "the network's \(name)", recorded.kind,
        "only \(makers.keys.sorted().joined(separator: ", ")) can be rebuilt from weights",
        cure: "choose weights of another model, or add this part to KnownParts in Swift"
      )
    }
    let part = try maker(recorded)
    try checkThatNothingIsLost(name, recorded, configuration(part))
    return part
  }

  /// A field that this version does not know would otherwise be lost without a word.
  fileprivate static func checkThatNothingIsLost(
    _ name: String, _ recorded: Configuration, _ rebuilt: Configuration
  ) throws {
    let differences = recorded.differences(from: rebuilt)
    guard differences.isEmpty else {
      throw DefinitionError(
        "the network's \(name)", recorded.text, differences.joined(separator: "; "),
        cure: "use the version of this package that wrote it")
    }
  }
}

extension RecurrentAttention {
  /// The network of a configuration, to look with.
  ///
  /// Its objective, which only training needs, is a plain one. To train the network further, set its own objective.
  public init(lookingWith configuration: Configuration, parts: KnownParts = KnownParts()) throws {
    guard configuration.kind == Self.kind else {
      throw DefinitionError(
        "the network", configuration.kind, "it sees the whole picture and takes no glimpses",
        cure: "choose a recurrent attention model")
    }
    let actions = try parts.actions(of: configuration)
    try self.init(
      glimpses: configuration.value("glimpses"), sensor: parts.sensor(configuration.value("sensor")),
      gaze: parts.gaze(configuration.value("gaze")),
      objective: Self.plainObjective(
        configuration.value("objective"), answersEarly: actions.contains(where: \.mayAnswerEarly)))
    let widths: Configuration = try configuration.value("glimpse_network")
    glimpseNetwork = try GlimpseNetwork.Widths(widths)
    try KnownParts.checkThatNothingIsLost("glimpse network", widths, glimpseNetwork.configuration)
    core = try parts.core(configuration.value("core"))
    self.actions = actions
  }

  /// Without a baseline, which only training needs. A model that may answer early has an answer after every glimpse.
  private static func plainObjective(_ recorded: Configuration, answersEarly: Bool) -> any Objective {
    if recorded.kind == GameObjective.kind { return GameObjective { $0.baseline = NoBaseline() } }
    return ClassificationObjective {
      ($0.baseline, $0.earlierAnswersWeight) = (NoBaseline(), answersEarly ? 1 : 0)
    }
  }
}

extension RecurrentAttentionModel {
  /// A trained model from a file of weights: `Results/<study>/<preset>/weights/<condition>-seed<n>.safetensors`.
  ///
  /// - Parameter world: what it was trained on; nil for pictures with one label, as digits have. With several labels, the
  ///   weights alone do not say which classes belong to which.
  /// - Throws: `FileError` or `DefinitionError`, in one sentence, for what is no such file.
  public convenience init(
    reading path: String, for world: (any World)? = nil, parts: KnownParts = KnownParts()
  ) throws {
    try self.init(TrainedWeights(reading: path), for: world, parts: parts)
  }

  /// - Parameter world: as above.
  public convenience init(
    _ weights: TrainedWeights, for world: (any World)? = nil, parts: KnownParts = KnownParts()
  ) throws {
    let network = try RecurrentAttention(lookingWith: weights.network(), parts: parts)
    let known = try world ?? Pictures(classesOf: weights, network)
    try network.checkParts(on: known)
    self.init(network, for: known, seed: 0)
    try weights.restore(self)
  }
}

/// Pictures of which only the number of classes is known, which is all that a model asks.
private struct Pictures: StillWorld {
  let classCount: Int
  let side = 1
  let summary = "pictures"
  let configuration = Configuration("pictures")

  init(classesOf weights: TrainedWeights, _ network: RecurrentAttention) throws {
    guard !(network.objective is GameObjective) else {
      throw FileError(
        path: weights.path, reason: "these are the weights of a player of '\(try weights.world().kind)'",
        cure: "give the game to it: RecurrentAttentionModel(weights, for: Catch())")
    }
    guard let shape = weights.shape(of: "action.weight"), shape.columns > 1 else {
      throw FileError(
        path: weights.path, reason: "has no tensor 'action.weight' with a column for each class",
        cure: "choose weights of a model that classifies what it sees")
    }
    classCount = shape.columns
  }

  func count(of split: Split) -> Int { 1 }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 { 0 }
}
