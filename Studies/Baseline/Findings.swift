import AttentionStudies
import StudyKit

extension MeasuredEstimator {
  /// How the gradients were measured, for the report.
  static let openChoices = [
    "All conditions have the same number of multiply-adds in training. An episode counts as three forward passes, two of "
      + "them for the backward pass. The look-ahead and the self-critical baseline take a second look, a fourth pass, so the "
      + "others train on four thirds as many scenes. Leave-one-out has four episodes of a quarter as many images. The "
      + "seconds that they took are in `timing.csv`.",
    "The weight of REINFORCE, the deviation, the reach and the batch size are those of the recipe, which were chosen for "
      + "the less noisy estimators. The noisier ones may do better with others, such as a smaller weight.",
    "The measurement is of REINFORCE's gradient alone for the location network's weights, over batches of 64 new "
      + "episodes, one decision at a time. Multiply-adds are not equalised there: a draw of the two that look twice "
      + "takes two forward passes instead of one.",
    "`fresh` has the initial weights of seed 1, `trained` those of `look-ahead`, and `part trained` those of a run a "
      + "tenth as long. Each is measured with its own deviation. At each of them, b(h) and b(h, y) are fitted by least "
      + "squares, and the moving average is the mean return.",
    "As in the recipe, the squared error of b(h) and b(h, y) also trains the core. The conditions without such a "
      + "layer lack that, so their curves differ by more than noise.",
    "The means of the estimators with reward 0 or 1 are compared with the mean of `none`. The reward p(y) is another "
      + "objective, because 0 or 1 is for the most probable class, not for a drawn one. So `p-class` is compared with "
      + "`p-state`, and `lambda-returns` and `look-ahead` with `p-class`, which has less noise and can reveal a smaller "
      + "bias.",
  ]

  /// What less noise does to the test error: each estimator against the one that it refines.
  static func contrasts(of conditions: [Condition], in study: Study) throws -> [Contrast] {
    let pairs = [
      ("moving-average", "none"), ("state", "moving-average"), ("class", "state"), ("p-state", "state"),
      ("p-class", "p-state"), ("lambda-returns", "p-class"), ("look-ahead", "lambda-returns"),
    ]
    return try pairs.compactMap { study.contrast(try conditions.named($0), with: try conditions.named($1)) }
  }

  /// The traces of the whole gradient at the last parameters, and how many means differ from the unbiased one.
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
      "At `\(last.name)`, the trace of the whole gradient relative to `\(reference)` is \(spokenList(traces)). "
      + "Means that differ significantly from the mean that they are compared with, counted over glimpses and parameters (by "
      + "chance 1 in 40 would, and those that are compared with the same mean would do so together): "
      + "\(means.isEmpty ? "none" : spokenList(means))."
  }
}
