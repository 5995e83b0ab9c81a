// The baseline of REINFORCE: Mnih et al. 2014, section 3.1, equation (2).
//
// Question  A baseline leaves the gradient's mean alone and should make it less noisy: does it, which one,
//           and does it help?
// Writes    Results/baseline/<preset>/  variance.csv runs.csv curves.csv timing.csv provenance.json figures/
//           report.md
// Cost      2 cores: smoke 15 s, quick 7 min, paper 4 h

import StudyKit
import Training
import VisualTasks

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 1_280, validationScenes: 500, testScenes: 500)),
  .quick: Plan(
    seeds: 3,
    TrainingSettings(epochs: 10, examplesPerEpoch: 35_840, validationScenes: 1_000, testScenes: 2_000)),
  .paper: Plan(
    seeds: 5, TrainingSettings(epochs: 100, examplesPerEpoch: 51_200)),
]

Study.run(
  "baseline", title: "The baseline of REINFORCE",
  question: "A baseline leaves the gradient's mean alone and should make it less noisy: does it, which one, "
    + "and does it help?",
  plans: plans
) { study in
  let task = CenteredDigits(digits: study.digits)  // ours: the cheapest task on which places matter
  let ram6 = Network.ram(glimpses: 6, patchSide: 8, scales: 1) {  // paper: table 1a
    $0.headGradient = .headsOnly  // ours: a learned baseline's own loss would train the core too
    $0.reinforceWeight = 1  // ours: not stated
  }

  // MARK: - Conditions: equal computing, as many episodes in every batch

  // Four episodes of a quarter of the images.
  let quarter: @Sendable (inout TrainingSettings) -> Void = {
    $0.batchSize /= 4
    $0.examplesPerEpoch /= 4
  }
  let learned = Condition("learned", on: task, paper: 1.12, ram6.with { $0.baseline = .learned })
  let conditions = [
    Condition("none", on: task, paper: nil, ram6.with { $0.baseline = .none }),
    Condition("moving-average", on: task, paper: nil, ram6.with { $0.baseline = .movingAverage }),
    learned,
    Condition("learned-4", on: task, paper: nil, ram6.with { $0.episodes = 4 }, training: quarter),
    Condition(
      "leave-one-out-4", on: task, paper: nil,
      ram6.with {
        $0.episodes = 4  // ours: M is not stated
        $0.baseline = .leaveOneOut
      }, training: quarter),
  ]
  // ours: on its way, for the measurement only
  let partTrained = Condition("part-trained", on: task, paper: nil, learned.network) {
    $0.epochs = max(1, $0.epochs / 10)
  }

  // MARK: - Train every condition from every seed, then measure at fixed parameters

  try study.run(conditions + [partTrained])
  let budgets: [Preset: Study.VarianceBudget] = [  // ours: until the intervals are narrow
    .smoke: .init(scenes: 16, episodes: 32, groups: [1, 2, 4]),
    .quick: .init(scenes: 32, episodes: 512, groups: [1, 2, 4, 8, 16]),
    .paper: .init(scenes: 64, episodes: 8_192, groups: [1, 2, 4, 8, 16]),
  ]
  try study.writeGradientVariance(
    [("fresh", learned, true), ("part trained", partTrained, false), ("trained", learned, false)],
    budget: budgets[study.options.preset] ?? .init(scenes: 16, episodes: 32, groups: [1, 2]))

  // MARK: - Figures and report

  study.ours = [
    "The moving average forgets over about 100 batches; leave-one-out takes the mean return of the image's "
      + "other episodes.",
    "Conditions are compared at equal computing: with four episodes per image a batch has a quarter of the "
      + "images.",
    "Measured is the gradient of REINFORCE alone for the location network's weights, as training computes "
      + "it, over one fixed batch; `fresh` has the initial weights, `part trained` a training a tenth as "
      + "long, both with the learned baseline.",
    "A fresh moving average is 0, which is no baseline, and a fresh b(h) has not been fitted to anything.",
  ]
  try study.draw(
    "variance",
    caption: "The location network's gradient at fixed parameters against the episodes per image: trace of "
      + "its covariance, signal to noise (squared length of the mean over that trace), and how far the mean "
      + "lies from that without a baseline, in units of chance. Bars in the upper two rows are 95 % "
      + "bootstrap intervals; in the lowest row equal means give about 1, and 97.5 of 100 stay below the top "
      + "of their bar. A variance of exactly 0 has no place on the axis.")
  try study.draw(
    "learning-curves", of: conditions, against: "epoch",
    caption: "Validation error while training, at equal computing per epoch; thin lines are seeds. Look for "
      + "whether the order of the variances is the order of the curves.")
  try study.draw(
    "error-by-model", of: conditions,
    caption: "Test error after equal computing. Differences smaller than the intervals over seeds say "
      + "nothing.")
  try study.report()
}
