import Learning
import Numerics

/// The glimpse sensor ρ(x, l): k square patches around a location, each twice as wide as the one before, all
/// mean-pooled to g × g pixels (section 3, figure 1A). Resizing by the mean, and zeros outside the image, are ours.
///
/// Coordinates: l = (x, y), (0, 0) is the image's centre, (-1, -1) its top left corner, (1, 1) its bottom
/// right corner. The location l is the point ((x + 1) side / 2, (y + 1) side / 2) in pixels, pixel i covering
/// [i, i + 1). Patches have an even side, so their centre is a corner between pixels: the one nearest to the
/// point, halves rounded up.
public struct Retina: Sensor, Equatable {
  /// What a cell of a coarse scale shows. Both show equally well which cell a single pixel is in. They differ in its
  /// brightness compared with the pixels of the first scale. The paper only says "resized".
  public enum CoarsePixels: String, Sendable {
    /// The mean of the pixels under it: one lit pixel is 1/16 at the third scale.
    case mean
    /// Their sum: one lit pixel is 1 at every scale.
    case sum
  }

  /// g, pixels.
  public var patchSide: Int
  /// k.
  public var scales: Int
  public var coarsePixels: CoarsePixels
  /// The value of a white pixel.
  public var gain: Float

  public init(patchSide: Int, scales: Int, coarsePixels: CoarsePixels = .mean, gain: Float = 1) {
    self.patchSide = patchSide
    self.scales = scales
    self.coarsePixels = coarsePixels
    self.gain = gain
  }

  public static let kind = "retina"

  public var configuration: Configuration {
    Configuration(Self.kind)
      .with("patch_side", patchSide)
      .with("scales", scales)
      .with("coarse_pixels", coarsePixels.rawValue, default: CoarsePixels.mean.rawValue)
      .with("gain", gain, default: 1)
  }

  public init(_ configuration: Configuration) throws {
    patchSide = try configuration.value("patch_side")
    scales = try configuration.value("scales")
    coarsePixels = try configuration.value("coarse_pixels", default: .mean)
    gain = try configuration.value("gain", default: 1)
  }

  public var openChoices: [String] {
    scales == 1
      ? ["What lies outside the frame is 0."]
      : [
        "Larger patches are shrunk by \(coarsePixels == .mean ? "averaging" : "adding up") their pixels; what lies outside the "
          + "frame is 0."
      ]
  }

  public func check() throws {
    guard patchSide > 0, patchSide % 2 == 0, patchSide <= 1024 else {
      throw DefinitionError(
        "the retina's patch side", patchSide, "a patch has an even side of 2 to 1024 pixels",
        cure: "choose one such as 8 or 12")
    }
    guard (1...8).contains(scales) else {
      throw DefinitionError(
        "the retina's number of scales", scales, "it must be 1 to 8", cure: "choose a number such as 3")
    }
    guard pictureSide <= WorldLimits.mostSide else {
      throw DefinitionError(
        "the retina's coarsest patch", "\(pictureSide) pixels wide",
        "it must be at most \(WorldLimits.mostSide), as wide as the widest frame",
        cure: "choose fewer scales or a smaller patch side")
    }
    guard gain.isFinite, gain > 0 else {
      throw DefinitionError("the retina's gain", gain, "it must be above 0", cure: "choose 1")
    }
  }

  public func makeReader(frames: Int, side: Int) -> any SensorReader {
    RetinaReader(self, frames: frames, side: side)
  }

  /// What the mean brightness of a scale's cells is multiplied by.
  func weight(ofScale scale: Int) -> Float {
    gain * (coarsePixels == .sum ? Float(1 << (2 * scale)) : 1)
  }

  /// Numbers in one glimpse, k g².
  public var columns: Int { scales * patchSide * patchSide }

  /// The corner between pixels that patches are centred on, in pixels from the left or upper edge.
  ///
  /// - Parameter coordinate: one coordinate of a location, frame half-widths.
  @inline(__always)
  public static func corner(_ coordinate: Float, side: Int) -> Int {
    Int(((bounded(coordinate) + 1) * 0.5 * Float(side) + 0.5).rounded(.down))
  }

  /// Writes the glimpse of an image at a location: scale by scale, row by row, in [0, 1].
  ///
  /// - Parameters:
  ///   - table: the image's summed-area table, for the second scale and up; nil where there is only one scale.
  ///   - scratch: memory for `scratchCount` numbers.
  @inline(__always)
  func read(
    pixels: UnsafePointer<UInt8>, table: UnsafePointer<Int32>?, side: Int, x: Float, y: Float,
    scratch: UnsafeMutablePointer<Int32>, into output: UnsafeMutablePointer<Float>
  ) {
    let column = Self.corner(x, side: side)
    let row = Self.corner(y, side: side)
    readPixels(pixels, side: side, column: column, row: row, into: output)
    for scale in 1..<max(scales, 1) {
      readPooled(
        table!, side: side, column: column, row: row, pool: 1 << scale, scratch: scratch,
        into: output + scale * patchSide * patchSide)
    }
  }

  /// Prefetches what `read` will look up at a location, in the pixels and in the summed-area table. Those of large
  /// images do not fit into the cache, and without prefetching inference took an eighth longer at 400 x 400 than at
  /// 28 x 28.
  func prefetch(pixels: UnsafePointer<UInt8>, table: UnsafePointer<Int32>?, side: Int, x: Float, y: Float) {
    let column = Self.corner(x, side: side)
    let row = Self.corner(y, side: side)
    for scale in 0..<scales {
      let (pool, reach) = (1 << scale, (patchSide << scale) / 2)
      func inside(_ place: Int, _ most: Int) -> Int { min(max(place, 0), most) }
      if scale == 0 {
        Numerics.prefetch(
          pixels, width: side, rows: inside(row - reach, side - 1)...inside(row + reach - 1, side - 1),
          columns: inside(column - reach, side - 1)...inside(column + reach - 1, side - 1), spacing: 1)
      } else {
        Numerics.prefetch(
          table!, width: side + 1, rows: inside(row - reach, side)...inside(row + reach, side),
          columns: inside(column - reach, side)...inside(column + reach, side), spacing: pool)
      }
    }
  }

  /// The first scale: the pixels themselves.
  private func readPixels(
    _ pixels: UnsafePointer<UInt8>, side: Int, column: Int, row: Int, into output: UnsafeMutablePointer<Float>
  ) {
    let (left, top) = (column - patchSide / 2, row - patchSide / 2)
    // The columns of the patch that lie inside the image; usually all of them.
    let first = min(max(-left, 0), patchSide)
    let end = max(min(side - left, patchSide), first)
    for i in 0..<patchSide {
      let destination = output + i &* patchSide
      guard top &+ i >= 0 && top &+ i < side && first < end else {
        destination.update(repeating: 0, count: patchSide)
        continue
      }
      if end - first < patchSide { destination.update(repeating: 0, count: patchSide) }
      let source = pixels + ((top &+ i) &* side &+ left)
      for j in first..<end { destination[j] = brightness(source[j]) }
    }
  }

  /// A coarser scale. Every pooled cell takes four look-ups in the summed-area table, whatever its size, and shares
  /// them with its neighbours. Corners outside the image are moved to its edge, which makes everything outside zero.
  private func readPooled(
    _ table: UnsafePointer<Int32>, side: Int, column: Int, row: Int, pool: Int,
    scratch places: UnsafeMutablePointer<Int32>, into output: UnsafeMutablePointer<Float>
  ) {
    let (left, top) = (column - patchSide * pool / 2, row - patchSide * pool / 2)
    let scale = 1 / (255 * Float(pool * pool))
    let count = patchSide + 1
    // The columns of the corners, and the table's value at every corner, [count, count]. All are looked up before any
    // is used, because a vector load has to wait for numbers that were just stored one by one.
    let corners = places + count
    for j in 0..<count { places[j] = Int32(truncatingIfNeeded: min(max(left &+ j &* pool, 0), side)) }
    for i in 0..<count {
      let line = table + min(max(top &+ i &* pool, 0), side) &* (side + 1)
      let here = corners + i &* count
      for j in 0..<count { here[j] = line[Int(places[j])] }
    }
    for i in 0..<patchSide {
      let (above, below) = (corners + i &* count, corners + (i &+ 1) &* count)
      let cells = output + i &* patchSide
      var j = 0
      while j &+ 4 <= patchSide {
        let right = fourNumbers(below + (j &+ 1)) &- fourNumbers(above + (j &+ 1))
        let sums = right &- (fourNumbers(below + j) &- fourNumbers(above + j))
        UnsafeMutableRawPointer(cells + j).storeBytes(of: SIMD4(sums) * scale, as: SIMD4<Float>.self)
        j &+= 4
      }
      while j < patchSide {
        cells[j] = Float((below[j &+ 1] &- above[j &+ 1]) &- (below[j] &- above[j])) * scale
        j &+= 1
      }
    }
  }

  /// Numbers of memory that `read` needs: the corners of a scale's cells, and their columns.
  var scratchCount: Int { (patchSide + 1) * (patchSide + 2) }
}

@inline(__always)
private func fourNumbers(_ start: UnsafePointer<Int32>) -> SIMD4<Int32> {
  UnsafeRawPointer(start).loadUnaligned(as: SIMD4<Int32>.self)
}

/// Makes the conversion to integers safe, even for the NaN of a diverging run. Locations themselves lie within ±1.
@inline(__always)
func bounded(_ coordinate: Float) -> Float {
  coordinate > -4 ? (coordinate < 4 ? coordinate : 4) : -4
}

extension Retina {
  public func outlines(at location: [Float], frameSide: Int) -> [PatchOutline] {
    let corners = location.prefix(2).map { Float(Self.corner($0, side: frameSide)) }
    return (0..<scales).map { scale in
      let side = Float(patchSide << scale)
      return PatchOutline(left: corners[0] - side / 2, top: corners[1] - side / 2, side: side)
    }
  }

  public var pictureSide: Int { patchSide << (scales - 1) }

  /// As in the paper's figure 3: the coarsest scale enlarged, with the next finer one in its middle, and so on up to
  /// full resolution. Cells show their mean brightness, whatever the gain and the coarse pixels.
  public func picture(of glimpse: UnsafePointer<Float>) -> [Float] {
    let side = pictureSide
    var picture = [Float](repeating: 0, count: side * side)
    for scale in (0..<scales).reversed() {
      let (pool, patch) = (1 << scale, glimpse + scale * patchSide * patchSide)
      let weight = weight(ofScale: scale)
      let start = (side - patchSide * pool) / 2
      for row in 0..<(patchSide * pool) {
        for column in 0..<(patchSide * pool) {
          let value = patch[row / pool * patchSide + column / pool] / weight
          picture[(start + row) * side + start + column] = min(max(value, 0), 1)  // up to rounding
        }
      }
    }
    return picture
  }
}
