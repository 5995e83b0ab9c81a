import Autodiff
import Learning
import Numerics

/// The paper's location policy: a Gaussian of two components whose mean is learned and whose variance is not
/// (section 3, "Actions").
///
///     μ_t = squash(Linear(h_t))         [B, 2]; optionally one rectifier layer before
///     s_t ~ N(μ_t, (σ / c)²)            the raw sample, which is scored; at test s_t = μ_t
///     l_{t+1} = clip(c s_t)             c the reach, σ the deviation, in frame half-widths
///
/// The sample is drawn outside the graph and never differentiated; the mean always is.
public struct GaussianGaze: Gaze, Equatable {
  /// Where the first glimpse is, before anything has been seen. The NIPS paper does not say; in its first arXiv version
  /// it is random.
  public enum First: String, Sendable { case center, uniform, learned }
  /// The sample whose log N is taken.
  public enum Score: String, Sendable {
    case rawSample
    /// The sample after clipping, which is biased; several implementations do this.
    case clampedSample
    /// The raw sample with the mean's gradient stopped: a mistake of published code, with which nothing is
    /// learned.
    case stoppedMean
  }

  /// σ, frame half-widths.
  public var deviation: Schedule
  /// c: how far from the centre an output of 1 looks, frame half-widths.
  // paper: 1; ours: less keeps the gaze where digits can be
  public var reach: Float
  /// Where the first glimpse is.
  // ours: in a trial on cluttered digits the error was 7.7 % from the centre, 8.8 % from a uniform location (one seed)
  public var first = First.center
  /// What keeps the mean inside the frame.
  public var squashing = Squashing.tanh  // ours: the paper mentions none; clipped means got stuck in corners
  /// Units of a rectifier layer before the mean; nil for a linear mean.
  public var hiddenUnits: Int?  // paper: none
  /// What REINFORCE scores.
  public var score = Score.rawSample
  /// Whether REINFORCE's gradient enters the core, or stays in this head.
  // ours: 12.5 to 14.6 % after 600,000 cluttered scenes, heads only 15.3 to 16.0 % (validation, single seeds)
  public var trainsCore = true

  public init(deviation: Schedule, reach: Float = 1, first: First = .center) {
    self.deviation = deviation
    self.reach = reach
    self.first = first
  }

  /// A single glimpse leaves nothing to decide.
  public func decides(glimpses: Int) -> Bool { glimpses > 1 }
  public var hasAntitheticLocations: Bool { true }
  public func isStochastic(glimpses: Int) -> Bool { decides(glimpses: glimpses) || first != .center }
  public var schedules: [NamedSchedule] {
    [
      NamedSchedule(
        "location_deviation", "Standard deviation of the location policy, in frame half-widths.", deviation)
    ]
  }

  public static let kind = "gaussian"

  public var configuration: Configuration {
    Configuration(Self.kind)
      .with("deviation", deviation)
      .with("reach", reach, default: 1)
      .with("first", first.rawValue, default: First.center.rawValue)
      .with("squashing", squashing.rawValue, default: Squashing.tanh.rawValue)
      .with("hidden_units", hiddenUnits)
      .with("score", score.rawValue, default: Score.rawSample.rawValue)
      .with("trains_core", trainsCore, default: true)
  }

  public init(_ configuration: Configuration) throws {
    deviation = try configuration.value("deviation")
    reach = try configuration.value("reach", default: 1)
    first = try configuration.value("first", default: .center)
    squashing = try configuration.value("squashing", default: .tanh)
    hiddenUnits = try configuration.optional("hidden_units")
    score = try configuration.value("score", default: .rawSample)
    trainsCore = try configuration.value("trains_core", default: true)
  }

  public func check() throws {
    try deviation.checkAboveZero("location deviation")
    guard reach > 0, reach.isFinite else {
      throw DefinitionError(
        "the gaze's reach", reach, "it must be above 0", cure: "choose 1, the whole frame")
    }
    if let hiddenUnits, hiddenUnits < 1 {
      throw DefinitionError(
        "the gaze's number of hidden units", hiddenUnits, "it must be at least 1",
        cure: "leave them out for a linear one")
    }
  }

  public var openChoices: [String] {
    switch first {
    case .center: openChoices(firstGlimpse: "at the frame's centre")
    case .uniform: openChoices(firstGlimpse: "uniform over the frame")
    case .learned: openChoices(firstGlimpse: "learned")
    }
  }

  func openChoices(firstGlimpse: String) -> [String] {
    let mean =
      switch squashing {
      case .none: "free to leave the frame"
      case .clip: "clipped to the frame"
      case .tanh: "kept in the frame by tanh"
      }
    return [
      "The first glimpse is \(firstGlimpse); the mean of the location policy is \(mean)"
        + (reach == 1 ? "" : " and scaled by \(reach)")
        + ", and its standard deviation is \(deviation.summary) half-widths.",
      "REINFORCE's gradient " + (trainsCore ? "enters the core too." : "stays in the location network."),
    ]
  }

  /// (T - 1) 2 h, or through a hidden layer of u units (T - 1) (h u + 2 u).
  public func multiplyAdds(units: Int, glimpses: Int) -> Int {
    (glimpses - 1) * (hiddenUnits.map { units * $0 + 2 * $0 } ?? 2 * units)
  }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    let decides = decides(glimpses: glimpses)
    let hidden =
      decides
      ? hiddenUnits.map { LinearLayer("location.hidden", inputs: units, outputs: $0, in: parameters) } : nil
    return GaussianGazeLayer(
      gaze: self, hidden: hidden,
      mean: decides ? LinearLayer("location", inputs: hiddenUnits ?? units, outputs: 2, in: parameters) : nil,
      first: first == .learned ? LinearLayer("location.first", inputs: 1, outputs: 2, in: parameters) : nil)
  }
}

// MARK: - What every gaze with a Gaussian policy does

extension GaussianGaze {
  /// The policy whose mean is squashed from an output.     output [B, location columns]
  func policy(_ output: Variable, in graph: Graph) -> GaussianScore {
    let mean = graph.squash(output, by: squashing)
    return graph.gaussianScore(mean: score == .stoppedMean ? mean.detached : mean)
  }

  /// s = μ + σ/c ε, and where that lies on the frame.
  ///
  /// - Parameter further: the reach of what is decided in addition to the location, such as a width.
  func draw(
    _ moment: Moment, _ policy: GaussianScore, step: Int, into locations: Matrix, further: Float = 1
  ) {
    let (mean, samples) = (policy.mean.value(at: step), policy.samples.value(at: step))
    let deviation = deviation.value(at: moment.progress) / reach
    policy.standardDeviation = deviation
    for row in 0..<locations.rows {
      for axis in 0..<locations.columns {
        let reach = axis < 2 ? reach : further
        var s = mean[row, axis]
        if moment.isSampled { s += deviation * moment.streams[row].normal() }
        let coordinate = clip(reach * s)
        samples[row, axis] = score == .clampedSample ? coordinate / reach : s
        locations[row, axis] = coordinate
      }
    }
  }

  /// What lies as far from the mean on the other side.
  func mirror(_ policy: GaussianScore, step: Int, into locations: Matrix, further: Float = 1) {
    let (mean, samples) = (policy.mean.value(at: step), policy.samples.value(at: step))
    for row in 0..<locations.rows {
      for axis in 0..<locations.columns {
        let reach = axis < 2 ? reach : further
        locations[row, axis] = clip(reach * (2 * mean[row, axis] - samples[row, axis]))
      }
    }
  }

  private func clip(_ coordinate: Float) -> Float { min(max(coordinate, -1), 1) }
}

struct GaussianGazeLayer: GazeLayer {
  let gaze: GaussianGaze
  let hidden: LinearLayer?
  let mean: LinearLayer?
  /// The learned first location, as a layer whose input is zero. It starts at the centre.
  let first: LinearLayer?

  func initialize(_ parameters: Parameters, seed: UInt64) {
    for layer in [hidden, mean] { if let layer { parameters.initialize(layer, seed: seed) } }
  }

  func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead {
    GaussianGazeHead(self, state, graph)
  }
}

/// A Gaussian policy in a graph.
final class GaussianGazeHead: GazeHead {
  private let gaze: GaussianGaze
  private let decisions: GaussianScore?
  private let first: (graph: Graph, score: GaussianScore)?

  init(_ layer: GaussianGazeLayer, _ state: Variable, _ graph: Graph) {
    let gaze = layer.gaze
    self.gaze = gaze
    let seen = gaze.trainsCore ? state : state.detached
    decisions = layer.mean.map { mean in
      let input = seen.during(0..<(graph.steps - 1))
      let hidden = layer.hidden.map { graph.linear(input, $0, .rectifier) } ?? input
      return gaze.policy(graph.linear(hidden, mean), in: graph)
    }
    first = layer.first.map { layer in
      let own = Graph(
        steps: 1, batch: graph.batch, parameters: graph.parameters, isForwardOnly: graph.isForwardOnly)
      let nothing = own.variable(columns: 1, gradient: false)
      return (own, gaze.policy(own.linear(nothing, layer), in: own))
    }
  }

  var score: (any ScoreFunction)? { decisions }
  var firstScore: (any ScoreFunction)? { first?.score }

  func choose(_ moment: Moment, into locations: Matrix) {
    if moment.step > 0, let decisions {
      return gaze.draw(moment, decisions, step: moment.step - 1, into: locations)
    }
    if let first {
      first.graph.forward(step: 0)
      return gaze.draw(moment, first.score, step: 0, into: locations)
    }
    let isUniform = gaze.first == .uniform
    for row in 0..<locations.rows {
      locations[row, 0] = isUniform ? moment.streams[row].uniform(from: -1, to: 1) : 0
      locations[row, 1] = isUniform ? moment.streams[row].uniform(from: -1, to: 1) : 0
    }
  }

  func writeAntitheticLocation(step: Int, into locations: Matrix) {
    guard let score = step == 0 ? first?.score : decisions else {
      fatalError("location \(step) is not the policy's")
    }
    gaze.mirror(score, step: max(step - 1, 0), into: locations)
  }

  func backward(into gradients: GradientBuffer) { first?.graph.backward(into: gradients) }
}
