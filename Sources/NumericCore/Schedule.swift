/// How a learning rate, or a standard deviation, changes over a training.
public enum Schedule: Sendable, Codable, Equatable {
  case constant(Float)
  /// From `start` to 0 in a straight line (the paper's, section 4: "annealed to zero").
  case linear(from: Float, to: Float = 0)
  /// Half a cosine wave from `start` to `end` (Loshchilov and Hutter 2017).
  case cosine(from: Float, to: Float)
  /// `start` × decay^epoch, not below `floor` (the starting code's).
  case exponential(from: Float, decayPerEpoch: Float, floor: Float)

  /// - Parameters:
  ///   - progress: the part of the training that is done, 0...1.
  ///   - epoch: whole epochs done.
  public func value(progress: Float, epoch: Int) -> Float {
    let progress = min(max(progress, 0), 1)
    switch self {
    case .constant(let value): return value
    case .linear(let start, let end): return start + (end - start) * progress
    case .cosine(let start, let end):
      // cos(π p), as a part of a turn in [0, ½]
      return end + (start - end) * 0.5 * (1 + Elementary.sineAndCosine(turns: progress / 2).cosine)
    case .exponential(let start, let decay, let floor):
      var value = start
      for _ in 0..<epoch where value > floor { value *= decay }
      return max(value, floor)
    }
  }
}

extension Schedule {
  /// In words, for reports: "0.001 to 1e-05 (cosine)".
  public var summary: String {
    switch self {
    case .constant(let value): "\(value)"
    case .linear(let start, let end): "\(start) to \(end) (linear)"
    case .cosine(let start, let end): "\(start) to \(end) (cosine)"
    case .exponential(let start, let decay, let floor): "\(start) × \(decay) an epoch, at least \(floor)"
    }
  }
}
