import Autodiff
import Learning
import Numerics
import RecurrentAttention

/// A gaze that decides how far to jump, as eyes do, where the paper's decides the next place itself.
///
///     μ_t = tanh(Linear(h_t))                   [B, 2]
///     s_t ~ N(μ_t, (σ / c)²)                    at test s_t = μ_t
///     l_{t+1} = clip(l_t + c s_t), l_0 = 0      c the longest jump, σ the deviation, frame half-widths
public struct SaccadeGaze: Gaze, Equatable {
  /// σ.
  public var deviation: Schedule
  /// c.
  public var reach: Float

  public init(deviation: Schedule, reach: Float = 1) {
    self.deviation = deviation
    self.reach = reach
  }

  public static let kind = "saccade"
  public var configuration: Configuration {
    Configuration(Self.kind).with("deviation", deviation).with("reach", reach, default: 1)
  }

  /// Reads a configuration back, so that a model with this gaze can be made again from its weights.
  public init(_ configuration: Configuration) throws {
    deviation = try configuration.value("deviation")
    reach = try configuration.value("reach", default: 1)
  }

  public func decides(glimpses: Int) -> Bool { glimpses > 1 }
  public var hasAntitheticLocations: Bool { true }
  public func isStochastic(glimpses: Int) -> Bool { glimpses > 1 }
  public var schedules: [NamedSchedule] {
    [
      NamedSchedule(
        "location_deviation", "Standard deviation of a jump, in frame half-widths.", deviation)
    ]
  }
  public var openChoices: [String] { ["The gaze decides how far to jump, at most \(reach) half-widths."] }

  public func check() throws {
    try deviation.checkAboveZero("location deviation")
    guard reach > 0, reach.isFinite else {
      throw DefinitionError(
        "the saccade's reach", reach, "it must be above 0", cure: "choose 1, half the frame")
    }
  }

  public func multiplyAdds(units: Int, glimpses: Int) -> Int { (glimpses - 1) * 2 * units }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    SaccadeLayer(
      gaze: self,
      jump: glimpses > 1 ? LinearLayer("saccade", inputs: units, outputs: 2, in: parameters) : nil)
  }
}

struct SaccadeLayer: GazeLayer {
  let gaze: SaccadeGaze
  let jump: LinearLayer?

  func initialize(_ parameters: Parameters, seed: UInt64) {
    if let jump { parameters.initialize(jump, seed: seed) }
  }

  func attach(to state: Variable, in graph: Graph, on stage: Stage) -> any GazeHead {
    SaccadeHead(self, state, graph)
  }
}

final class SaccadeHead: GazeHead {
  private let gaze: SaccadeGaze
  private let jumps: GaussianScore?
  /// l_t, [B, 2] at every step.
  private let places: Variable

  init(_ layer: SaccadeLayer, _ state: Variable, _ graph: Graph) {
    gaze = layer.gaze
    places = graph.variable(columns: 2, gradient: false)
    jumps = layer.jump.map {
      let output = graph.linear(state.during(0..<(graph.steps - 1)), $0)
      return graph.gaussianScore(mean: graph.squash(output, by: .tanh))
    }
  }

  var score: (any ScoreFunction)? { jumps }

  func choose(_ moment: Moment, into locations: Matrix) {
    let here = places.value(at: moment.step)
    for row in 0..<here.rows { (here[row, 0], here[row, 1]) = (0, 0) }
    if moment.step > 0, let jumps {
      let (mean, samples) = (jumps.mean.value(at: moment.step - 1), jumps.samples.value(at: moment.step - 1))
      let deviation = gaze.deviation.value(at: moment.progress) / gaze.reach
      jumps.standardDeviation = deviation
      for row in 0..<here.rows {
        for axis in 0..<2 {
          samples[row, axis] = mean[row, axis]
          if moment.isSampled { samples[row, axis] += deviation * moment.streams[row].normal() }
        }
      }
      land(samples, step: moment.step, in: here)
    }
    for row in 0..<here.rows { locations.row(row).update(from: here.row(row), count: 2) }
  }

  func writeAntitheticLocation(step: Int, into locations: Matrix) {
    guard let jumps else { fatalError("nothing is decided") }
    let (mean, samples) = (jumps.mean.value(at: step - 1), jumps.samples.value(at: step - 1))
    for row in 0..<locations.rows {
      for axis in 0..<2 { locations[row, axis] = 2 * mean[row, axis] - samples[row, axis] }
    }
    land(locations, step: step, in: locations)
  }

  /// Where jumps of this step end, l = clip(l_{t-1} + c s).
  private func land(_ jumps: Matrix, step: Int, in locations: Matrix) {
    let before = places.value(at: step - 1)
    for row in 0..<locations.rows {
      for axis in 0..<2 {
        locations[row, axis] = min(max(before[row, axis] + gaze.reach * jumps[row, axis], -1), 1)
      }
    }
  }
}
