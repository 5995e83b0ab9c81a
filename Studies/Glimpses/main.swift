// How many glimpses: Mnih et al. 2014, tables 1 and 2, between and beyond their rows.
//
// Question  What does each further glimpse buy, and can a model trained for eight be stopped after fewer?
// Writes    Results/glimpses/<preset>/  runs.csv curves.csv timing.csv glimpse_counts.csv multiply_adds.csv
//           provenance.json figures/ report.md
// Cost      2 cores: smoke 20 s, quick 6 min (without 5 and 7 glimpses), paper 6 h

import StudyKit
import Training
import VisualTasks

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 1, examplesPerEpoch: 1_280, validationScenes: 200, testScenes: 200)),
  .quick: Plan(
    seeds: 1, TrainingSettings(epochs: 8, examplesPerEpoch: 50_000, validationScenes: 2_000),
    leavesOut: [5, 7].reduce(into: []) {
      $0.formUnion(["centered-\($1)", "translated-\($1)", "cluttered-\($1)"])
    }),
  .paper: Plan(
    seeds: 3, TrainingSettings(epochs: 100, examplesPerEpoch: 60_000)),
]

Study.run(
  "glimpses", title: "How many glimpses",
  question: "What does each further glimpse buy, and can a model trained for eight be stopped after "
    + "fewer?", plans: plans
) { study in

  // MARK: - Conditions: one to eight glimpses on the three tasks

  let tasks: [(name: String, task: any SceneTask, patchSide: Int, scales: Int, paper: [Int: Double])] = [
    (
      "centered", CenteredDigits(digits: study.digits), 8, 1,  // paper
      [2: 3.79, 3: 1.51, 4: 1.54, 5: 1.34, 6: 1.12, 7: 1.07]  // paper: table 1a
    ),
    (
      "translated", try TranslatedDigits(side: 60, digits: study.digits), 12, 3,  // paper
      [4: 1.54, 6: 1.22, 8: 1.2]  // paper: table 1b
    ),
    (
      "cluttered", try ClutteredDigits(side: 60, pieces: 4, digits: study.digits), 12, 3,  // paper
      [4: 4.96, 6: 4.08, 8: 4.04]  // paper: table 2a
    ),
  ]
  let series = tasks.map { row in
    (
      task: row.name,
      conditions: (1...8).map { glimpses in  // ours: the paper has 2 to 7, and 4, 6, 8
        Condition(
          "\(row.name)-\(glimpses)", on: row.task, paper: row.paper[glimpses],
          .ram(glimpses: glimpses, patchSide: row.patchSide, scales: row.scales))
      }
    )
  }

  // MARK: - Train every condition from every seed

  try study.run(series.flatMap(\.conditions))
  let fc256 = Network.fullyConnected(units: 256)  // paper
  let conv = Network.convolutional(filters: 8, units: 256)  // paper
  try study.writeGlimpseCounts(
    series,
    references: [  // paper: tables 1 and 2a
      ("centered", "fc-256", fc256, 28, 1.69), ("centered", "conv", conv, 28, 1.21),
      ("translated", "fc-256", fc256, 60, 2.63), ("translated", "conv", conv, 60, 1.62),
      ("cluttered", "fc-256", fc256, 60, 11.96), ("cluttered", "conv", conv, 60, 8.09),
    ])

  // MARK: - Figures and report

  study.ours = [
    "Every count of glimpses is trained on equally many scenes, so a model of more glimpses has had more "
      + "computing.",
    "A model that is stopped early answers by the action network that it was trained with, after the last "
      + "glimpse only.",
  ]
  try study.draw(
    "error-by-glimpses",
    caption: "Test error against the number of glimpses. One line has a model trained for each count, the "
      + "other reads the model for eight after each of its glimpses: where the two part, a model has spent "
      + "early glimpses on finding its way.")
  try study.draw(
    "error-by-multiply-adds",
    caption: "Test error against the multiply-adds of one forward pass; the paper's networks that see every "
      + "pixel are drawn at the paper's errors. Points further left are cheaper, points further down are "
      + "better.")
  try study.report()
}
