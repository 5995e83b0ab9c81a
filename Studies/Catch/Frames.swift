import Learning
import Numerics
import RecurrentAttention
import StudyKit
import Worlds

/// A frame of a test game: a row of `frames.csv`.
struct GameFrame {
  let game: Int
  let frame: Int
  let state: CatchGame
  let x: Float
  let y: Float
  /// -1 left, 0 stay, 1 right; nil in the last frame.
  let action: Int?
  let isCaught: Bool

  /// The first test games that a model plays, with the most probable actions and the mean locations.
  static func all(of model: RecurrentAttentionModel, games: Int) throws -> [GameFrame] {
    prepareThreadForArithmetic()
    let stage = Stage(Catch(), capacity: games)
    try stage.begin(.test, first: 0, count: games, seed: 1)
    let agent = Agent(model, on: stage, isForwardOnly: true)
    var states: [[CatchGame]] = Array(repeating: [], count: games)
    let note = {
      for game in 0..<games { states[game] += [stage.episode(game) as? CatchGame].compactMap(\.self) }
    }
    agent.observer = { _ in note() }
    agent.run(AgentRun(Rollout(.test, firstExample: 0, count: games, seed: 1)))
    note()
    let decisions = CatchGame.actionCount
    return (0..<games).flatMap { game in
      states[game].enumerated().map { index, state in
        // There is no glimpse in the last frame; it stays where it was.
        let location = agent.locations.value(at: min(index, decisions - 1))
        let action = index < decisions ? agent.player?.policy.actions[index * games + game] : nil
        return GameFrame(
          game: game + 1, frame: index + 1, state: state, x: location[game, 0], y: location[game, 1],
          action: action.map { Int($0) - CatchGame.Action.stay.rawValue }, isCaught: stage.returns[game] > 0)
      }
    }
  }
}

extension Table where Row == GameFrame {
  static var frames: Table {
    let screen = Quantity("pixels", from: 0, to: Double(CatchGame.side - 1))
    let corner = Quantity("pixels")  // the gaze may leave the screen
    return Table(
      "frames", "One row for each frame of the first test games.",
      [
        .count("game", "Counted from 1.", in: .ordinal, \.game),
        .count("frame", "Counted from 1.", in: Quantity(from: 1, to: 24), \.frame),
        .count(
          "ball_column", "Column of the ball's pixel, from 0 at the left.", in: screen, \.state.ball.column),
        .count("ball_row", "Row of the ball's pixel, from 0 at the top.", in: screen, \.state.ball.row),
        .count(
          "paddle_column", "Column of the paddle's left pixel, from 0 at the left.", in: screen,
          \.state.paddleColumn),
        .number("x", "Centre of the glimpse: -1 is the left edge, 1 the right.", in: .halfWidths, places: 5) {
          Double($0.x)
        },
        .number("y", "Centre of the glimpse: -1 is the top edge, 1 the bottom.", in: .halfWidths, places: 5) {
          Double($0.y)
        },
        .count("column", "Column of the corner between pixels that the glimpse is centred on.", in: corner) {
          Retina.corner($0.x, side: CatchGame.side)
        },
        .count("row", "Row of the same corner.", in: corner) { Retina.corner($0.y, side: CatchGame.side) },
        .count(
          "action", "-1 is left, 0 stay, 1 right.", in: Quantity(from: -1, to: 1), empty: "in the last frame",
          \.action),
        .count("caught", "1 when the ball is caught in the end.", in: .flag) { $0.isCaught ? 1 : 0 },
      ])
  }
}
