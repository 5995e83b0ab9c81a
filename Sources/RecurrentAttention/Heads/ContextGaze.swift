import Autodiff
import Learning

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
