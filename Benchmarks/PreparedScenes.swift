import Learning
import Numerics

/// Scenes that were drawn in advance, handed out as copies: a world that costs nothing but the copy.
///
/// Labels are random, as for the peers. There is nothing to learn, and no time depends on learning.
struct PreparedScenes: StillWorld {
  let side: Int
  let classCount = 10
  let summary: String
  let configuration: Configuration
  /// Written in `init` only.
  private nonisolated(unsafe) let stage: Stage

  init(of world: any World, count: Int) throws {
    side = world.side
    summary = world.summary + ", \(count) in memory"
    configuration = world.configuration
    stage = Stage(world, capacity: count)
    try stage.begin(.training, first: 0, count: count, seed: 1)
    var stream = RandomStream(seed: 1, .scene)
    for index in 0..<count { stage.labels[index] = UInt8(stream.integer(below: classCount)) }
  }

  func count(of split: Split) -> Int { stage.count }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    let index = index % stage.count
    pixels.withUnsafeMutableBufferPointer {
      $0.baseAddress?.update(from: stage.frame(index), count: side * side)
    }
    return UInt8(stage.label(index))
  }
}
