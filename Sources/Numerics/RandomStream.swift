/// What a random stream is drawn for. Streams of different purposes never share a number. This package has those below
/// 0x40; 0x40 to 0xFF are for other packages.
public struct StreamPurpose: RawRepresentable, Sendable, Hashable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let initialWeights = StreamPurpose(rawValue: 1)
  public static let digitOrder = StreamPurpose(rawValue: 2)
  public static let scene = StreamPurpose(rawValue: 3)
  public static let locations = StreamPurpose(rawValue: 4)
  public static let game = StreamPurpose(rawValue: 5)
  public static let analysis = StreamPurpose(rawValue: 6)
  public static let evaluation = StreamPurpose(rawValue: 7)
  public static let stopping = StreamPurpose(rawValue: 8)
  // Separate purposes, so that no training seed can draw a validation or test scene.
  public static let validationScene = StreamPurpose(rawValue: 0x13)
  public static let testScene = StreamPurpose(rawValue: 0x23)
}

/// Random numbers that are a function of a key, independent of what was drawn elsewhere.
///
/// The key (seed, purpose, epoch, example) is the key and counter of Philox4x32-10 (Salmon et al. 2011, "Parallel
/// random numbers: as easy as 1, 2, 3"), so example 17 of epoch 3 is the same whichever thread draws it, in any order.
/// Uniforms and normals are made from the raw bits here, because the standard library does not guarantee its sequences.
public struct RandomStream: Sendable, BitwiseCopyable {
  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>  // block, example, epoch, purpose
  private var block = SIMD4<UInt32>()
  private var used = 4
  private var spareNormal: Float?

  public init(seed: UInt64, _ purpose: StreamPurpose, epoch: Int = 0, example: Int = 0) {
    require(
      epoch >= 0 && example >= 0, "a stream's epoch (\(epoch)) and example (\(example)) are not negative")
    require(purpose.rawValue <= 0xFF, "a stream's purpose is at most 0xFF, not \(purpose.rawValue)")
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = SIMD4(
      0, UInt32(truncatingIfNeeded: example), UInt32(truncatingIfNeeded: epoch),
      purpose.rawValue ^ UInt32(truncatingIfNeeded: UInt64(example) >> 32) << 8)
  }

  /// Ten rounds of Philox4x32.
  static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let first = UInt64(c[0]) &* 0xD251_1F53
      let second = UInt64(c[2]) &* 0xCD9E_8D57
      c = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: first))
      k = k &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return c
  }

  /// 32 random bits.
  public mutating func nextBits() -> UInt32 {
    if used == 4 {
      block = Self.philox(counter, key: key)
      counter[0] &+= 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  /// Uniform in [0, 1), a multiple of 2^-24.
  public mutating func uniform() -> Float {
    Float(nextBits() >> 8) * 0x1p-24
  }

  /// Uniform in [low, high); rounding may give `high` itself.
  public mutating func uniform(from low: Float, to high: Float) -> Float {
    low + (high - low) * uniform()
  }

  /// Uniform in 0..<bound, without bias (Lemire 2019).
  public mutating func integer(below bound: Int) -> Int {
    require(
      bound > 0 && bound <= Int(UInt32.max), "a random integer needs a bound in 1...2^32-1, not \(bound)")
    let range = UInt32(bound)
    var product = UInt64(nextBits()) &* UInt64(range)
    if UInt32(truncatingIfNeeded: product) < range {
      let rejected = (0 &- range) % range
      while UInt32(truncatingIfNeeded: product) < rejected {
        product = UInt64(nextBits()) &* UInt64(range)
      }
    }
    return Int(product >> 32)
  }

  /// Standard normal (Box and Muller 1958). Logarithm, sine and cosine are our own, so no C library changes a digit.
  public mutating func normal() -> Float {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * Elementary.log((Float(nextBits() >> 8) + 0.5) * 0x1p-24)).squareRoot()
    let (sine, cosine) = Elementary.sineAndCosine(turns: uniform())
    spareNormal = radius * sine
    return radius * cosine
  }
}
