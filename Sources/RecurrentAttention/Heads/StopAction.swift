import Autodiff
import Learning
import Numerics

/// The stop action (section 5): after each glimpse but the last, the network decides whether it has seen enough.
///
///     s_t = σ(Linear(h_t))              [B, 1], the probability of stopping after glimpse t; 1 for the last.
///                                       The logit is kept within ±bound
///
/// When sampled, the model stops with this probability; at its mean, it stops as soon as s_t is above ½. Then it answers.
public struct StopAction: Action, Equatable {
  /// s at the start of training where h is 0; it varies a little with h. Small, so that the model learns from all
  /// glimpses before it starts to leave some out.
  public var firstProbability: Float = 0.05  // ours: the paper only proposes the action
  /// The largest absolute logit. Without it, the head soon learns always to go on, because later answers are much better at
  /// first, and the vanishing gradient keeps it there.
  public var bound: Float = 5  // ours: 0.007 and 0.993
  /// Whether REINFORCE's gradient enters the core, or stays in this head.
  public var trainsCore = true

  public init() {}

  public static let kind = "stop"
  public var configuration: Configuration {
    Configuration(Self.kind).with("first_probability", firstProbability, default: 0.05)
      .with("bound", bound, default: 5).with("trains_core", trainsCore, default: true)
  }

  init(_ configuration: Configuration) throws {
    firstProbability = try configuration.value("first_probability", default: 0.05)
    bound = try configuration.value("bound", default: 5)
    trainsCore = try configuration.value("trains_core", default: true)
  }

  public var isStochastic: Bool { true }
  public var mayAnswerEarly: Bool { true }

  public var openChoices: [String] {
    [
      "The probability of stopping starts near \(firstProbability) after every glimpse, and its logit is kept within ±\(bound)."
    ]
  }

  public func check(_ network: RecurrentAttention, on world: any World) throws {
    guard firstProbability > 0, firstProbability < 1 else {
      throw DefinitionError(
        "the stop action's first probability", firstProbability, "it must be between 0 and 1",
        cure: "choose 0.05")
    }
    guard bound > 0 else {
      throw DefinitionError("the stop action's bound", bound, "it must be above 0", cure: "choose 5")
    }
    guard abs(Elementary.log(firstProbability / (1 - firstProbability))) <= bound else {
      throw DefinitionError(
        "the stop action's first probability", firstProbability, "its logit must lie within ±\(bound)",
        cure: "choose 0.05, or a larger bound")
    }
    let glimpses = network.steps(on: world)
    guard glimpses > 1 else {
      throw DefinitionError(
        "the model's number of glimpses", glimpses, "a model that can stop has two or more",
        cure: "choose 8, for example")
    }
  }

  public func declare(for network: RecurrentAttention, in parameters: Parameters) -> any ActionLayer {
    StopLayer(
      action: self, layer: LinearLayer("stop", inputs: network.core.units, outputs: 1, in: parameters))
  }

  public func multiplyAdds(units: Int, glimpses: Int) -> Int { (glimpses - 1) * units }
}

/// A stop action with its tensors.
struct StopLayer: ActionLayer {
  let action: StopAction
  let layer: LinearLayer

  func initialize(_ parameters: Parameters, seed: UInt64) {
    parameters.initialize(layer, seed: seed)
    let p = action.firstProbability
    parameters.fill(layer.bias, with: Elementary.log(p / (1 - p)))
  }

  /// There is nothing to decide after the last glimpse.
  func steps(glimpses: Int, readsEveryGlimpse: Bool) -> Range<Int> { 0..<(glimpses - 1) }

  func attach(to state: Variable, in graph: Graph) -> Stopper {
    let state = action.trainsCore ? state : state.detached
    return Stopper(
      graph.bernoulliScore(logits: graph.linear(state, layer), bound: action.bound), in: graph)
  }
}

/// A stop action in a graph: it records after which glimpse every row has stopped. Later glimpses are computed too,
/// because all rows advance together.
public final class Stopper: ActionHead {
  /// s_t, with its score function, at all steps but the last.
  public let decisions: BernoulliScore
  /// The step after which it stops in any case.
  private let last: Int
  /// [B]: the step after which a row has stopped, or the last one.
  private let stops: UnsafeMutablePointer<Int32>
  /// One for each row, apart from those of locations, so that a model looks where it would if it could not stop.
  private let streams: UnsafeMutablePointer<RandomStream>

  init(_ decisions: BernoulliScore, in graph: Graph) {
    self.decisions = decisions
    last = decisions.probabilities.steps.upperBound
    stops = graph.arena.take(count: graph.batch)
    streams = graph.arena.take(count: graph.batch)
  }

  public func begin(_ run: AgentRun, on stage: Stage, episodes: Int) {
    for row in 0..<(stage.capacity * episodes) {
      stops[row] = Int32(last)
      streams[row] = run.stream(.stopping, row: row, episodes: episodes)
    }
  }

  /// Decides in the rows that have not stopped before.
  public func decide(_ moment: Moment, on stage: Stage) {
    let t = moment.step
    guard t < last else { return }
    let p = decisions.probabilities.value(at: t)
    for row in 0..<p.rows where stops[row] == Int32(last) {
      let limit = moment.isSampled ? streams[row].uniform() : 0.5
      if p[row, 0] > limit { stops[row] = Int32(t) }
    }
  }

  /// The step after which a row has stopped.
  public func step(of row: Int) -> Int { Int(stops[row]) }
  public func answerStep(_ row: Int) -> Int? { step(of: row) }

  /// s_t of a row.
  public func probability(_ row: Int, step: Int) -> Float {
    step == last ? 1 : decisions.probabilities.value(at: step)[row, 0]
  }
}

extension Agent {
  /// For a model that decides when it has seen enough.
  public var stopper: Stopper? { heads.first() }
}

extension LookOutcome {
  /// s, of a model that can stop; else 0.
  public var stopProbability: Float {
    isLast ? 1 : decision { (stopper: Stopper, row, step) in stopper.probability(row, step: step) } ?? 0
  }
}
