// Centered digits: Mnih et al. 2014, section 4.1 "Centered digits", table 1a.
//
// Question  How many 8x8 glimpses does it take to match networks that see all 28x28 pixels of a digit?
// Writes    Results/centered/<preset>/  runs.csv curves.csv timing.csv scenes.csv glimpses.csv crops.csv
//           fixations.csv provenance.json figures/ report.md
// Cost      2 cores: smoke 10 s, quick 6 min, paper 3 h

import RecurrentAttention
import StudyKit
import Training
import VisualTasks

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 2_560, validationScenes: 500, testScenes: 500)),
  .quick: Plan(
    seeds: 1, TrainingSettings(epochs: 30, examplesPerEpoch: 50_000, validationScenes: 2_000)),
  .paper: Plan(
    seeds: 3, TrainingSettings(epochs: 300, examplesPerEpoch: 50_000)),
]

Study.run(
  "centered", title: "Centered digits, 28x28",
  question: "How many 8x8 glimpses does it take to match networks that see every pixel of a "
    + "digit?", plans: plans
) { study in
  let task = CenteredDigits(digits: study.digits)  // paper

  // ours: from the image's centre every path was the same, and the network learned the training digits by heart: 7
  // glimpses erred 6.8 % after 300 epochs and 0.0 % on what they had trained on. After 30 epochs 3 glimpses erred
  // 5.3 % from the centre, 3.2 % from anywhere, about 2.1 % from a learned place that is looked at with the policy's
  // deviation; 6 erred 2.0 % from anywhere, 2.2 % from a learned place (validation, single seeds)
  let start: (inout AttentionSettings) -> Void = { $0.firstGlimpse = .learned }

  // MARK: - Conditions: the rows of table 1a

  let conditions = [
    Condition("fc-256", on: task, paper: 1.69, .fullyConnected(units: 256)),
    Condition("conv", on: task, paper: 1.21, .convolutional(filters: 8, units: 256)),
    Condition("ram-2", on: task, paper: 3.79, .ram(glimpses: 2, patchSide: 8, scales: 1, start)),
    Condition("ram-3", on: task, paper: 1.51, .ram(glimpses: 3, patchSide: 8, scales: 1, start)),
    Condition("ram-4", on: task, paper: 1.54, .ram(glimpses: 4, patchSide: 8, scales: 1, start)),
    Condition("ram-5", on: task, paper: 1.34, .ram(glimpses: 5, patchSide: 8, scales: 1, start)),
    Condition("ram-6", on: task, paper: 1.12, .ram(glimpses: 6, patchSide: 8, scales: 1, start)),
    Condition("ram-7", on: task, paper: 1.07, .ram(glimpses: 7, patchSide: 8, scales: 1, start)),
  ]
  let longest = conditions[7]

  // MARK: - Train every condition from every seed

  try study.run(conditions)
  try study.writeScenes(of: task)
  try study.writePaths(of: longest)
  try study.writeFixations(of: [longest])

  // MARK: - Figures and report

  study.ours = [
    "The 50,000 training digits are shown as they are, in a new order every pass; nothing is "
      + "augmented."
  ]
  try study.draw(
    "error-by-model",
    caption: "Test error of every condition beside the paper's. Look for how many glimpses bring the error "
      + "down to that of the two networks that see the whole digit.")
  try study.draw(
    "learning-curves",
    caption: "Validation error while training. A curve that still falls at its end says that longer training "
      + "would help; one that rises says that its network begins to learn the training digits by heart.")
  try study.draw(
    "glimpse-paths",
    caption: "How `ram-7` looks at test digits, first glimpse a filled circle, last an empty one; the "
      + "numbers under the glimpses are what it would answer then. Look for where the answer settles.")
  try study.draw(
    "fixation-density",
    caption: "Where `ram-7` looks over 500 test digits. Even coverage of the middle would be a fixed scan; "
      + "spots that differ from digit to digit smear out.")
  try study.report()
}
