// Translated digits: Mnih et al. 2014, section 4.1 "Non-centered digits", table 1b, figure 2a.
//
// Question  Do a few 12x12 glimpses match networks that see all 60x60 pixels, when the digit may be
//           anywhere?
// Writes    Results/translated/<preset>/  runs.csv curves.csv timing.csv scenes.csv glimpses.csv crops.csv
//           fixations.csv provenance.json figures/ report.md
// Cost      2 cores: smoke 10 s, quick 6 min, paper 2 h

import StudyKit
import Training
import VisualTasks

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 2_560, validationScenes: 500, testScenes: 500)),
  .quick: Plan(
    seeds: 1, TrainingSettings(epochs: 30, examplesPerEpoch: 50_000, validationScenes: 2_000)),
  .paper: Plan(
    seeds: 3, TrainingSettings(epochs: 200, examplesPerEpoch: 60_000, testScenes: 100_000)),
]

Study.run(
  "translated", title: "Translated digits, 60x60",
  question: "Do a few glimpses match networks that see every pixel, when the digit may be "
    + "anywhere?", plans: plans
) { study in
  let task = try TranslatedDigits(side: 60, digits: study.digits)  // paper

  // MARK: - Conditions: the rows of table 1b

  let conditions = [
    Condition("fc-64", on: task, paper: 6.42, .fullyConnected(units: 64)),
    Condition("fc-256", on: task, paper: 2.63, .fullyConnected(units: 256)),
    Condition("conv", on: task, paper: 1.62, .convolutional(filters: 8, units: 256)),
    Condition("ram-4", on: task, paper: 1.54, .ram(glimpses: 4, patchSide: 12, scales: 3)),
    Condition("ram-6", on: task, paper: 1.22, .ram(glimpses: 6, patchSide: 12, scales: 3)),
    Condition("ram-8", on: task, paper: 1.2, .ram(glimpses: 8, patchSide: 12, scales: 3)),
  ]
  let ram6 = conditions[4]

  // MARK: - Train every condition from every seed

  try study.run(conditions)
  try study.writeScenes(of: task)
  try study.writePaths(of: ram6)
  try study.writeFixations(of: [ram6])

  // MARK: - Figures and report

  try study.draw(
    "error-by-model",
    caption: "Test error of every condition beside the paper's. Look for whether the recurrent model, which "
      + "has about as many parameters as the others, stands left of them.")
  try study.draw(
    "learning-curves",
    caption: "Validation error while training. Training scenes are drawn afresh for every example, so a "
      + "curve that still falls at its end says that longer training would help.")
  try study.draw(
    "sample-scenes",
    caption: "Test scenes: the paper's figure 2a. Each digit stands at a uniformly random place.")
  try study.draw(
    "glimpse-paths",
    caption: "How `ram-6` looks at test scenes. Look for whether the second glimpse already lies on the "
      + "digit: the coarsest scale of the first sees 48 of the 60 pixels.")
  try study.draw(
    "fixation-density",
    caption: "Where `ram-6` looks over 500 test scenes. Digits are spread evenly over the places where they "
      + "fit, so the map of a network that follows them is broad.")
  try study.report()
}
