import NumericCore
import RecurrentAttention
import VisualTasks

/// A task learned in a moment: a bright square of 3 x 3 pixels in one quarter of a dim, noisy image; the
/// label is the quarter.
struct BlobTask: SceneTask {
  let side = 12
  let classCount = 4
  let summary = "a bright square in one quarter"

  func count(of split: Split) -> Int { 100 }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: UnsafeMutablePointer<UInt8>) -> UInt8 {
    var stream = RandomStream(
      seed: split == .training ? seed : 99, .scene, epoch: Int(split.rawValue), example: index)
    for i in 0..<(side * side) { pixels[i] = UInt8(stream.integer(below: 60)) }
    let label = stream.integer(below: 4)
    let (top, left) = (label / 2 * 6 + stream.integer(below: 4), label % 2 * 6 + stream.integer(below: 4))
    for row in top..<(top + 3) { for column in left..<(left + 3) { pixels[row * side + column] = 255 } }
    return UInt8(label)
  }
}

/// A small model for it.
func blobModel(seed: UInt64 = 1, _ change: (inout AttentionSettings) -> Void = { _ in })
  -> RecurrentAttentionModel
{
  var settings = AttentionSettings(glimpses: 2, patchSide: 4, scales: 2)
  (settings.patchUnits, settings.locationUnits, settings.glimpseUnits, settings.coreUnits) = (16, 8, 16, 16)
  settings.classCount = 4
  change(&settings)
  return RecurrentAttentionModel(settings, seed: seed)
}

extension Parameters {
  /// All numbers, as bits.
  var bits: [UInt32] { (0..<length).map { flat[$0].bitPattern } }
}
