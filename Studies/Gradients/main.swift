// Which gradient goes where: Mnih et al. 2014, section 3.1 and what it leaves open.
//
// Question  How much error does each choice of gradient cost, from a location network that is never trained
//           to an LSTM?
// Writes    Results/gradients/<preset>/  runs.csv curves.csv timing.csv fixations.csv provenance.json
//           figures/ report.md
// Cost      2 cores: smoke 15 s, quick 6 min, paper 5 h

import StudyKit
import Training
import VisualTasks

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 1_280, validationScenes: 500, testScenes: 500)),
  .quick: Plan(
    seeds: 1, TrainingSettings(epochs: 16, examplesPerEpoch: 50_000, validationScenes: 2_000)),
  .paper: Plan(
    seeds: 5, TrainingSettings(epochs: 100, examplesPerEpoch: 60_000, testScenes: 100_000)),
]

Study.run(
  "gradients", title: "Which gradient goes where",
  question: "How much error does each choice of gradient cost, on cluttered digits with six glimpses?",
  plans: plans
) { study in
  let task = try ClutteredDigits(side: 60, pieces: 4, digits: study.digits)  // paper
  let ram6 = Network.ram(glimpses: 6, patchSide: 12, scales: 3) {  // paper
    $0.headGradient = .coreToo  // ours: not stated
    $0.reinforceWeight = 0.1  // ours: not stated
  }

  // MARK: - Conditions: the reference, and one change at a time

  let conditions = [
    Condition("reference", on: task, paper: 4.08, ram6),
    // The starting code's mistake: log N(s; μ) has no path to the location network.
    Condition("mean-stopped", on: task, paper: nil, ram6.with { $0.score = .stoppedMean }),
    // The sample after clipping is scored as if the Gaussian had drawn it.
    Condition("clamped-sample", on: task, paper: nil, ram6.with { $0.score = .clampedSample }),
    // Only cross entropy trains the core and the glimpse network.
    Condition("heads-only", on: task, paper: nil, ram6.with { $0.headGradient = .headsOnly }),
    // REINFORCE weighs as much as cross entropy.
    Condition("weight-1", on: task, paper: nil, ram6.with { $0.reinforceWeight = 1 }),
    // The core of section 4.2 in the classifier, with 2.5 times the arithmetic.
    Condition("lstm", on: task, paper: nil, ram6.with { $0.core = .lstm }),
  ]

  // MARK: - Train every condition from every seed

  try study.run(conditions)
  try study.writeFixations(of: Array(conditions.prefix(4)))

  // MARK: - Figures and report

  study.ours = [
    "Every condition but the paper's own is ours: each changes one setting of `reference`, all else equal, "
      + "seeds included."
  ]
  try study.draw(
    "error-by-model",
    caption: "Test error of every condition; the paper's value stands beside the model it describes. "
      + "Differences smaller than the intervals over seeds say nothing.")
  try study.draw(
    "learning-curves",
    caption: "Validation error while training. A location network that is never trained should stay behind "
      + "from early on; look for whether the others differ in speed or in where they end.")
  try study.draw(
    "fixation-density",
    caption: "Where four of the models look over 500 test scenes. `mean-stopped` looks where its initial "
      + "weights happen to point; look for how far the others spread.")
  try study.report()
}
