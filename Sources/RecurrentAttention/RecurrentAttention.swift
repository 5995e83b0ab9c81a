import Learning

/// The definition of a recurrent attention model: the paper's values, and one default for everything that it leaves
/// open.
///
///     RecurrentAttention(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3))
public struct RecurrentAttention: Network {
  /// T. In a world in which the model acts, the world's number of decisions counts instead.
  public var glimpses: Int
  /// ρ.
  public var sensor: any Sensor
  /// f_g.
  public var glimpseNetwork = GlimpseNetwork.Widths()
  /// f_h.
  public var core: any Core = RectifierCore()
  /// f_l.
  public var gaze: any Gaze
  /// What it decides from h_t besides where to look and what the world asks for, such as `StopAction`.
  public var actions: [any Action] = []
  /// What it is trained for.
  public var objective: any Objective

  public init(
    glimpses: Int, sensor: any Sensor, gaze: any Gaze = GaussianGaze(deviation: .linear(from: 0.15, to: 0.1)),
    objective: any Objective = ClassificationObjective()
  ) {
    self.glimpses = glimpses
    self.sensor = sensor
    self.gaze = gaze
    self.objective = objective
  }

  /// The same definition with some changes.
  public func with(_ adjust: (inout RecurrentAttention) -> Void) -> RecurrentAttention {
    var copy = self
    adjust(&copy)
    return copy
  }

  public static let kind = "recurrent_attention"

  /// The fields of its configuration besides those of its actions.
  static let partNames = ["glimpses", "sensor", "glimpse_network", "core", "gaze", "objective"]

  public var configuration: Configuration {
    let own = Configuration(Self.kind)
      .with("glimpses", glimpses)
      .with("sensor", sensor.configuration)
      .with("glimpse_network", glimpseNetwork.configuration)
      .with("core", core.configuration)
      .with("gaze", gaze.configuration)
      .with("objective", objective.configuration)
    return actions.reduce(own) { $0.with($1.kind, $1.configuration) }
  }

  /// T in a world: one glimpse for each decision where there are decisions.
  public func steps(on world: any World) -> Int { world.play?.decisions ?? glimpses }

  public func check(on world: any World) throws {
    try checkParts(on: world)
    try objective.checkActions(self, on: world)
    guard (1...256).contains(objective.episodes) else {
      throw DefinitionError(
        "the number of episodes per example", objective.episodes, "it must be 1 to 256", cure: "choose 1")
    }
    guard objective.episodes == 1 || world.play == nil else {
      throw DefinitionError(
        "the number of episodes per example", objective.episodes,
        "a game of \(world.summary) is played once per example",
        cure: "choose 1")
    }
    guard objective.metrics.count <= Metrics.most else {
      throw DefinitionError(
        "the objective's metrics", objective.metrics.count, "a learner has at most \(Metrics.most)",
        cure: "leave some out")
    }
    if let metric = objective.returnMetric, !objective.metrics.indices.contains(metric) {
      throw DefinitionError(
        "the objective's return metric", metric, "it has \(objective.metrics.count) metrics, counted from 0",
        cure: "give the position of the return among them, or nil")
    }
    try objective.check(self, on: world)
    for named in gaze.schedules + objective.schedules {
      try named.schedule.check(named.name.replacing("_", with: " "))
    }
  }

  /// Everything that looking needs, which is all but the objective.
  func checkParts(on world: any World) throws {
    try world.check()
    let steps = steps(on: world)
    guard steps >= 1, steps <= 1000 else {
      let isGame = world.play != nil
      throw DefinitionError(
        isGame ? "the number of decisions in \(world.summary)" : "the model's number of glimpses", steps,
        "it must be 1 to 1000", cure: isGame ? "correct the world" : "choose a number such as 6")
    }
    try sensor.check()
    try glimpseNetwork.check()
    try core.check()
    try gaze.check()
    guard gaze.locationColumns == sensor.locationColumns else {
      throw DefinitionError(
        "the gaze", gaze.configuration.kind,
        "it decides \(gaze.locationColumns) numbers a look, and the sensor \(sensor.configuration.kind) takes "
          + "\(sensor.locationColumns)",
        cure: "use ZoomGaze with ZoomRetina, and neither without the other")
    }
    var names = Set(Self.partNames + ["kind"])
    for action in actions(on: world) {
      guard names.insert(action.kind).inserted else {
        throw DefinitionError(
          "an action's kind", action.kind, "another part of the network has this name",
          cure: "choose another word")
      }
      try action.check(self, on: world)
    }
  }

  public func makeLearner(for world: any World, seed: UInt64) -> any Learner {
    RecurrentAttentionModel(self, for: world, seed: seed)
  }

  /// T glimpses, T steps of the core, T - 1 decisions where to look, and the other actions. The baseline is left out,
  /// because only training needs it. The size of the frame does not matter.
  public func multiplyAdds(on world: any World) -> Int? {
    let steps = steps(on: world)
    return steps
      * glimpseNetwork.multiplyAdds(sensed: sensor.columns, locationColumns: sensor.locationColumns)
      + core.multiplyAdds(inputs: glimpseNetwork.output, steps: steps)
      + gaze.multiplyAdds(units: core.units, glimpses: steps)
      + actions(on: world).reduce(0) { $0 + $1.multiplyAdds(units: core.units, glimpses: steps) }
  }

  public var openChoices: [String] {
    gaze.openChoices + core.openChoices + sensor.openChoices + objective.openChoices
      + actions.flatMap(\.openChoices)
      + ["Other weights start uniform with variance 1 / inputs, and biases at 0."]
  }
}

extension RecurrentAttention {
  /// The same with its Gaussian policy changed.
  ///
  /// - Throws: `DefinitionError` for a model with another gaze.
  public func changingGaze(_ adjust: (inout GaussianGaze) -> Void) throws -> RecurrentAttention {
    guard var gaze = gaze as? GaussianGaze else {
      throw DefinitionError(
        "the gaze to change", gaze.configuration.kind, "it is not a GaussianGaze", cure: "set `gaze` instead")
    }
    adjust(&gaze)
    return with { $0.gaze = gaze }
  }

  /// The same with its hybrid loss changed.
  ///
  /// - Throws: `DefinitionError` for a model with another objective.
  public func changingObjective(_ adjust: (inout ClassificationObjective) -> Void) throws
    -> RecurrentAttention
  {
    guard var objective = objective as? ClassificationObjective else {
      throw DefinitionError(
        "the objective to change", objective.configuration.kind, "it is not a ClassificationObjective",
        cure: "set `objective` instead")
    }
    adjust(&objective)
    return with { $0.objective = objective }
  }
}
