import Learning
import Numerics

/// A digit of a random size at a random place, and `pieces` of clutter as in `ClutteredDigits`. The paper has no such
/// task; it proposes a scale action (section 5), which digits of one size give little to do.
///
/// Sizes are uniform over whole numbers of pixels. The digit is enlarged by bilinear interpolation between the centres of
/// its pixels, in whole numbers up to the last rounding:
///
///     u = (2 i + 1) 28 / (2 n) - ½,  within 0...27       where row or column i of n lies among the digit's 28
public struct ScaledDigits: LocatedWorld {
  /// Width and height of the digit's box, pixels.
  public let sizes: ClosedRange<Int>
  public var digits: DigitImages { cluttered.digits }
  public var side: Int { cluttered.side }
  public var pieces: Int { cluttered.pieces }
  public var classCount: Int { 10 }
  public var summary: String {
    "cluttered digits of \(sizes.lowerBound) to \(sizes.upperBound) pixels, \(side)x\(side), \(pieces) pieces"
  }
  public var configuration: Configuration {
    Configuration("scaled_digits").with("side", side).with("pieces", pieces)
      .with("smallest", sizes.lowerBound).with("largest", sizes.upperBound)
      .with("digits", digits.configuration)
  }
  private let cluttered: ClutteredDigits
  /// Up to here, sums of the interpolation are exact in single precision.
  private static let largest = 128

  /// - Throws: `DefinitionError` if the largest digit does not fit into a scene, or a digit would shrink.
  public init(side: Int, sizes: ClosedRange<Int>, pieces: Int, digits: DigitImages) throws {
    cluttered = try ClutteredDigits(side: side, pieces: pieces, digits: digits)
    guard sizes.upperBound <= Self.largest else {
      throw DefinitionError(
        "the sizes of digits", "\(sizes.lowerBound) to \(sizes.upperBound)",
        "they must be at most \(Self.largest) pixels", cure: "choose smaller ones")
    }
    guard sizes.lowerBound >= DigitImages.side, sizes.upperBound <= side else {
      throw DefinitionError(
        "the sizes of digits", "\(sizes.lowerBound) to \(sizes.upperBound)",
        "a digit has \(DigitImages.side) pixels, is not made smaller, and fits into a scene of \(side)",
        cure: "choose sizes from \(DigitImages.side) to \(side) pixels")
    }
    self.sizes = sizes
  }

  public func count(of split: Split) -> Int { digits.count(of: split) }
  public var isEndless: Bool { true }

  public func draw(
    _ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>
  ) -> UInt8 {
    var key = SceneKey(split, index: index, seed: seed, count: count(of: split))
    withFrame(&pixels) { pixels in
      let box = box(&key)
      pixels.update(repeating: 0, count: side * side)
      enlarge(digits.pixels(split, key.digit), to: box.side, into: pixels + (box.y * side + box.x))
      cluttered.addClutter(split, &key, to: pixels)
    }
    return digits.label(split, key.digit)
  }

  public func digitBox(_ split: Split, index: Int, seed: UInt64) -> DigitBox {
    var key = SceneKey(split, index: index, seed: seed, count: count(of: split))
    return box(&key)
  }

  private func box(_ key: inout SceneKey) -> DigitBox {
    let size = sizes.lowerBound + key.stream.integer(below: sizes.count)
    let place = key.place(of: size, in: side)
    return DigitBox(x: place.x, y: place.y, side: size)
  }

  /// Writes a digit, n × n, into a scene's rows.
  private func enlarge(_ digit: UnsafePointer<UInt8>, to n: Int, into scene: UnsafeMutablePointer<UInt8>) {
    let from = DigitImages.side
    let whole = Int32(2 * n)
    let share = 1 / Float(4 * n * n)
    /// Which two rows or columns lie around, and the second one's weight of `whole`.
    func around(_ i: Int) -> (first: Int, second: Int, weight: Int32) {
      let place = min(max((2 * i + 1) * from - n, 0), 2 * n * (from - 1))
      let first = place / (2 * n)
      return (first, min(first + 1, from - 1), Int32(place - first * 2 * n))
    }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: from) { blend in
      for row in 0..<n {
        let (above, below, weight) = around(row)
        for column in 0..<from {
          let (a, b) = (Int32(digit[above * from + column]), Int32(digit[below * from + column]))
          blend[column] = (whole - weight) * a + weight * b
        }
        for column in 0..<n {
          let (left, right, weight) = around(column)
          let sum = (whole - weight) * blend[left] + weight * blend[right]
          // At most 255 × 4 n², which is below 2^24 up to `largest`.
          scene[row * side + column] = UInt8(Float(sum) * share + 0.5)
        }
      }
    }
  }
}
