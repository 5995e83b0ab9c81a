// Which gradient goes where: Mnih et al. 2014, section 3.1 and what it leaves open.
//
// Question  How much error does each choice of gradient cost, from a location network that is never trained to an LSTM?
// Writes    Results/gradients/<preset>/  runs/ runs.csv curves.csv summary.csv timing.csv fixations.csv weights/
//           provenance.json figures/ report.md
// Cost      2 cores: smoke 15 s, quick 6 min, paper 5 h

import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 1_280, validationExamples: 500, testExamples: 500)
  ),
  .quick: Plan(seeds: 1, TrainingSettings(epochs: 16, examplesPerEpoch: 50_000, validationExamples: 2_000)),
  .paper: Plan(seeds: 5, TrainingSettings(epochs: 100, examplesPerEpoch: 60_000, testExamples: 100_000)),
]

Study.run(
  "gradients", title: "Which gradient goes where",
  question: "How much error does each choice of gradient cost, on cluttered digits with six glimpses?",
  plans: plans
) { study in
  let world = try ClutteredDigits(side: 60, pieces: 4, digits: DigitImages.load(study.options.mnist))  // paper
  let gaze = GaussianGaze(deviation: .linear(from: 0.15, to: 0.1))  // ours: not stated; REINFORCE enters the core
  let objective = ClassificationObjective { $0.reinforceWeight = .constant(0.1) }  // ours: not stated
  let ram6 = RecurrentAttention(
    glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), gaze: gaze, objective: objective)  // paper

  // MARK: - What is changed, one at a time

  // The starting code's mistake: log N(s; μ) has no path to the location network.
  var stopped = gaze
  stopped.score = .stoppedMean
  // The sample after clipping is scored as if the Gaussian had drawn it.
  var clamped = gaze
  clamped.score = .clampedSample
  // Only cross entropy trains the core and the glimpse network.
  var (ownHead, headsOnly) = (gaze, objective)
  (ownHead.trainsCore, headsOnly.baselineTrainsCore) = (false, false)
  // REINFORCE weighs as much as cross entropy.
  var heavy = objective
  heavy.reinforceWeight = .constant(1)

  // MARK: - Conditions: the reference, and one change each

  let conditions = try [
    Condition("reference", on: world, paper: 4.08, ram6),
    Condition("mean-stopped", "mean stopped", on: world, ram6.with { $0.gaze = stopped }),
    Condition("clamped-sample", "clamped sample", on: world, ram6.with { $0.gaze = clamped }),
    Condition(
      "heads-only", "heads only", on: world, ram6.with { ($0.gaze, $0.objective) = (ownHead, headsOnly) }),
    Condition("weight-1", "REINFORCE weighs 1", on: world, ram6.with { $0.objective = heavy }),
    // The core of section 4.2 in the classifier, with 2.5 times the arithmetic.
    Condition("lstm", "LSTM core", on: world, ram6.with { $0.core = LSTMCore() }),
  ]
  let looks = Array(conditions.prefix(4))

  // MARK: - Train every condition from every seed

  try study.train(conditions)
  try study.writeFixations(of: looks, digitSide: world.digitSide) {
    world.digitPlace(.test, index: $0, seed: 0)
  }

  // MARK: - Figures and report

  study.ours = [
    "Every condition but the paper's own is ours: each changes one thing in `reference`, all else equal, seeds included."
  ]
  try study.draw(
    "error-by-model",
    caption:
      "Test error of every condition; the paper's value stands beside the model it describes. Differences "
      + "smaller than the intervals over seeds say nothing.")
  try study.draw(
    "learning-curves",
    caption:
      "Validation error while training. A location network that is never trained should stay behind from early "
      + "on; look for whether the others differ in speed or in where they end.")
  try study.draw(
    "fixation-density", of: looks,
    caption:
      "Where models look over 500 test scenes, a panel for each. `mean-stopped` looks where its initial weights "
      + "happen to point; look for how far the others spread.",
    finding: { try $0.shareOnDigit() })
  try study.report()
}
