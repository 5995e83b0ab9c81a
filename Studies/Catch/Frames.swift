import Learning
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

  /// The first test games as a model plays them, with the most probable actions and the mean locations.
  static func all(of model: RecurrentAttentionModel, games: Int) throws -> [GameFrame] {
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
        // The last frame is not looked at any more; the glimpse stays where it was.
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
    Table(
      "frames", "One row for each frame of the first test games.",
      [
        .count("game", "Counted from 1.", \.game),
        .count("frame", "Counted from 1 to 24.", \.frame),
        .count("ball_column", "Of the ball's pixel, from 0 at the left.", \.state.ball.column),
        .count("ball_row", "Of the ball's pixel, from 0 at the top.", \.state.ball.row),
        .count("paddle_column", "Of the paddle's left pixel, from 0 at the left.", \.state.paddleColumn),
        .number("x", "Centre of the glimpse, half-widths of the screen, -1 left to 1 right.", places: 5) {
          Double($0.x)
        },
        .number("y", "Centre of the glimpse, half-widths of the screen, -1 top to 1 bottom.", places: 5) {
          Double($0.y)
        },
        .count("column", "Of the corner between pixels at the glimpse's centre.") {
          Retina.corner($0.x, side: CatchGame.side)
        },
        .count("row", "Of the same corner.") { Retina.corner($0.y, side: CatchGame.side) },
        .count("action", "-1 left, 0 stay, 1 right; empty in the last frame.", \.action),
        .count("caught", "1 when the ball is caught in the end, else 0.") { $0.isCaught ? 1 : 0 },
      ])
  }
}
