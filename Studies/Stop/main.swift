// The stop action: Mnih et al. 2014, section 5, which proposes it.
//
// Question  Can a network that decides when it has seen enough match the error of eight glimpses with five on average,
//            and does it beat a probability threshold?
// Writes    Results/stop/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           stopping.csv anytime.csv difficulty.csv weights/ provenance.json analyses.json figures/ report.md
// Cost      2 cores: smoke 10 s, quick 1 h, paper 10 h

import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

Study.run(
  "stop", title: "The stop action",
  question:
    "Can a network that decides when it has seen enough match the error of eight glimpses with five "
    + "on average, and does it beat a probability threshold?",
  plans: Recipe.plans
) { study in
  // paper: the world and the sensor
  let world = try ClutteredDigits(side: 60, pieces: 4, digits: DigitImages.load(study.options.mnist))
  let eight = Recipe.network(glimpses: 8, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)

  // MARK: - Conditions: a fixed number of glimpses, answers after each, and the stop action at several prices

  let fixed = try (2...8).map { glimpses in
    try Condition(
      "fixed-\(glimpses)", "\(glimpses) glimpses", on: world, paper: [4: 4.96, 6: 4.08, 8: 4.04][glimpses],
      eight.with { $0.glimpses = glimpses })
  }
  // ours: two weights, so that one bad choice does not make the rival weak
  let everyGlimpse = try [0.1, 0.3].map { (weight: Float) in
    try Condition(
      "every-\(Int((weight * 100).rounded()))", "8, every answer trained, \(weight)", on: world,
      eight.changingObjective { $0.earlierAnswersWeight = weight })
  }
  // ours: after 600,000 scenes, 0.003 and 0.01 gave means of 6.1 and 3.8 glimpses on validation
  let stopping = try [0.003, 0.01, 0.03, 0.1].map { (price: Float) in
    try Condition(
      "price-\(Int((price * 1_000).rounded()))", "stop action, price \(price)", on: world,
      eight.with {
        $0.actions = [StopAction()]
        $0.objective = StoppingObjective(Recipe.objective, price: price)
      })
  }

  // MARK: - Train every condition from every seed, then read all models after every glimpse

  let fixed8 = try fixed.named("fixed-8")
  let rivals: [(series: String, model: Condition)] = [
    ("threshold (trained for 8)", fixed8), ("threshold (every glimpse × 0.1)", everyGlimpse[0]),
    ("threshold (every glimpse × 0.3)", everyGlimpse[1]),
  ]
  try study.train(fixed + everyGlimpse + stopping, publishingEverySeedOf: stopping + rivals.map(\.model))
  let scenes = study.plan.training.testExamples  // ours: the scenes of every other test
  try study.analyse(
    Table.stopping.description, Table.anytime.description, Table.difficulty.description,
    of: study.conditions, settings: "\(scenes) scenes"
  ) {
    let actions = try ModelReadings.all(of: stopping, scenes: scenes, on: world, in: study)
    let others = try rivals.map {
      ($0.series, try ModelReadings.all(of: [$0.model], scenes: scenes, on: world, in: study))
    }
    // ours: all whole numbers between one glimpse and eight
    let rows = StopRow.all(stopping: actions, fixed: others, budgets: [2, 3, 4, 5, 6, 7])
    try study.write(.stopping, rows)
    try study.write(.anytime, AnytimePoint.all(rows, fixed: fixed, in: study))
    try study.write(.difficulty, DifficultyRow.all(actions))
  }

  // MARK: - Figures and report

  study.ours = [
    "Training takes all eight glimpses of every scene; the numbers of glimpses count only those before the stop.",
    "When policies are not sampled, the stop action is taken as soon as its probability is above one half.",
    "Each threshold is chosen for a mean number of glimpses, on as many validation scenes as there are test scenes here. "
      + "`threshold (same model)` applies one to the model with the stop action, in place of the action; `threshold (trained "
      + "for 8)` to `fixed-8`; `threshold (every glimpse × 0.1)` and `(every glimpse × 0.3)` to `every-10` and `every-30`, "
      + "which are trained to answer after every glimpse.",
  ]
  try study.draw(
    "anytime",
    caption:
      "Test error against the mean number of glimpses: models with a fixed number, the stop action at several prices, and "
      + "thresholds on the probability of the most probable class. Lower and further left is better. Bars are 95 % "
      + "intervals over seeds, where there are several.",
    finding: { try StopFindings.anytime($0, always: fixed8) })
  try study.draw(
    "glimpses-by-difficulty", of: stopping,
    caption:
      "Mean number of glimpses of the models with a stop action, and their error, by the number of clutter pieces that "
      + "share a pixel with the digit's box. Check whether harder scenes get more glimpses.",
    finding: StopFindings.difficulty)
  try study.draw(
    "learning-curves", of: [fixed8] + everyGlimpse + stopping,
    caption: "Validation error while training, at the glimpse where the model stops.")
  try study.draw(
    "error-by-model", caption: "Test error of every condition, at the glimpse where the model stops.")
  try study.report(
    note:
      "Li et al. (2017, DT-RAM) reached 1.12 % on 28x28 digits with 5.2 glimpses on average. Their task is an easier one, so "
      + "only the way of stopping can be compared.")
}
