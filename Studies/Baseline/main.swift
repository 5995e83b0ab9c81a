// The baseline of REINFORCE: Mnih et al. 2014, section 3.1, equation (2).
//
// Question  A baseline leaves the gradient's mean alone and should make it less noisy: does it, which one, and does it
//           help?
// Writes    Results/baseline/<preset>/  runs/ runs.csv curves.csv summary.csv timing.csv variance.csv weights/
//           provenance.json figures/ report.md
// Cost      2 cores: smoke 15 s, quick 7 min, paper 4 h

import Learning
import RecurrentAttention
import StudyKit
import Worlds

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 1_280, validationExamples: 500, testExamples: 500)
  ),
  .quick: Plan(
    seeds: 3,
    TrainingSettings(epochs: 10, examplesPerEpoch: 35_840, validationExamples: 1_000, testExamples: 2_000)),
  .paper: Plan(seeds: 5, TrainingSettings(epochs: 100, examplesPerEpoch: 51_200)),
]

Study.run(
  "baseline", title: "The baseline of REINFORCE",
  question:
    "A baseline leaves the gradient's mean alone and should make it less noisy: does it, which one, and does "
    + "it help?",
  plans: plans
) { study in
  // ours: the cheapest task on which places matter
  let world = CenteredDigits(digits: try DigitImages.load(study.options.mnist))
  var gaze = GaussianGaze(deviation: .linear(from: 0.15, to: 0.1))  // ours: not stated
  // ours: the gradients of the heads stay in the heads, or the baseline's would train the core
  gaze.trainsCore = false
  var objective = ClassificationObjective {
    $0.baselineTrainsCore = false
    $0.reinforceWeight = .constant(1)  // ours: not stated
  }
  // paper: table 1a
  var ram6 = RecurrentAttention(glimpses: 6, sensor: Retina(patchSide: 8, scales: 1), gaze: gaze)

  // MARK: - Conditions: equal computing, as many episodes in every batch

  var conditions: [Condition] = []
  for (name, label, baseline, episodes) in [
    ("none", "no baseline", NoBaseline(), 1), ("moving-average", "moving average", MovingAverage(), 1),
    ("learned", "learned, b(h)", StateBaseline(), 1),
    ("learned-4", "learned, 4 episodes", StateBaseline(), 4),
    ("leave-one-out-4", "leave one out, 4 episodes", LeaveOneOut(), 4),  // ours: M is not stated
  ] as [(String, String, any Baseline, Int)] {
    (objective.baseline, objective.episodes) = (baseline, episodes)
    ram6.objective = objective
    let paper = name == "learned" ? 1.12 : nil
    conditions.append(
      try Condition(name, label, on: world, paper: paper, ram6) {
        // Four episodes of a quarter of the images.
        $0.batchSize /= episodes
        $0.examplesPerEpoch /= episodes
      })
  }
  let learned = conditions[2]
  // ours: on its way, for the measurement only
  let partTrained = try Condition("part-trained", "learned, a tenth as long", on: world, learned.network) {
    $0.epochs = max(1, $0.epochs / 10)
  }

  // MARK: - Train every condition from every seed, then measure at fixed parameters

  try study.train(conditions + [partTrained])
  let budgets: [Preset: VarianceBudget] = [  // ours: until the intervals are narrow
    .smoke: .init(scenes: 16, episodes: 32, groups: [1, 2, 4]),
    .quick: .init(scenes: 32, episodes: 512, groups: [1, 2, 4, 8, 16]),
    .paper: .init(scenes: 64, episodes: 8_192, groups: [1, 2, 4, 8, 16]),
  ]
  let baselines: [(name: String, baseline: any Baseline)] = [
    ("none", NoBaseline()), ("moving-average", MovingAverage()), ("learned", StateBaseline()),
    ("leave-one-out", LeaveOneOut()),
  ]
  try study.analyse("variance", of: [learned, partTrained]) {
    let fresh = learned.network.makeLearner(for: world, seed: 1)
    let points: [(String, (any Learner)?)] = [
      ("fresh", fresh), ("part trained", try study.learner(of: partTrained)),
      ("trained", try study.learner(of: learned)),
    ]
    try study.write(
      .variance,
      points.flatMap { point, learner in
        try MeasuredVariance.all(
          of: learner, point, baselines, budgets[study.preset], on: world, threads: study.options.threadCount)
      })
  }

  // MARK: - Figures and report

  study.ours = [
    "The moving average forgets over about 100 batches; leave-one-out takes the mean return of the image's other "
      + "episodes.",
    "Conditions are compared at equal computing: with four episodes per image a batch has a quarter of the images.",
    "Measured is the gradient of REINFORCE alone for the location network's weights, as training computes it, over one "
      + "fixed batch; `fresh` has the initial weights, `part trained` a training a tenth as long, both with the learned "
      + "baseline.",
    "A fresh moving average is 0, which is no baseline, and a fresh b(h) has not been fitted to anything.",
  ]
  try study.draw(
    "variance",
    caption:
      "The location network's gradient at fixed parameters against the episodes per image: trace of its "
      + "covariance, signal to noise (squared length of the mean over that trace), and how far the mean lies from that "
      + "without a baseline, in units of chance. Bars in the upper two rows are 95 % bootstrap intervals; in the lowest "
      + "row equal means give about 1, and 97.5 of 100 stay below the top of their bar. A variance of exactly 0 has no "
      + "place on the axis.",
    finding: MeasuredVariance.traces)
  try study.draw(
    "learning-curves", of: conditions, against: "epoch",
    caption:
      "Validation error while training, at equal computing per epoch; thin lines are seeds. Look for whether the "
      + "order of the variances is the order of the curves.")
  try study.draw(
    "error-by-model", of: conditions,
    caption:
      "Test error after equal computing. Differences smaller than the intervals over seeds say nothing.")
  try study.report()
}
