import StudyKit

/// The distribution of widths over scenes: a row of `widths.csv`.
struct ChosenWidths {
  let condition: String
  let glimpse: Int
  let sizes: ClosedRange<Int>?
  let scenes: Int
  let quartiles: (low: Double, median: Double, high: Double)

  /// nil without scenes.
  init?(_ condition: String, _ index: Int, sizes: ClosedRange<Int>?, _ widths: [Double]) {
    guard let low = widths.quantile(0.25), let median = widths.quantile(0.5),
      let high = widths.quantile(0.75)
    else { return nil }
    (self.condition, glimpse, self.sizes, scenes) = (condition, index + 1, sizes, widths.count)
    quartiles = (low, median, high)
  }
}

extension Table where Row == ChosenWidths {
  static var widths: Table {
    Table(
      "widths",
      "One row for each condition and glimpse; for the last glimpse, also one for each range of digit sizes.",
      [
        .text("condition", "Name of the condition; its model of seed 1 is used.", \.condition),
        .count("glimpse", "Counted from 1.", in: .ordinal, \.glimpse),
        .count(
          "digit_from", "Side of the smallest digits in this row.", in: .pixels,
          empty: "for digits of all sizes", \.sizes?.lowerBound),
        .count(
          "digit_to", "Side of the largest digits in this row.", in: .pixels,
          empty: "for digits of all sizes", \.sizes?.upperBound),
        .count("scenes", "Number of test scenes.", in: .ordinal, \.scenes),
        .number(
          "low", "Lower quartile of the width of the finest patch.", in: .pixels, places: 3, \.quartiles.low),
        .number("median", "Median of that width.", in: .pixels, places: 3, \.quartiles.median),
        .number("high", "Upper quartile of that width.", in: .pixels, places: 3, \.quartiles.high),
      ])
  }
}
