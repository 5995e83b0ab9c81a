import Autodiff
import Learning
import Numerics

/// A Gaussian policy that sees the whole frame before it looks, or decides from a memory of its own, or both (Ba et al.
/// 2015, "Multiple object recognition with visual attention", the context network and the second recurrent layer).
///
///     c       = Rect(Linear(ρ_c(x)))                          [B, units], the whole frame, coarse and once
///     r_t     = Rect(Linear(h_t) + Linear(r_{t-1}))           [B, units], r_{-1} = c, or 0 without a context
///     l_0     ~ the policy at Linear(c / √units)              without a context, the centre
///     l_{t+1} ~ the policy at Linear(r_t)                     without a memory, at Linear(h_t)
///
/// The class is read from h_t, which never sees c: the context can help to look, not to name. What a first look is worth
/// shows little through those that follow, so its layer is a slow one: c is divided by √units for it, by as much as the
/// steps of Adam, which are equally long in all weights, would add up in a sum of so many.
public struct ContextGaze: Gaze {
  /// How places are drawn, and where the first one is without a context.
  public var policy: GaussianGaze
  /// ρ_c, which looks at the frame's centre; nil for no context.
  public var context: (any Sensor)?
  /// Whether places are decided from r_t, not h_t.
  public var remembers: Bool
  /// Until which part of the training, 0 for never, a share of the first looks is at the centre, though the context decides
  /// otherwise: all at first, and ever fewer. Such a look is not scored. Without it, looks drift into a corner before
  /// anything is known, and nothing is learned there.
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

  /// - Parameter sensor: makes the one that sees the whole frame.
  public init(_ configuration: Configuration, sensor: (Configuration) throws -> any Sensor) throws {
    let context: Configuration? = try configuration.optional("context")
    try self.init(
      GaussianGaze(configuration.value("policy")), context: context.map(sensor),
      remembers: configuration.value("remembers"))
    centeredUntil = try configuration.value("centered_until", default: 0.5)
  }

  public var schedules: [NamedSchedule] { policy.schedules }
  public func decides(glimpses: Int) -> Bool { policy.decides(glimpses: glimpses) }
  public func isStochastic(glimpses: Int) -> Bool {
    context != nil || policy.isStochastic(glimpses: glimpses)
  }

  public func check() throws {
    try policy.check()
    try context?.check()
    guard context != nil || remembers else {
      throw DefinitionError(
        "the context gaze", "neither", "it has a context, a memory or both", cure: "use GaussianGaze")
    }
    guard policy.first == .center, policy.hiddenUnits == nil else {
      throw DefinitionError(
        "the context gaze's policy", policy.configuration.text,
        "its first place is the centre or the context's, and it has no hidden layer",
        cure: "leave both at their defaults")
    }
    guard (0...1).contains(centeredUntil) else {
      throw DefinitionError(
        "the part of training with first looks at the centre", centeredUntil, "it lies between 0 and 1",
        cure: "choose 0.5, or 0 for none")
    }
    if let context, context.placeColumns != 2 {
      throw DefinitionError(
        "the context", context.configuration.kind, "it is looked at without a width", cure: "use WholeFrame")
    }
  }

  public var openChoices: [String] {
    var choices = policy.openChoices
    if let context {
      choices[0] = choices[0].replacing(
        "The first glimpse is at the frame's centre", with: "The first glimpse is decided")
      choices.append(
        "The context is \(context.columns) numbers of the whole frame, and decides the first place"
          + (remembers ? " and the state that the memory of places starts from" : "")
          + (centeredUntil == 0
            ? "."
            : "; up to \(centeredUntil) of the training, a falling share of the first looks is at the centre all the same.")
      )
    }
    if remembers {
      choices.append(
        "Places are decided from a second recurrent layer, which reads the first one and starts as a copy of it; the class, and what "
          + "is expected of the return, are read from the first.")
    }
    return choices
  }

  /// The context, T - 1 steps of the memory, the first of them from zero if there is no context, and all decisions.
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
      places: decides ? layer("location", units, 2) : nil,
      first: context.map { _ in layer("location.first", units, 2) })
  }

  struct Layer: GazeLayer {
    let gaze: ContextGaze
    let context: LinearLayer?
    let memory: RecurrentLayer?
    let places: LinearLayer?
    let first: LinearLayer?

    /// The memory starts as a copy of the core's state, r_t = h_t, which it then learns to keep. From random weights, or from
    /// the identity as the core's, training stood still at first (Documentation/recipe.md).
    func initialize(_ parameters: Parameters, seed: UInt64) {
      for layer in [context, places, first] { if let layer { parameters.initialize(layer, seed: seed) } }
      if let memory { parameters.fillIdentity(memory.weight, firstRow: 0) }
    }

    func attach(to state: Variable, in graph: Graph) -> any GazeHead {
      preconditionFailure("a context is of a stage")
    }
    func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead {
      ContextHead(self, state, graph, stage)
    }
  }
}

/// A gaze with a context or a memory in a graph.
final class ContextHead: GazeHead {
  private let policy: GaussianGaze
  private let centeredUntil: Float
  private let decisions: GaussianScore?
  private let context: Context?

  init(_ layer: ContextGaze.Layer, _ state: Variable, _ graph: Graph, _ stage: Stage) {
    (policy, centeredUntil) = (layer.gaze.policy, layer.gaze.centeredUntil)
    let context = Context(layer, graph, stage)
    self.context = context
    guard let places = layer.places, graph.steps > 1 else {
      decisions = nil
      return
    }
    var seen = (policy.trainsCore ? state : state.detached).during(0..<(graph.steps - 1))
    if let memory = layer.memory {
      let operation = PlaceMemory(memory, seen, from: context?.start, in: graph)
      graph.append(operation, steps: seen.steps)
      context?.handover.later = operation
      seen = operation.state
    }
    decisions = policy.policy(graph.linear(seen, places), in: graph)
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

  /// Has a share of the rows look at the centre first. A sample that is the mean has no gradient.
  private func center(_ moment: Moment, _ first: GaussianScore, _ locations: Matrix) {
    guard moment.progress.fraction < centeredUntil else { return }
    let share = 1 - moment.progress.fraction / centeredUntil
    let (mean, samples) = (first.mean.value(at: 0), first.samples.value(at: 0))
    for row in 0..<locations.rows where moment.streams[row].uniform() < share {
      for axis in 0..<2 { (samples[row, axis], locations[row, axis]) = (mean[row, axis], 0) }
    }
  }

  func writeAntitheticPlace(step: Int, into locations: Matrix) {
    guard let score = step == 0 ? context?.first : decisions else {
      preconditionFailure("place \(step) is not the policy's")
    }
    policy.mirror(score, step: max(step - 1, 0), into: locations)
  }

  func backward(into gradients: GradientBuffer) { context?.graph.backward(into: gradients) }
}

/// What was seen of the whole frame, and the first place decided from it: a graph of one step, before the others.
private final class Context {
  let graph: Graph
  /// c, [B, u].
  let start: Variable
  let first: GaussianScore
  let handover: Handover
  private let seen: Variable
  private let places: Matrix
  private let stage: Stage
  private let eye: any SensorReader

  /// nil where the gaze has none.
  init?(_ layer: ContextGaze.Layer, _ main: Graph, _ stage: Stage) {
    guard let sensor = layer.gaze.context, let context = layer.context, let decision = layer.first else {
      return nil
    }
    self.stage = stage
    eye = sensor.makeReader(frames: stage.capacity, side: stage.side)
    graph = Graph(steps: 1, batch: main.batch, parameters: main.parameters, isForwardOnly: main.isForwardOnly)
    seen = graph.variable(columns: sensor.columns, gradient: false)
    places = Matrix(graph.arena.take(count: 2 * main.batch), rows: main.batch, columns: 2)
    start = graph.linear(seen, context, .rectifier)
    handover = Handover(of: start, scale: 1 / Float(start.columns).squareRoot(), in: graph)
    graph.append(handover)
    first = layer.gaze.policy.policy(graph.linear(handover.scaled, decision), in: graph)
  }

  /// Looks at the frames' centres, where the matrix of places is zero.
  func look() {
    eye.prepare(stage.frames, count: stage.count)
    eye.look(stage.frames, at: places, rowsPerFrame: graph.batch / stage.capacity, into: seen.value(at: 0))
    graph.forward(step: 0)
  }
}

/// c on its two ways: divided by √units to the first place, and as it is to the memory of places, in a graph whose backward
/// pass was before this one's.
private final class Handover: Operation {
  /// c / √units, [B, units].
  let scaled: Variable
  var later: PlaceMemory?
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

/// r_t = Rect(h_t W_h + r_{t-1} W_r + b) at every step h has.     h [B, inputs]   r [B, units], r_{-1} = c or 0
final class PlaceMemory: Operation {
  /// r.
  let state: Variable
  /// dc, [B, units]: of the last backward pass.
  let startGradient: Matrix?
  private let input: Variable
  private let start: Variable?
  private let layer: RecurrentLayer
  private let products: Products
  private let bias: UnsafeMutablePointer<Float>
  /// The rows of the weight that h and r are multiplied by, and their transposes.
  private let weights: (input: Matrix, state: Matrix)
  private let transposes: (input: Matrix, state: Matrix)

  init(_ layer: RecurrentLayer, _ input: Variable, from start: Variable?, in graph: Graph) {
    self.layer = layer
    self.input = input
    self.start = start
    products = graph.products
    bias = graph.parameters[layer.bias].pointer
    state = graph.variable(columns: layer.units, steps: input.steps)
    startGradient = start.map { start in
      Matrix(graph.arena.take(count: start.batch * start.columns), rows: start.batch, columns: start.columns)
    }
    let weight = graph.parameters[layer.weight]
    guard let copy = graph.parameters.transposed(layer.weight) else {
      preconditionFailure("the weight of a recurrent layer keeps a transposed copy")
    }
    weights = (
      Matrix(weight.pointer, rows: layer.inputs, columns: layer.units),
      Matrix(weight.row(layer.inputs), rows: layer.units, columns: layer.units)
    )
    transposes = (
      Matrix(copy.pointer, rows: layer.units, columns: layer.inputs, stride: copy.stride),
      Matrix(copy.pointer + layer.inputs, rows: layer.units, columns: layer.units, stride: copy.stride)
    )
  }

  func forward(step: Int) {
    let r = state.value(at: step)
    products.multiply(input.value(at: step), weights.input, into: r)
    if let before = step == 0 ? start?.value(at: 0) : state.value(at: step - 1) {
      products.multiply(before, weights.state, into: r, accumulating: true)
    }
    addBias(bias, to: r, .rectifier)
  }

  func backward(into gradients: GradientBuffer) {
    let db = gradients[layer.bias].pointer
    for step in state.steps.reversed() {
      // z_{t+1} = ... + r_t W_r: dr_t += dz_{t+1} W_rᵀ
      if step + 1 < state.steps.upperBound, let later = state.gradient(at: step + 1) {
        state.accumulate(later, transposes.state, at: step)
      }
      // r_t = Rect(z_t): dz_t = dr_t where r_t > 0, in place; db += dz_t
      guard let dr = state.gradient(at: step) else { return }
      let r = state.value(at: step)
      for row in 0..<dr.rows {
        for j in 0..<dr.columns {
          if r[row, j] <= 0 { dr[row, j] = 0 }
          db[j] += dr[row, j]
        }
      }
    }
    // z = h W_h: dh += dz W_hᵀ, dW_h += hᵀ dz
    guard let dz = state.allGradients else { return }
    let rows = layer.inputs..<(layer.inputs + layer.units)
    input.accumulate(dz, transposes.input)
    gradients.add(input.allValues.transposed, dz, to: layer.weight, rows: 0..<layer.inputs)
    // z = ... + r_{t-1} W_r: dW_r += r_{t-1}ᵀ dz, dc = dz_0 W_rᵀ
    if let start, let startGradient, let dz = state.gradient(at: 0) {
      gradients.add(start.value(at: 0).transposed, dz, to: layer.weight, rows: rows)
      products.multiply(dz, transposes.state, into: startGradient)
    }
    if state.steps.count > 1 {
      let (earlier, later) = (
        state.during(0..<(state.steps.upperBound - 1)), state.during(1..<state.steps.upperBound)
      )
      if let dz = later.allGradients {
        gradients.add(earlier.allValues.transposed, dz, to: layer.weight, rows: rows)
      }
    }
  }
}
