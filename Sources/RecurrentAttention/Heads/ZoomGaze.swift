import Autodiff
import Learning
import Numerics

/// A Gaussian policy that also decides how wide to look (section 5: "the scale at which the retina samples").
///
///     (u, v, w) = Linear(h_t)                              [B, 3]
///     μ_t = (tanh u, tanh v, w / √units)                   [B, 3]
///     s_t ~ N(μ_t, (σ / c)²)                               at test s_t = μ_t
///     l_{t+1} = (clip(c s_x), clip(c s_y), clip(k s_z))    k the reach of widths
///
/// z = -1 is the sensor's narrowest look, 1 its widest. The three numbers are scored as one sample. The mean width starts at
/// 0 and is not squashed: before the model knows where to look, the widest look is best, and a tanh would saturate there and
/// have no gradient to come back. Division by √units keeps the mean from overshooting the end, where all samples are clipped
/// to the same width.
public struct ZoomGaze: Gaze, Equatable {
  /// The policy of locations, whose σ is used for widths too.
  public var location: GaussianGaze
  /// z of the first look, which is at the centre; above 1, it is wider than any chosen look.
  public var first: Float
  /// k: widths are drawn with a deviation of k σ / c, in units of z.
  public var reach: Float

  /// The defaults are ours: see Documentation/recipe.md.
  public init(_ location: GaussianGaze, first: Float = 1, reach: Float = 3) {
    self.location = location
    self.first = first
    self.reach = reach
  }

  public static let kind = "zoom"
  public var configuration: Configuration {
    Configuration(Self.kind).with("place", location.configuration).with("first", first, default: 1)
      .with("reach", reach, default: 3)
  }
  public init(_ configuration: Configuration) throws {
    location = try GaussianGaze(configuration.value("place"))
    first = try configuration.value("first", default: 1)
    reach = try configuration.value("reach", default: 3)
  }

  public var locationColumns: Int { 3 }
  public var schedules: [NamedSchedule] { location.schedules }
  public func isStochastic(glimpses: Int) -> Bool { location.isStochastic(glimpses: glimpses) }
  public func decides(glimpses: Int) -> Bool { location.decides(glimpses: glimpses) }
  public var hasAntitheticLocations: Bool { true }

  public func check() throws {
    try location.check()
    guard location.first == .center, location.hiddenUnits == nil, location.squashing == .tanh,
      location.score != .stoppedMean
    else {
      throw DefinitionError(
        "the zoom's policy of locations", location.configuration.text,
        "it must begin at the centre, have a tanh and no hidden layer, and its mean must be trained",
        cure: "leave these at their defaults")
    }
    guard (-1...4).contains(first) else {
      throw DefinitionError(
        "the zoom of the first look", first, "it must be between -1, the narrowest, and 4", cure: "choose 1")
    }
    guard reach > 0, reach.isFinite else {
      throw DefinitionError("the reach of widths", reach, "it must be above 0", cure: "choose 3")
    }
  }

  public var openChoices: [String] {
    location.openChoices + [
      "The width is a third number of the Gaussian sample, multiplied by \(reach) and clipped between -1, the narrowest, and 1, "
        + "the widest; its mean starts in the middle. The first look is at \(first)."
    ]
  }

  public func multiplyAdds(units: Int, glimpses: Int) -> Int { (glimpses - 1) * 3 * units }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    Layer(
      gaze: self,
      mean: decides(glimpses: glimpses)
        ? LinearLayer("location", inputs: units, outputs: locationColumns, in: parameters) : nil)
  }

  struct Layer: GazeLayer {
    let gaze: ZoomGaze
    let mean: LinearLayer?

    func initialize(_ parameters: Parameters, seed: UInt64) {
      guard let mean else { return }
      parameters.initialize(mean, seed: seed)
      parameters.fill(mean.weight, with: 0, columns: 2..<3)
    }

    func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead {
      ZoomHead(self, state, graph)
    }
  }
}

/// A zooming policy in a graph.
final class ZoomHead: GazeHead {
  private let gaze: ZoomGaze
  private let decisions: GaussianScore?

  init(_ layer: ZoomGaze.Layer, _ state: Variable, _ graph: Graph) {
    gaze = layer.gaze
    let seen = (gaze.location.trainsCore ? state : state.detached).during(0..<(graph.steps - 1))
    decisions = layer.mean.map { mean in
      let operation = ZoomMean(
        graph.linear(seen, mean), scale: 1 / Float(state.columns).squareRoot(), in: graph)
      graph.append(operation, steps: seen.steps)
      return graph.gaussianScore(mean: operation.mean)
    }
  }

  var score: (any ScoreFunction)? { decisions }

  func choose(_ moment: Moment, into locations: Matrix) {
    if moment.step > 0, let decisions {
      return gaze.location.draw(
        moment, decisions, step: moment.step - 1, into: locations, further: gaze.reach)
    }
    for row in 0..<locations.rows {
      (locations[row, 0], locations[row, 1], locations[row, 2]) = (0, 0, gaze.first)
    }
  }

  func writeAntitheticLocation(step: Int, into locations: Matrix) {
    guard step > 0, let decisions else { fatalError("location \(step) is not the policy's") }
    gaze.location.mirror(decisions, step: step - 1, into: locations, further: gaze.reach)
  }
}

/// y = (tanh x_0, tanh x_1, scale x_2)     x, y [B, 3]
private final class ZoomMean: Operation {
  let mean: Variable
  private let output: Variable
  private let scale: Float

  init(_ output: Variable, scale: Float, in graph: Graph) {
    (self.output, self.scale) = (output, scale)
    mean = graph.variable(columns: 3, steps: output.steps)
  }

  func forward(step: Int) {
    let (x, y) = (output.value(at: step), mean.value(at: step))
    for row in 0..<x.rows {
      for axis in 0..<2 { y[row, axis] = Elementary.tanh(x[row, axis]) }
      y[row, 2] = scale * x[row, 2]
    }
  }

  func backward(into gradients: GradientBuffer) {
    guard let dy = mean.allGradients, let dx = output.allGradients else { return }
    let y = mean.allValues
    for row in 0..<dy.rows {
      // dx = dy (1 - y²) where y = tanh x, scale dy where y = scale x
      for axis in 0..<2 { dx[row, axis] += dy[row, axis] * (1 - y[row, axis] * y[row, axis]) }
      dx[row, 2] += scale * dy[row, 2]
    }
  }
}
