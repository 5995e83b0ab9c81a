import Autodiff
import Learning
import Numerics

/// The action network f_a of a player (section 4.2): a_t ~ softmax(Linear(h_t)) after every glimpse.
public final class Player {
  /// The policy, with its score function.
  public let policy: CategoricalScore

  init(_ layer: LinearLayer, to state: Variable, in graph: Graph) {
    policy = graph.categoricalScore(logits: graph.linear(state, layer))
  }

  /// Chooses an action in every row, and carries the actions out.
  func act(_ moment: Moment, on stage: Stage) {
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
