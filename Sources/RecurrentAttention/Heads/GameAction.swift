import Autodiff
import Learning
import Numerics

/// The environment action of a player (section 4.2): a_t ~ softmax(Linear(h_t)) after every glimpse.
public struct GameAction: Action, Equatable {
  /// How many moves there are to choose from.
  public let count: Int

  public init(count: Int) { self.count = count }

  public static let kind = "game"
  public var configuration: Configuration { Configuration(Self.kind).with("count", count) }
  public var changesFrames: Bool { true }
  public var isStochastic: Bool { true }

  public func check(_ network: RecurrentAttention, on world: any World) throws {
    guard count == world.play?.actions else {
      throw DefinitionError(
        "the game action's number of moves", count,
        "\(world.summary) has \(world.play.map { "\($0.actions)" } ?? "none")",
        cure: "leave it out; a network makes whatever moves its world has")
    }
  }

  public func declare(for network: RecurrentAttention, in parameters: Parameters) -> any ActionLayer {
    PlayerLayer(
      count: count, layer: LinearLayer("action", inputs: network.core.units, outputs: count, in: parameters))
  }

  public func multiplyAdds(units: Int, glimpses: Int) -> Int { count * units * glimpses }
}

/// The action network f_a of a player.
struct PlayerLayer: ActionLayer {
  let count: Int
  let layer: LinearLayer

  func initialize(_ parameters: Parameters, seed: UInt64) { parameters.initialize(layer, seed: seed) }
  func steps(glimpses: Int, readsEveryGlimpse: Bool) -> Range<Int> { 0..<glimpses }
  func attach(to state: Variable, in graph: Graph) -> Player {
    Player(policy: graph.categoricalScore(logits: graph.linear(state, layer)))
  }
}

/// A player in a graph.
public final class Player: ActionHead {
  /// The policy, with its score function.
  public let policy: CategoricalScore

  init(policy: CategoricalScore) { self.policy = policy }

  /// Chooses an action in every row, and carries the actions out.
  public func decide(_ moment: Moment, on stage: Stage) {
    let rows = policy.logits.batch
    let actions = policy.actions + moment.step * rows
    for row in 0..<rows {
      let action =
        moment.isSampled
        ? policy.sample(step: moment.step, example: row, uniform: moment.streams[row].uniform())
        : policy.best(step: moment.step, example: row)
      actions[row] = UInt8(truncatingIfNeeded: action)
    }
    stage.act(actions)
  }
}

extension Agent {
  /// For a world in which the model acts.
  public var player: Player? { heads.first() }
}
