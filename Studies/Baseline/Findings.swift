import StudyKit

extension MeasuredEstimator {
  /// How it was measured, for the report.
  static let openChoices = [
    "Equal computing: the look-ahead and the self-critical baseline take a second look, which costs a third of a step, so "
      + "the others have four thirds of their scenes; leave-one-out has four episodes of a quarter of the images.",
    "Measured is the gradient of REINFORCE alone for the location network's weights, over batches of 64 new episodes, one "
      + "decision at a time. Nothing is equalised there: a draw of the two that look twice costs a third more.",
    "`fresh` has the initial weights, `trained` those of `look-ahead`, `part trained` those of a training a tenth as long; "
      + "each is measured with its own deviation. At each of them b(h) and b(h, y) are fitted by least squares, and the "
      + "moving average is the mean return.",
    "As in the recipe, the squared error of b(h) and b(h, y) trains the core too, which the conditions without such a layer "
      + "lack: their curves differ by more than noise.",
    "Means are compared with that of `none`, those of `lambda-returns` and `look-ahead` with that of `p-class`: it has the "
      + "same mean as `none`, with less noise, so that a smaller bias shows.",
  ]

  /// The traces of the whole gradient at the last parameters, and how many means are not the reference's.
  static func findings(_ study: Study) throws -> String? {
    guard let last = try study.table("estimators").groups(by: "parameters").last,
      let reference = try last.rows.first?.text("estimator")
    else { return nil }
    let traces = try last.rows.compactMap { row -> String? in
      guard try row.number("glimpse") == nil, let trace = try row.number("relative_trace"),
        try row.text("estimator") != reference
      else { return nil }
      return try "\(trace.fixed(4)) for `\(row.text("estimator"))`"
    }
    let means = try study.table("estimators").groups(by: "estimator").compactMap { name, rows -> String? in
      let tested = try rows.filter { try $0.number("bias_ratio") != nil }
      let passed = try tested.count { try ($0.number("bias_ratio") ?? 0) > ($0.number("bias_limit") ?? 0) }
      return passed == 0 ? nil : "\(passed) of \(tested.count) for `\(name)`"
    }
    return
      "At `\(last.name)` the whole gradient's trace is, in units of that of `\(reference)`: \(spokenList(traces)). "
      + "Means beyond the bound of equal means, which 1 in 40 passes by chance: "
      + "\(means.isEmpty ? "none" : spokenList(means))."
  }
}
