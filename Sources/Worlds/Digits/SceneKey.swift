import Learning
import Numerics

/// What scene `index` of a split is made from: a digit and a stream of random numbers.
///
/// Training goes through the digits in a new order in every pass. Validation and test keep the file's order and a seed
/// that never changes. Translated and cluttered worlds draw the digit's place first, from the same stream, so the cluttered scene of
/// an index is the translated one of the same side plus clutter.
struct SceneKey {
  /// Index in the split.
  let digit: Int
  var stream: RandomStream

  init(_ split: Split, index: Int, seed: UInt64, count: Int) {
    require(index >= 0, "a scene's index is not negative: \(index)")
    let (pass, position) = index.quotientAndRemainder(dividingBy: count)
    switch split {
    case .training:
      digit = Shuffle(count: count, seed: seed, pass: pass)[position]
      stream = RandomStream(seed: seed, .scene, epoch: pass, example: position)
    case .validation:
      digit = position
      stream = RandomStream(seed: Split.fixedSeed, .validationScene, epoch: pass, example: position)
    case .test:
      digit = position
      stream = RandomStream(seed: Split.fixedSeed, .testScene, epoch: pass, example: position)
    }
  }

  /// Column and row of a box of `size` pixels, uniform over where it fits in a square of `side` pixels.
  mutating func place(of size: Int, in side: Int) -> (x: Int, y: Int) {
    (x: stream.integer(below: side - size + 1), y: stream.integer(below: side - size + 1))
  }
}
