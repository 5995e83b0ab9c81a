import Numerics

/// A random order of 0..<count that needs no memory: a bijection computed for one index at a time.
///
/// A Feistel network over pairs (l, r) of 0..<m, m = ceil(sqrt(count)), with `rounds` rounds
/// ```
/// (l, r) <- (r, (l + F_k(r)) mod m)
/// ```
/// is a bijection of 0..<m² whatever F is; results outside of 0..<count are sent through again (cycle
/// walking), which makes it one of 0..<count. Sources: Luby and Rackoff 1988; Black and Rogaway 2002,
/// "Ciphers with arbitrary finite domains". The round keys are drawn from the stream (seed, digit order,
/// pass).
public struct Shuffle: Sendable {
  public let count: Int
  private let half: UInt32
  private let keys: SIMD8<UInt32>

  /// - Parameter pass: the number of the pass; every pass has an order of its own.
  public init(count: Int, seed: UInt64, pass: Int) {
    require(count > 0 && count <= 1 << 30, "a shuffle needs a count in 1...2^30, not \(count)")
    self.count = count
    var half = UInt32(Double(count).squareRoot())
    while Int(half) * Int(half) < count { half += 1 }
    self.half = half
    var stream = RandomStream(seed: seed, .digitOrder, epoch: pass)
    var keys = SIMD8<UInt32>()
    for round in 0..<8 { keys[round] = stream.nextBits() }
    self.keys = keys
  }

  /// The place in the unshuffled order of index `index` of the pass.
  public subscript(index: Int) -> Int {
    require(index >= 0 && index < count, "index \(index) of a shuffle of \(count)")
    var value = UInt32(index)
    repeat { value = permute(value) } while value >= count
    return Int(value)
  }

  /// The bijection of 0..<half².
  private func permute(_ value: UInt32) -> UInt32 {
    var (left, right) = value.quotientAndRemainder(dividingBy: half)
    for round in 0..<8 {
      let sum = left + Self.mix(right ^ keys[round], below: half)
      (left, right) = (right, sum >= half ? sum - half : sum)
    }
    return left * half + right
  }

  /// A number below `bound` that depends on every bit of `value`: the finaliser of MurmurHash3 (Appleby 2011), then the
  /// high half of a product.
  private static func mix(_ value: UInt32, below bound: UInt32) -> UInt32 {
    var bits = value
    bits = (bits ^ bits >> 16) &* 0x85EB_CA6B
    bits = (bits ^ bits >> 13) &* 0xC2B2_AE35
    bits ^= bits >> 16
    return UInt32(truncatingIfNeeded: (UInt64(bits) &* UInt64(bound)) >> 32)
  }
}
