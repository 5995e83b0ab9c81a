// Extensions: the ideas of this package on one task, each a condition beside the model that it changes.
//
// Question  What does each of these ideas change in the classification of two digits side by side?
// Writes    Results/extensions/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           digits.csv weights/ provenance.json analyses.json figures/ report.md
// Cost      2 cores: smoke 10 s, quick 6 min

import Extensions
import Learning
import RecurrentAttention
import StudyKit
import Worlds

let plans: [Preset: Plan] = [  // ours: as short as differences allow
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 1_280, validationExamples: 200, testExamples: 200)
  ),
  .quick: Plan(
    seeds: 1,
    TrainingSettings(epochs: 8, examplesPerEpoch: 40_000, validationExamples: 2_000, testExamples: 10_000)),
]

Study.run(
  "extensions", title: "One idea, one file",
  question: "What does each of these ideas change in the classification of two digits side by side?",
  plans: plans
) { study in
  let world = try TwoDigits(side: 60, digits: DigitImages.load(study.options.mnist))
  let objective = ClassificationObjective {
    $0.reward = RightProbability()  // both right by chance in 1 of 100: 0 or 1 would say little
    $0.advantage = LookAhead(lambda: 0.5)  // ours: as in the package's recipe
    $0.reinforceWeight = .constant(0.3)  // ours: the same
  }
  let ram = RecurrentAttention(
    glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), objective: objective)
  var rewardsCertainty = objective
  rewardsCertainty.reward = LogProbability()

  // MARK: - Conditions: the library's model, and one idea at a time

  // ours: the settings of each idea, not searched
  let conditions = try [
    Condition("ram", "the library's model", on: world, ram),
    Condition("gru", "GRU core", on: world, ram.with { $0.core = GRUCore() }),
    Condition("log-polar", "log-polar sensor", on: world, ram.with { $0.sensor = LogPolarSensor() }),
    Condition(
      "saccade", "saccades", on: world,
      ram.with { $0.gaze = SaccadeGaze(deviation: .linear(from: 0.15, to: 0.1)) }),
    Condition(
      "entropy", "log-probability and entropy", on: world,
      ram.with { $0.objective = EntropyObjective(rewardsCertainty, entropyWeight: .linear(from: 0.1)) }),
    Condition(
      "confidence", "confidence", on: world,
      ram.with { ($0.actions, $0.objective) = ([ConfidenceAction()], ConfidenceObjective(objective)) }),
    Condition("lion", "Lion", on: world, ram) {
      ($0.updateRule, $0.learningRate) = (Lion(), .cosine(from: 2e-4, to: 2e-6))
    },
    Condition("patches", "bag of patches", on: world, BagOfPatches()),
  ]

  // MARK: - Train every condition from every seed, then count errors of each digit

  try study.train(conditions)
  try study.analyse(.digits, of: conditions) {
    try conditions.flatMap { try DigitErrors.all(of: $0, in: study) }
  }

  // MARK: - Figures and report

  try study.draw("error-by-model", caption: "Share of scenes in which at least one digit was wrong.")
  try study.draw("learning-curves", caption: "Validation error while training, both digits together.")
  try study.draw(
    "error-by-digit",
    caption:
      "Error of each digit by itself, with 95 % intervals over test scenes. Check whether a model neglects one side."
  )
  try study.report()
}
