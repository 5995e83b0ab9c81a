import Numerics

/// Tests whether a random vector has mean 0, from K independent draws.
///
///     ratio = ‖ḡ‖² / (T/K)                   1 on average when E g = 0
///
/// If g is as likely as -g, then flipping the signs of any draws gives an equally likely sample, and the ratio is one
/// of those that random signs give (Fisher's randomisation test). This holds for any number of draws and any
/// covariance. A bootstrap would fail: with fewer draws than numbers, it overestimates how uneven their covariance is.
struct ZeroMeanTest: Sendable {
  let ratio: Double
  /// The ratio exceeds this in 25 of 1,000 such measurements when E g = 0.
  let limit: Double

  private static let turns = 399

  /// Nil when all draws are equal.
  init?(_ draws: [[Float]], seed: UInt64 = 1) {
    let (count, k) = (draws[0].count, Double(draws.count))
    let total = draws.reduce(0) { $1.reduce($0) { $0 + Double($1) * Double($1) } }
    func inUnitsOfChance(_ length: Double) -> Double { k * length / max(0, (total - k * length) / (k - 1)) }
    ratio = inUnitsOfChance(sum(of: draws).reduce(0) { $0 + $1 * $1 } / (k * k))
    guard ratio.isFinite, total > 0 else { return nil }
    var stream = RandomStream(seed: seed, .analysis)
    var signed = [Float](repeating: 0, count: count)
    let ratios = (0..<Self.turns).map { _ in
      for i in 0..<count { signed[i] = 0 }
      for draw in draws {
        if stream.nextBits() & 1 == 0 {
          for i in 0..<count { signed[i] += draw[i] }
        } else {
          for i in 0..<count { signed[i] -= draw[i] }
        }
      }
      return inUnitsOfChance(signed.reduce(0) { $0 + Double($1) * Double($1) } / (k * k))
    }
    // The measured ratio is equally likely to have any of the 400 ranks, and the last ten are above this one.
    limit = ratios.sorted()[(Self.turns + 1) * 39 / 40 - 1]
  }
}
