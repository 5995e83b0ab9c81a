import Autodiff
import Learning
import Numerics

/// A Gaussian policy that sees the whole frame before it looks, or decides from a memory of its own, or both (Ba et al.
/// 2015, "Multiple object recognition with visual attention", the context network and the second recurrent layer).
///
///     c       = Rect(Linear(ρ_c(x)))                          [B, units], the whole frame, coarsely, once
///     r_t     = Rect(Linear(h_t) + Linear(r_{t-1}))           [B, units], r_{-1} = c, or 0 without a context
///     l_0     ~ the policy at Linear(c / √units)              without a context, the centre
///     l_{t+1} ~ the policy at Linear(r_t)                     without a memory, at Linear(h_t)
///
/// The class is read from h_t, which never sees c: the context can help to choose locations, but not to answer. The
/// return says little about the first look, because later looks hide its effect, so its layer must learn slowly. Adam's
/// steps have the same length in all weights and add up over `units` inputs; dividing c by √units makes up for that.
public struct ContextGaze: Gaze {
  /// How locations are drawn. Its `first` must be the centre, where the first look is without a context.
  public var policy: GaussianGaze
  /// ρ_c, which looks at the frame's centre; nil for no context.
  public var context: (any Sensor)?
  /// Whether locations are decided from r_t instead of h_t.
  public var remembers: Bool
  /// The fraction of training, 0 for none, during which a share of the first looks is at the centre, whatever the context
  /// decides. The share falls linearly from 1 to 0, and these looks are not scored. Without them, first looks drift into a
  /// corner before the model has learned anything, and it learns nothing there.
  public var centeredUntil: Float = 0.5  // ours: Documentation/recipe.md

  public init(_ policy: GaussianGaze, context: (any Sensor)?, remembers: Bool) {
    self.policy = policy
    self.context = context
    self.remembers = remembers
  }

  public static let kind = "context"

  public var configuration: Configuration {
    Configuration(Self.kind).with("policy", policy.configuration)
      .with("context", context?.configuration).with("remembers", remembers)
      .with("centered_until", centeredUntil, default: 0.5)
  }

  /// - Parameter sensor: makes the context's sensor from its configuration.
  public init(_ configuration: Configuration, sensor: (Configuration) throws -> any Sensor) throws {
    let context: Configuration? = try configuration.optional("context")
    try self.init(
      GaussianGaze(configuration.value("policy")), context: context.map(sensor),
      remembers: configuration.value("remembers"))
    centeredUntil = try configuration.value("centered_until", default: 0.5)
  }

  public var schedules: [NamedSchedule] { policy.schedules }
  public func decides(glimpses: Int) -> Bool { policy.decides(glimpses: glimpses) }
  public var hasAntitheticLocations: Bool { true }
  public func isStochastic(glimpses: Int) -> Bool {
    context != nil || policy.isStochastic(glimpses: glimpses)
  }

  public func check() throws {
    try policy.check()
    try context?.check()
    guard context != nil || remembers else {
      throw DefinitionError(
        "the context gaze", "neither", "it must have a context, a memory or both", cure: "use GaussianGaze")
    }
    guard policy.first == .center, policy.hiddenUnits == nil else {
      throw DefinitionError(
        "the context gaze's policy", policy.configuration.text,
        "its first location must be the centre or decided by the context, and it must have no hidden layer",
        cure: "leave both at their defaults")
    }
    guard (0...1).contains(centeredUntil) else {
      throw DefinitionError(
        "the part of training with first looks at the centre", centeredUntil, "it must be between 0 and 1",
        cure: "choose 0.5, or 0 for none")
    }
    if let context, context.locationColumns != 2 {
      throw DefinitionError(
        "the context", context.configuration.kind, "its sensor must not need a width", cure: "use WholeFrame")
    }
  }

  public var openChoices: [String] {
    var choices =
      context == nil ? policy.openChoices : policy.openChoices(firstGlimpse: "decided from the context")
    if let context {
      choices.append(
        "The context is \(context.columns) numbers that show the whole frame; it decides the first place"
          + (remembers ? " and the initial state of the memory of places" : "")
          + (centeredUntil == 0
            ? "."
            : ". In the first \(Int((100 * centeredUntil).rounded())) % of training, a falling share of the first glimpses is at the centre instead.")
      )
    }
    if remembers {
      choices.append(
        "Places are decided from a second recurrent layer, which reads the first one and starts as its rectified copy; the class "
          + "and the baseline are read from the first.")
    }
    return choices
  }

  /// The context, T - 1 steps of the memory (the first of them from zero if there is no context), and all decisions.
  public func multiplyAdds(units: Int, glimpses: Int) -> Int {
    let later = glimpses - 1
    let memory = (2 * later - (context == nil && later > 0 ? 1 : 0)) * units * units
    return (context.map { $0.columns * units + 2 * units } ?? 0)
      + (remembers ? memory : 0) + later * 2 * units
  }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    let decides = decides(glimpses: glimpses)
    func layer(_ name: String, _ inputs: Int, _ outputs: Int, passesGradient: Bool = true) -> LinearLayer {
      LinearLayer(name, inputs: inputs, outputs: outputs, passesGradient: passesGradient, in: parameters)
    }
    return Layer(
      gaze: self,
      context: context.map { layer("context", $0.columns, units, passesGradient: false) },
      memory: decides && remembers
        ? RecurrentLayer("location.memory", inputs: units, units: units, in: parameters) : nil,
      locations: decides ? layer("location", units, 2) : nil,
      first: context.map { _ in layer("location.first", units, 2) })
  }

  struct Layer: GazeLayer {
    let gaze: ContextGaze
    let context: LinearLayer?
    let memory: RecurrentLayer?
    let locations: LinearLayer?
    let first: LinearLayer?

    /// The memory starts as a copy of a rectifier core's state, r_t = Rect(h_t) = h_t: locations are decided as without a
    /// memory, until it learns to keep something. Documentation/recipe.md has other starts that were tried.
    func initialize(_ parameters: Parameters, seed: UInt64) {
      for layer in [context, locations, first] { if let layer { parameters.initialize(layer, seed: seed) } }
      if let memory { parameters.fillIdentity(memory.weight, firstRow: 0) }
    }

    func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead {
      ContextHead(self, state, graph, stage)
    }
  }
}

// MARK: - In a graph

/// A gaze with a context or a memory in a graph.
private final class ContextHead: GazeHead {
  private let policy: GaussianGaze
  private let centeredUntil: Float
  private let decisions: GaussianScore?
  private let context: Context?

  init(_ layer: ContextGaze.Layer, _ state: Variable, _ graph: Graph, _ stage: Stage) {
    (policy, centeredUntil) = (layer.gaze.policy, layer.gaze.centeredUntil)
    let context = Context(layer, graph, stage)
    self.context = context
    guard let locations = layer.locations, graph.steps > 1 else {
      decisions = nil
      return
    }
    var seen = (policy.trainsCore ? state : state.detached).during(0..<(graph.steps - 1))
    if let memory = layer.memory {
      let operation = LocationMemory(memory, seen, from: context?.start, in: graph)
      graph.append(operation, steps: seen.steps)
      context?.handover.later = operation
      seen = operation.state
    }
    decisions = policy.policy(graph.linear(seen, locations), in: graph)
  }

  var score: (any ScoreFunction)? { decisions }
  var firstScore: (any ScoreFunction)? { context?.first }

  func choose(_ moment: Moment, into locations: Matrix) {
    if moment.step > 0, let decisions {
      return policy.draw(moment, decisions, step: moment.step - 1, into: locations)
    }
    if let context {
      context.look()
      policy.draw(moment, context.first, step: 0, into: locations)
      if moment.isSampled { center(moment, context.first, locations) }
      return
    }
    for row in 0..<locations.rows { (locations[row, 0], locations[row, 1]) = (0, 0) }
  }

  /// Makes a share of the rows look at the centre first. Their sample is set to the mean, where the score has no gradient.
  private func center(_ moment: Moment, _ first: GaussianScore, _ locations: Matrix) {
    guard moment.progress.fraction < centeredUntil else { return }
    let share = 1 - moment.progress.fraction / centeredUntil
    let (mean, samples) = (first.mean.value(at: 0), first.samples.value(at: 0))
    for row in 0..<locations.rows where moment.streams[row].uniform() < share {
      for axis in 0..<2 { (samples[row, axis], locations[row, axis]) = (mean[row, axis], 0) }
    }
  }

  func writeAntitheticLocation(step: Int, into locations: Matrix) {
    guard let score = step == 0 ? context?.first : decisions else {
      fatalError("location \(step) is not the policy's")
    }
    policy.mirror(score, step: max(step - 1, 0), into: locations)
  }

  func backward(into gradients: GradientBuffer) { context?.graph.backward(into: gradients) }
}

/// The context and the first location decided from it: a graph of one step, which runs before the main one.
private final class Context {
  let graph: Graph
  /// c, [B, u].
  let start: Variable
  let first: GaussianScore
  let handover: Handover
  private let seen: Variable
  private let locations: Matrix
  private let stage: Stage
  private let eye: any SensorReader

  /// nil if the gaze has no context.
  init?(_ layer: ContextGaze.Layer, _ main: Graph, _ stage: Stage) {
    guard let sensor = layer.gaze.context, let context = layer.context, let decision = layer.first else {
      return nil
    }
    self.stage = stage
    eye = sensor.makeReader(frames: stage.capacity, side: stage.side)
    graph = Graph(steps: 1, batch: main.batch, parameters: main.parameters, isForwardOnly: main.isForwardOnly)
    seen = graph.variable(columns: sensor.columns, gradient: false)
    locations = Matrix(graph.arena.take(count: 2 * main.batch), rows: main.batch, columns: 2)
    start = graph.linear(seen, context, .rectifier)
    handover = Handover(of: start, scale: 1 / Float(start.columns).squareRoot(), in: graph)
    graph.append(handover)
    first = layer.gaze.policy.policy(graph.linear(handover.scaled, decision), in: graph)
  }

  /// Looks at the frames' centres: the matrix of locations is zero.
  func look() {
    eye.prepare(stage.frames, count: stage.count)
    eye.look(stage.frames, at: locations, rowsPerFrame: graph.batch / stage.capacity, into: seen.value(at: 0))
    graph.forward(step: 0)
  }
}

/// Passes c on: divided by √units to the layer of the first location, and unchanged to the memory of locations. The
/// memory is in the main graph, whose backward pass has run before this one.
private final class Handover: Operation {
  /// c / √units, [B, units].
  let scaled: Variable
  var later: LocationMemory?
  private let start: Variable
  private let scale: Float

  init(of start: Variable, scale: Float, in graph: Graph) {
    (self.start, self.scale) = (start, scale)
    scaled = graph.variable(columns: start.columns)
  }

  func forward(step: Int) {
    let (c, output) = (start.value(at: 0), scaled.value(at: 0))
    for row in 0..<c.rows {
      for j in 0..<c.columns { output[row, j] = scale * c[row, j] }
    }
  }

  func backward(into gradients: GradientBuffer) {
    guard let dc = start.gradient(at: 0), let d = scaled.gradient(at: 0) else { return }
    let passed = later?.startGradient
    for row in 0..<dc.rows {
      for j in 0..<dc.columns { dc[row, j] += scale * d[row, j] + (passed?[row, j] ?? 0) }
    }
  }
}
