// The estimators of REINFORCE's gradient: Mnih et al. 2014, section 3.1, equation (2).
//
// Question  How noisy is each estimate of the location network's gradient, glimpse by glimpse, and does less noise
//            lower the error?
// Writes    Results/baseline/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           estimators.csv weights/ provenance.json analyses.json figures/ report.md
// Cost      2 cores: smoke 10 s, quick 8 min, paper 2 h

import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

let plans: [Preset: Plan] = [  // ours: the paper does not say how long it trains
  .smoke: Plan(
    seeds: 1, Recipe.training(epochs: 2, examplesPerEpoch: 1_280, validationExamples: 500, testExamples: 500)),
  .quick: Plan(seeds: 1, Recipe.training(epochs: 12, examplesPerEpoch: 38_400, validationExamples: 2_000)),
  .paper: Recipe.shortPaperPlan,
]

Study.run(
  "baseline", title: "Estimators of the location gradient",
  question:
    "How noisy is each estimate of the location network's gradient, glimpse by glimpse, and does less "
    + "noise lower the error?",
  plans: plans
) { study in
  // paper: the world and the sensor
  let world = try ClutteredDigits(side: 60, pieces: 4, digits: DigitImages.load(study.options.mnist))
  let reference = Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)

  let (right, p) = (Correctness(), RightProbability())
  let estimators = [
    Estimator("none", "no baseline", right, NoBaseline()),
    Estimator("moving-average", "moving average", right, MovingAverage()),
    Estimator("state", "b(h), the paper's", right, StateBaseline()),
    Estimator("class", "b(h, y)", right, ClassBaseline()),
    Estimator("leave-one-out", "leave-one-out, 4 episodes", right, LeaveOneOut(), episodes: 4),  // ours: 4
    Estimator("self-critical", "self-critical", right, SelfCritical()),
    // Another objective than the six above, which reward the most probable class, so their means may differ.
    Estimator("p-state", "p(y), b(h)", p, StateBaseline(), unbiased: "p-state"),
    Estimator("p-class", "p(y), b(h, y)", p, ClassBaseline(), unbiased: "p-state"),
    // Biased if b(h, y) is wrong, so these are compared with the least noisy unbiased estimator of p(y).
    Estimator(
      "lambda-returns", "λ-returns, λ = 0.5", p, ClassBaseline(), LambdaReturns(0.5), unbiased: "p-class"),
    Estimator(
      "look-ahead", "look-ahead, λ = 0.5", p, ClassBaseline(), LookAhead(lambda: 0.5), unbiased: "p-class"),
  ]

  // MARK: - Conditions: equal computing, everything else by the recipe

  let conditions = try estimators.map {
    try Condition(
      $0.name, $0.label, on: world, paper: $0.name == "state" ? 4.08 : nil,
      reference.changingObjective($0.apply), training: $0.equalise)
  }
  let trained = try conditions.named("look-ahead")
  // ours: an early stage, only for the measurement
  let partTrained = try Condition("part-trained", "look-ahead, a tenth as long", on: world, trained.network) {
    $0.epochs = max(1, $0.epochs / 10)
  }

  // MARK: - Train every condition from every seed, then measure at fixed parameters

  try study.train(conditions + [partTrained])
  try study.analyse(.estimators, of: [trained, partTrained]) {
    let points: [(String, (any Learner)?)] = [
      ("fresh", trained.network.makeLearner(for: world, seed: 1)),
      ("part trained", try study.learner(of: partTrained)), ("trained", try study.learner(of: trained)),
    ]
    return try points.flatMap { point, learner in
      try MeasuredEstimator.all(
        at: point, learner, estimators, study.preset, on: world, threads: study.options.threadCount)
    }
  }

  // MARK: - Figures and report

  study.ours = MeasuredEstimator.openChoices
  try study.draw(
    "estimators",
    caption:
      "The location network's gradient at fixed parameters, glimpse by glimpse: the trace of its covariance relative to "
      + "no baseline, and its signal-to-noise ratio (squared length of the mean over the trace, for one batch) "
      + "where the mean is not lost in the noise. Bars are 95 % intervals. Check how far one estimator lies below "
      + "another.",
    finding: MeasuredEstimator.findings)
  // The same for all of them.
  let epoch = estimators[0].multiplyAddsPerEpoch(reference, on: world, study.plan.training)
  try study.draw(
    "learning-curves", of: conditions, against: ("epoch", "multiply-adds", each: epoch),
    caption:
      "Validation error against the multiply-adds of training; the number of scenes differs. An episode counts as three "
      + "forward passes, two of them for the backward pass, and as four with a second look. Thin lines are seeds, where "
      + "there are several. Check whether less noisy estimators have lower curves.")
  try study.draw(
    "error-by-model", of: conditions,
    caption:
      "Test error after equally many multiply-adds. Check whether less noisy estimators have lower errors.",
    finding: { Contrast.sentences(try MeasuredEstimator.contrasts(of: conditions, in: $0)) })
  try study.report()
}
