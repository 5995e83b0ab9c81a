import NumericCore
import Testing

@testable import VisualTasks

/// Plays one game from its first frame and returns its reward.
private func play(_ start: Catch, _ choose: (Catch) -> Catch.Action) -> (reward: Float, actions: Int) {
  var game = start
  var total: Float = 0
  var actions = 0
  var over = false
  while !over {
    let result = game.step(choose(game))
    total += result.reward
    over = result.over
    actions += 1
  }
  return (total, actions)
}

@Suite("Catch")
struct CatchTests {
  @Test("a player who sees everything catches the ball in all of 10,000 games of 23 actions")
  func perfect() {
    for game in 0..<10_000 {
      let (reward, actions) = play(Catch(seed: 1, game: game)) { $0.perfectAction }
      #expect(reward == 1 && actions == Catch.actionCount)
    }
  }

  @Test("the perfect player also catches the ball that is farthest away")
  func farthest() {
    var reached = 0
    for game in 0..<20_000 {
      let start = Catch(seed: 2, game: game)
      var landing = start.ball
      while landing.row < 23 { landing.fall() }
      guard abs(landing.column - start.paddleColumn) >= 21 else { continue }
      reached += 1
      #expect(play(start) { $0.perfectAction }.reward == 1)
    }
    #expect(reached > 0)
  }

  @Test("a player who does not look catches one ball in twelve, however he moves")
  func blind() {
    // The last column is uniform over 24 and independent of the paddle, which covers 2 (see `Catch`): a
    // binomial of probability 1/12. Four standard deviations of 100,000 games are 350 balls: exceeded once in
    // 16,000 seeds.
    let games = 100_000
    let deviation = (Double(games) / 12 * 11 / 12).squareRoot()
    var random = RandomStream(seed: 3, .analysis)
    let blindPlayers: [(String, (Catch) -> Catch.Action)] = [
      ("random", { _ in Catch.Action(rawValue: random.integer(below: 3)) ?? .stay }),
      ("still", { _ in .stay }),
      ("to the wall", { _ in .left }),
    ]
    for (name, player) in blindPlayers {
      let caught = (0..<games).reduce(0) { $0 + Int(play(Catch(seed: 3, game: $1), player).reward) }
      #expect(abs(Double(caught) - Double(games) / 12) < 4 * deviation, "\(name): \(caught)")
    }
  }

  @Test("the ball's column is uniform over the screen, in the first frame as in the last")
  func columns() {
    var first = [Int](repeating: 0, count: 24)
    var last = first
    for game in 0..<50_000 {
      var ball = Catch(seed: 4, game: game).ball
      first[ball.column] += 1
      while ball.row < 23 { ball.fall() }
      last[ball.column] += 1
    }
    #expect(chiSquare(first) < chiSquareLimit(degrees: 23))
    #expect(chiSquare(last) < chiSquareLimit(degrees: 23))
  }

  @Test(
    "the ball falls a row a frame, never leaves the screen, and a bounce keeps its speed and its distance")
  func ball() {
    var bounces = 0
    for game in 0..<10_000 {
      var ball = Catch(seed: 5, game: game).ball
      #expect(abs(ball.velocity) <= 1 && ball.row == 0)
      for row in 1...23 {
        let before = ball
        ball.fall()
        #expect(ball.row == row && ball.x >= 0 && ball.x <= 24 && (0..<24).contains(ball.column))
        #expect(abs(ball.velocity) == abs(before.velocity))
        var travelled = abs(ball.x - before.x)
        if ball.velocity != before.velocity {
          bounces += 1
          travelled = before.x < 12 ? before.x + ball.x : 48 - before.x - ball.x
        }
        // Each place is rounded to 2^-20 (floats of 16 to 24 pixels are 2^-19 apart), and so are the
        // differences.
        #expect(abs(travelled - abs(before.velocity)) <= 4 * 0x1p-20)
      }
    }
    #expect(bounces > 1000)
  }

  @Test("actions move the paddle by one pixel and never off the screen")
  func paddle() {
    for game in 0..<100 {
      for action in Catch.Action.allCases {
        var frame = Catch(seed: 6, game: game)
        for _ in 0..<Catch.actionCount {
          let before = frame.paddleColumn
          frame.step(action)
          #expect(frame.paddleColumn == min(max(before + action.rawValue - 1, 0), 22))
        }
      }
    }
  }

  @Test("every frame shows one ball and a paddle of two pixels, black and white")
  func drawing() {
    for game in 0..<200 {
      var frame = Catch(seed: 7, game: game)
      var pixels = [UInt8](repeating: 9, count: 576)
      for _ in 0..<24 {
        pixels.withUnsafeMutableBufferPointer { buffer in
          if let start = buffer.baseAddress { frame.draw(into: start) }
        }
        let white = Set(pixels.indices.filter { pixels[$0] == 255 })
        let paddle = 23 * 24 + frame.paddleColumn
        #expect(white == [paddle, paddle + 1, frame.ballRow * 24 + frame.ballColumn])
        #expect(pixels.allSatisfy { $0 == 0 || $0 == 255 })
        if !frame.isOver { frame.step(frame.perfectAction) }
      }
      #expect(frame.isOver)
    }
  }

  @Test("the reward comes in the last frame only, and then the next game starts")
  func succession() {
    var frame = Catch(seed: 8)
    var rewards: [Float] = []
    for _ in 0..<23 { rewards.append(frame.step(frame.perfectAction).reward) }
    #expect(rewards == [Float](repeating: 0, count: 22) + [1])
    #expect(frame.isOver && frame.ballRow == 23 && frame.game == 0)
    let result = frame.step(.left)
    #expect(result == (0, false))
    let next = Catch(seed: 8, game: 1)
    #expect(frame.game == 1 && frame.ball.x == next.ball.x && frame.paddleColumn == next.paddleColumn)
  }

  @Test("a game is a function of seed and number, and both matter")
  func keys() {
    func start(_ seed: UInt64, _ game: Int) -> [Float] {
      let frame = Catch(seed: seed, game: game)
      return [frame.ball.x, frame.ball.velocity, Float(frame.paddleColumn)]
    }
    #expect(start(1, 5) == start(1, 5))
    #expect(start(1, 5) != start(1, 6) && start(1, 5) != start(2, 5))
  }
}
