// How many glimpses: Mnih et al. 2014, tables 1 and 2, between and beyond their rows.
//
// Question  What does each further glimpse buy, and can a model trained for eight be stopped after fewer?
// Writes    Results/glimpses/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           glimpse_counts.csv weights/ provenance.json analyses.json figures/ report.md
// Cost      2 cores: smoke 20 s, quick 6 min (without 5 and 7 glimpses), paper 10 h

import AttentionStudies
import Learning
import RecurrentAttention
import ReferenceNetworks
import StudyKit
import Worlds

let plans: [Preset: Plan] = [  // ours: the paper does not say how long it trains
  .smoke: Recipe.smokePlan,
  .quick: Plan(
    seeds: 1, Recipe.training(epochs: 8, examplesPerEpoch: 50_000, validationExamples: 2_000),
    leavesOut: ["centered-5", "centered-7", "translated-5", "translated-7", "cluttered-5", "cluttered-7"]),
  .paper: Recipe.paperPlan,
]

Study.run(
  "glimpses", title: "How many glimpses",
  question: "What does each further glimpse buy, and can a model trained for eight be stopped after fewer?",
  plans: plans
) { study in
  // MARK: - Conditions: one to eight glimpses on the three tasks

  let digits = try DigitImages.load(study.options.mnist)
  let fc256 = FullyConnected(units: 256)  // paper
  let conv = Convolutional(filters: 8, units: 256)  // paper
  let fine = Recipe.network(glimpses: 1, sensor: Retina(patchSide: 8, scales: 1), first: .learned)  // paper
  let wide = Recipe.network(glimpses: 1, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)  // paper
  let tasks: [GlimpseTask] = [  // paper: tables 1a, 1b and 2a
    GlimpseTask(
      name: "centered", world: CenteredDigits(digits: digits), network: fine,
      training: Recipe.centeredLength(study.preset),
      paper: [2: 3.79, 3: 1.51, 4: 1.54, 5: 1.34, 6: 1.12, 7: 1.07],
      references: [("fc-256", fc256, 1.69), ("conv", conv, 1.21)]),
    GlimpseTask(
      name: "translated", world: try TranslatedDigits(side: 60, digits: digits), network: wide,
      paper: [4: 1.54, 6: 1.22, 8: 1.2], references: [("fc-256", fc256, 2.63), ("conv", conv, 1.62)]),
    GlimpseTask(
      name: "cluttered", world: try ClutteredDigits(side: 60, pieces: 4, digits: digits), network: wide,
      paper: [4: 4.96, 6: 4.08, 8: 4.04], references: [("fc-256", fc256, 11.96), ("conv", conv, 8.09)]),
  ]
  let conditions = try tasks.map { task in
    try (1...8).map { glimpses in  // ours: the paper has 2 to 7, and 4, 6, 8
      try Condition(
        "\(task.name)-\(glimpses)", "\(task.name), \(glimpses) \(glimpses == 1 ? "glimpse" : "glimpses")",
        on: task.world, paper: task.paper[glimpses], task.network.with { $0.glimpses = glimpses },
        training: task.training)
    }
  }

  // MARK: - Train every condition from every seed

  try study.train(conditions.flatMap(\.self))
  try study.analyse(.glimpseCounts, of: conditions.flatMap(\.self)) {
    try zip(tasks, conditions).flatMap { try $0.counts($1, in: study) }
  }

  // MARK: - Figures and report

  study.ours = [
    "Models of every length are trained on the same number of scenes, so those with more glimpses used more computation.",
    "A model that is stopped early answers with its action network, which was trained for the last glimpse only.",
  ]
  try study.draw(
    "error-by", part: "glimpses",
    caption:
      "Test error against the number of glimpses. One line has a model for each number. The other reads the model for "
      + "eight, of seed 1, after each of its glimpses, over at most 10,000 scenes; at eight it can differ from the first line, "
      + "which is over all seeds and scenes. Before that, its error is mostly larger, because its action network was trained for "
      + "the last glimpse only. Bars are 95 % intervals over seeds, where there are several.",
    finding: GlimpseTask.stoppedEarly)
  try study.draw(
    "error-by", part: "multiply-adds",
    caption:
      "Test error against the multiply-adds of one forward pass; the paper's networks that see every pixel are "
      + "drawn with the paper's errors. Points further left are cheaper, and points further down are better.",
    finding: GlimpseTask.cheaperAndBetter)
  try study.report()
}
