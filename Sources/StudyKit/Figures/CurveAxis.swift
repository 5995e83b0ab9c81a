/// What runs along the horizontal axis of learning curves.
public struct CurveAxis: Sendable {
  /// A column of `curves.csv`.
  let column: String
  let label: String
  /// How many of what the label says there are for each one in the column.
  let each: Double

  public init(_ column: String, _ label: String, each: Double = 1) {
    self.column = column
    self.label = label
    self.each = each
  }

  public static let examples = CurveAxis("examples", "examples seen")
}
