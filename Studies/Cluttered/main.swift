// Cluttered digits: Mnih et al. 2014, section 4.1 "Cluttered non-centered digits", table 2a, figures 2b and 3.
//
// Question  Do a few learned 12x12 glimpses find a digit among clutter, and do learned places beat random ones?
// Writes    Results/cluttered/<preset>/  runs.csv curves.csv timing.csv scenes.csv glimpses.csv crops.csv
//           provenance.json figures/ report.md
// Cost      2 cores: smoke 10 s, quick 6 min, paper 9 h

import StudyKit
import Training
import VisualTasks

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 2_560, validationScenes: 500, testScenes: 500)),
  .quick: Plan(
    seeds: 1, TrainingSettings(epochs: 20, examplesPerEpoch: 50_000, validationScenes: 2_000)),
  .paper: Plan(
    seeds: 3, TrainingSettings(epochs: 200, examplesPerEpoch: 60_000, testScenes: 100_000)),
]

Study.run(
  "cluttered", title: "Cluttered digits, 60x60",
  question: "Do a few learned glimpses find a digit among clutter, and do learned places beat random ones?", plans: plans
) { study in
  let task = try ClutteredDigits(side: 60, pieces: 4, digits: study.digits)  // paper

  // MARK: - Conditions: the rows of table 2a

  let conditions = [
    Condition("ram-4", on: task, paper: 4.96, .ram(glimpses: 4, patchSide: 12, scales: 3)),
    Condition("ram-6", on: task, paper: 4.08, .ram(glimpses: 6, patchSide: 12, scales: 3)),
    Condition("ram-8", on: task, paper: 4.04, .ram(glimpses: 8, patchSide: 12, scales: 3)),
    Condition("ram-8-random", on: task, paper: 14.4, .ram(glimpses: 8, patchSide: 12, scales: 3) { $0.policy = .random }),
  ]

  // MARK: - Train every condition from every seed

  try study.run(conditions)
  try study.writeScenes(of: task)
  try study.writePaths(of: conditions[1])  // figure 3 has six glimpses

  // MARK: - Figures and report

  try study.draw("error-by-model", caption: "Test error of every condition beside the paper's.")
  try study.draw("learning-curves", caption: "Validation error while training.")
  try study.draw("sample-scenes", caption: "Test scenes: the paper's figure 2b.")
  try study.draw("glimpse-paths", caption: "How `ram-6` looks at test scenes: the paper's figure 3.")
  try study.report()
}
