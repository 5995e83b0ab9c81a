import Autodiff
import Learning
import Numerics
import RecurrentAttention

/// A world learned in a moment: a bright square of 3 x 3 pixels in one quarter of a dim, noisy image; the
/// label is the quarter.
struct Blobs: StillWorld {
  let side = 12
  let classCount = 4
  let summary = "a bright square in one quarter"
  let configuration = Configuration("blobs")

  func count(of split: Split) -> Int { 100 }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    var stream = RandomStream(
      seed: split == .training ? seed : 99, .scene, epoch: Int(split.rawValue), example: index)
    for i in 0..<(side * side) { pixels[i] = UInt8(stream.integer(below: 60)) }
    let label = stream.integer(below: 4)
    let (top, left) = (label / 2 * 6 + stream.integer(below: 4), label % 2 * 6 + stream.integer(below: 4))
    for row in top..<(top + 3) { for column in left..<(left + 3) { pixels[row * side + column] = 255 } }
    return UInt8(label)
  }
}

/// The parts of a small model for blobs that tests change.
struct BlobModel {
  enum Core: CaseIterable { case rectifier, lstm }

  var glimpses = 2
  var widths = GlimpseNetwork.Widths(patch: 16, location: 8, output: 16)
  var core = Core.rectifier
  var units = 16
  var gaze: any Gaze = GaussianGaze(deviation: .linear(from: 0.15, to: 0.1))
  var objective = ClassificationObjective()
  /// Of a model that can stop.
  var stop: StopAction?

  var network: RecurrentAttention {
    RecurrentAttention(
      glimpses: glimpses, sensor: Retina(patchSide: 4, scales: 2), gaze: gaze, objective: objective
    ).with {
      if let stop { ($0.actions, $0.objective) = ([stop], StoppingObjective(objective, price: 0.01)) }
      $0.glimpseNetwork = widths
      $0.core = core == .lstm ? LSTMCore(units: units) : RectifierCore(units: units)
    }
  }
}

func blobModel(seed: UInt64 = 1, _ change: (inout BlobModel) -> Void = { _ in }) -> RecurrentAttentionModel {
  var model = BlobModel()
  change(&model)
  return RecurrentAttentionModel(model.network, for: Blobs(), seed: seed)
}

extension Parameters {
  /// All numbers, as bits.
  var bits: [UInt32] { (0..<length).map { flat[$0].bitPattern } }
}
