extension [Double] {
  /// The value below which a share of the numbers lies, interpolated linearly between the two nearest; nil of nothing.
  public func quantile(_ share: Double) -> Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted()
    let position = share * Double(count - 1)
    let (index, part) = (Int(position), position - position.rounded(.down))
    return sorted[index] + part * (sorted[Swift.min(index + 1, count - 1)] - sorted[index])
  }
}
