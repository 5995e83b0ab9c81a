/// What the numbers in a column measure: their unit, and the range that they all lie in.
public struct Quantity: Sendable {
  /// Nil for a plain number.
  public let unit: String?
  public let range: ClosedRange<Double>

  /// - Parameters:
  ///   - least: one end of the range.
  ///   - most: the other end; either may come first.
  public init(_ unit: String? = nil, from least: Double = -.infinity, to most: Double = .infinity) {
    self.unit = unit
    range = min(least, most)...max(least, most)
  }

  /// Any number.
  public static let any = Quantity()
  /// 0 or more.
  public static let positive = Quantity(from: 0)
  /// Whole numbers that start at 1.
  public static let ordinal = Quantity(from: 1)
  public static let percent = Quantity("%", from: 0, to: 100)
  public static let percentagePoints = Quantity("percentage points", from: 0)
  /// 0 to 1, such as a probability or a brightness.
  public static let fraction = Quantity(from: 0, to: 1)
  /// 0 or 1.
  public static let flag = Quantity("0 or 1", from: 0, to: 1)
  public static let pixels = Quantity("pixels", from: 0)
  /// Coordinates in a frame, whose edges are at -1 and 1. A gaze may leave the frame.
  public static let halfWidths = Quantity("frame half-widths")

  /// "0 to 100", "0 or more", "any".
  var rangeText: String {
    func text(_ bound: Double) -> String { bound == bound.rounded() ? bound.fixed(0) : bound.description }
    return switch (range.lowerBound.isFinite, range.upperBound.isFinite) {
    case (true, true): "\(text(range.lowerBound)) to \(text(range.upperBound))"
    case (true, false): "\(text(range.lowerBound)) or more"
    case (false, true): "\(text(range.upperBound)) or less"
    case (false, false): "any"
    }
  }
}
