import Learning
import Numerics

/// A bar across the frame, upright or flat: the smallest world.
struct Bars: StillWorld {
  let side = 32
  let classCount = 2
  let summary = "bars, 32x32"
  let configuration = Configuration("bars")
  let isEndless = true
  func count(of split: Split) -> Int { split == .training ? 50_000 : 10_000 }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    var stream = RandomStream(seed: seed, StreamPurpose(rawValue: 0x40 + split.rawValue), example: index)
    let (label, place) = (stream.integer(below: 2), stream.integer(below: side))
    for pixel in pixels.indices {  // an earlier scene is still there
      pixels[pixel] = (label == 0 ? pixel % side : pixel / side) == place ? 255 : 0
    }
    return UInt8(label)
  }
}
