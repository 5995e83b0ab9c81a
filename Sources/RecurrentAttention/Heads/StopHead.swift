import Autodiff
import Learning
import Numerics

extension StreamPurpose {
  static let stopping = StreamPurpose(rawValue: 8)
}

/// The stop action (section 5): after each glimpse but the last, the network decides whether it has seen enough.
///
///     s_t = σ(Linear(h_t))              [B, 1], the probability of stopping after glimpse t; 1 for the last.
///                                       The logit is kept within ±bound
///
/// When sampled, the model stops with this probability; at its mean, it stops as soon as s_t is above ½. Then it answers.
public struct StopHead: Sendable, Equatable {
  /// s at the start of training: small, so that the model learns from all glimpses before it starts to leave some out.
  public var firstProbability: Float = 0.05  // ours: the paper only proposes the action
  /// The largest absolute logit. Without it, the head soon learns always to go on, because later answers are much better at
  /// first, and the vanishing gradient keeps it there.
  public var bound: Float = 5  // ours: 0.007 and 0.993
  /// Whether REINFORCE's gradient enters the core, or stays in this head.
  public var trainsCore = true

  public init() {}

  public var configuration: Configuration {
    Configuration("stop").with("first_probability", firstProbability, default: 0.05)
      .with("bound", bound, default: 5).with("trains_core", trainsCore, default: true)
  }

  init(_ configuration: Configuration) throws {
    firstProbability = try configuration.value("first_probability", default: 0.05)
    bound = try configuration.value("bound", default: 5)
    trainsCore = try configuration.value("trains_core", default: true)
  }

  var openChoices: [String] {
    [
      "The probability of stopping starts at \(firstProbability) after every glimpse, and its logit is kept within ±\(bound)."
    ]
  }

  func check(glimpses: Int) throws {
    guard firstProbability > 0, firstProbability < 1 else {
      throw DefinitionError(
        "the stop head's first probability", firstProbability, "it must be between 0 and 1",
        cure: "choose 0.05")
    }
    guard bound > 0 else {
      throw DefinitionError("the stop head's bound", bound, "it must be above 0", cure: "choose 5")
    }
    guard glimpses > 1 else {
      throw DefinitionError(
        "the model's number of glimpses", glimpses, "a model that can stop has two or more",
        cure: "choose 8, for example")
    }
  }

  func declare(units: Int, in parameters: Parameters) -> StopLayer {
    StopLayer(head: self, layer: LinearLayer("stop", inputs: units, outputs: 1, in: parameters))
  }
}

/// A stop head with its tensors.
struct StopLayer: Sendable {
  let head: StopHead
  let layer: LinearLayer

  func initialize(_ parameters: Parameters, seed: UInt64) {
    parameters.initialize(layer, seed: seed)
    let p = head.firstProbability
    parameters.fill(layer.bias, with: Elementary.log(p / (1 - p)))
  }

  /// Appends it to a graph, to decide after every step of `state`.
  func attach(to state: Variable, in graph: Graph) -> BernoulliScore {
    graph.bernoulliScore(
      logits: graph.linear(head.trainsCore ? state : state.detached, layer), bound: head.bound)
  }
}

/// A stop head at work: it records after which glimpse every row has stopped. Later glimpses are computed too, because all
/// rows advance together.
public final class Stopper {
  /// s_t, with its score function, at all steps but the last.
  public let decisions: BernoulliScore
  private let steps: Int
  /// [B]: the step after which a row has stopped, or the last one.
  private let stops: UnsafeMutablePointer<Int32>
  /// One for each row, apart from those of places, so that a model looks where it would if it could not stop.
  private let streams: UnsafeMutablePointer<RandomStream>

  init(_ layer: StopLayer, to state: Variable, in graph: Graph) {
    steps = graph.steps
    decisions = layer.attach(to: state.during(0..<(steps - 1)), in: graph)
    stops = graph.arena.take(count: graph.batch)
    streams = graph.arena.take(count: graph.batch)
  }

  /// Called before a row's first glimpse.
  func begin(_ row: Int, _ stream: RandomStream) {
    stops[row] = Int32(steps - 1)
    streams[row] = stream
  }

  /// Decides after h_t, in the rows that have not stopped before.
  func decide(_ moment: Moment) {
    let (t, last) = (moment.step, Int32(steps - 1))
    guard t < last else { return }
    let p = decisions.probabilities.value(at: t)
    for row in 0..<p.rows where stops[row] == last {
      let limit = moment.isSampled ? streams[row].uniform() : 0.5
      if p[row, 0] > limit { stops[row] = Int32(t) }
    }
  }

  /// The step after which a row has stopped.
  public func step(of row: Int) -> Int { Int(stops[row]) }

  /// s_t of a row.
  public func probability(_ row: Int, step: Int) -> Float {
    step == steps - 1 ? 1 : decisions.probabilities.value(at: step)[row, 0]
  }
}
