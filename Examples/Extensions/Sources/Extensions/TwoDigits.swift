import Learning
import Numerics
import Worlds

/// Two digits side by side, both to be classified: the left one and the right one.
///
/// Each is at a random place in its half of the scene. The second digit is any digit of the split.
public struct TwoDigits: World {
  public let digits: DigitImages
  public let side: Int

  public var classCounts: [Int] { [10, 10] }
  public var summary: String { "two digits, \(side)x\(side)" }
  public var configuration: Configuration {
    Configuration("two_digits").with("side", side).with("digits", digits.configuration)
  }

  /// - Throws: `DefinitionError` if two digits do not fit side by side.
  public init(side: Int, digits: DigitImages) throws {
    let sides = 2 * DigitImages.side...WorldLimits.mostSide
    guard sides.contains(side) else {
      throw DefinitionError(
        "the side of a scene", side,
        "two digits take \(sides.lowerBound) pixels, and a frame has at most \(sides.upperBound)",
        cure: "choose a side such as 60")
    }
    self.side = side
    self.digits = digits
  }

  public func count(of split: Split) -> Int { digits.count(of: split) }
  /// Beyond the last digit, the same digits come at other places.
  public var isEndless: Bool { true }

  public func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Still {
    for pixel in pixels.indices { pixels[pixel] = 0 }
    for (half, digit) in self.digits(split, index: index, seed: seed).enumerated() {
      labels[half] = digits.label(split, digit.index)
      let image = digits.pixels(split, digit.index)
      for row in 0..<DigitImages.side {
        for column in 0..<DigitImages.side {
          pixels[(digit.y + row) * side + digit.x + column] = image[row * DigitImages.side + column]
        }
      }
    }
    return Still()
  }

  /// The digits of a scene and their places, the left one first.
  func digits(_ split: Split, index: Int, seed: UInt64) -> [(index: Int, x: Int, y: Int)] {
    let count = count(of: split)
    let (pass, position) = index.quotientAndRemainder(dividingBy: count)
    // Purposes of its own, 0x40 to 0x42; validation and test scenes are the same for every seed.
    let seed = split == .training ? seed : Split.fixedSeed
    var stream = RandomStream(
      seed: seed, StreamPurpose(rawValue: 0x40 + split.rawValue), epoch: pass, example: position)
    let left = split == .training ? Shuffle(count: count, seed: seed, pass: pass)[position] : position
    let half = side / 2
    return [left, stream.integer(below: count)].enumerated().map { place, digit in
      let x = stream.integer(below: half - DigitImages.side + 1)
      return (digit, place * half + x, stream.integer(below: side - DigitImages.side + 1))
    }
  }
}
