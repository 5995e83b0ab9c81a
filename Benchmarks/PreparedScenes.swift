import NumericCore
import VisualTasks

/// Scenes that were drawn before, handed out as copies: a task that costs a network nothing but its input.
///
/// Labels are random, as the peers' are; there is nothing to learn, and nothing that depends on learning.
struct PreparedScenes: SceneTask {
  let side: Int
  let classCount = 10
  let summary: String
  /// [count, side, side]. Written in `init` only.
  private let batch: ImageBatch

  init(of task: any SceneTask, count: Int) {
    side = task.side
    summary = task.summary + ", \(count) in memory"
    batch = ImageBatch(capacity: count, side: task.side)
    batch.count = count
    var stream = RandomStream(seed: 1, .scene)
    for index in 0..<count {
      _ = task.draw(.training, index: index, seed: 1, into: batch.image(index))
      batch.labels[index] = UInt8(stream.integer(below: classCount))
    }
  }

  func count(of split: Split) -> Int { batch.count }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: UnsafeMutablePointer<UInt8>) -> UInt8 {
    let index = index % batch.count
    pixels.update(from: batch.image(index), count: side * side)
    return batch.labels[index]
  }
}
