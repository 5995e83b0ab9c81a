import Learning
import Numerics
import Testing
import Worlds

@testable import RecurrentAttention

@Test("in a game, every glimpse shows the frame of its moment at every scale")
func movingFrames() throws {
  let retina = Retina(patchSide: 2, scales: 3)
  let network = RecurrentAttention(
    glimpses: 1, sensor: retina, gaze: CenterGaze(), objective: GameObjective()
  ).with {
    $0.glimpseNetwork = GlimpseNetwork.Widths(patch: 4, location: 3, output: 5)
    $0.core = LSTMCore(units: 4)
  }
  let (world, games) = (Catch(), 3)
  let stage = Stage(world, capacity: games)
  try stage.begin(.test, first: 0, count: games, seed: 1)
  prepareThreadForArithmetic()
  let agent = Agent(RecurrentAttentionModel(network, for: world, seed: 1), on: stage)
  var (seen, frames) = (Set<[Float]>(), 0)
  agent.observer = { t in
    for game in 0..<games {
      // The ball is one of few lit pixels, so it is seen in few frames, and by plain sums: a cell of scale k is the mean of
      // its 4^k pixels around the centre.
      let (frame, patch) = (stage.frame(game), agent.patches.value(at: t))
      let expected = (0..<3).flatMap { scale in
        (0..<4).map { cell -> Float in
          let size = 1 << scale
          let (top, left) = (12 - size + cell / 2 * size, 12 - size + cell % 2 * size)
          let sum = (0..<(size * size)).reduce(0) {
            $0 + Int(frame[(top + $1 / size) * 24 + left + $1 % size])
          }
          return Float(sum) / Float(255 * size * size)
        }
      }
      let found = (0..<patch.columns).map { patch[game, $0] }
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "frame \(t)")
      seen.insert(expected)
      frames += 1
    }
  }
  agent.run(AgentRun(Rollout(.test, firstExample: 0, count: games, seed: 1)))
  #expect(frames == 23 * games && seen.count > 3, "nothing moves past: the claim is empty")
}
