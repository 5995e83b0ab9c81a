import Learning
import Numerics
import RecurrentAttention

/// The easiest game there is: a pixel at the left, the middle or the right of an 8x8 screen, and whoever
/// points to it in the last of three frames wins.
struct Pointing: World {
  struct Round {
    let place: Int
    var frame = 0
  }

  var side: Int { 8 }
  var classCounts: [Int] { [] }
  var play: Play? { Play(actions: 3, decisions: 3) }
  var summary: String { "pointing" }
  var configuration: Configuration { Configuration("pointing") }

  func count(of split: Split) -> Int { 1 << 20 }

  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Round {
    var stream = RandomStream(
      seed: split == .training ? seed : Split.fixedSeed, .game, epoch: Int(split.rawValue), example: index)
    let round = Round(place: stream.integer(below: 3))
    for pixel in pixels.indices { pixels[pixel] = pixel == 4 * 8 + 2 + 2 * round.place ? 255 : 0 }
    return round
  }

  func act(_ action: Int, in round: inout Round, pixels: inout MutableSpan<UInt8>) -> Float {
    round.frame += 1
    return round.frame == 3 && action == round.place ? 1 : 0
  }

  /// A small player for it.
  static func network(
    deviation: Float = 0.2, reach: Float = 0.3, _ change: (inout GameObjective) -> Void = { _ in }
  ) -> RecurrentAttention {
    var gaze = GaussianGaze(deviation: .constant(deviation), reach: reach)
    (gaze.squashing, gaze.trainsCore) = (.none, false)
    var objective = GameObjective()
    change(&objective)
    return RecurrentAttention(
      glimpses: 1, sensor: Retina(patchSide: 4, scales: 2, coarsePixels: .sum, gain: 8), gaze: gaze,
      objective: objective
    ).with {
      $0.glimpseNetwork = GlimpseNetwork.Widths(patch: 16, location: 16, output: 32)
      $0.core = LSTMCore(units: 32)
    }
  }
}
