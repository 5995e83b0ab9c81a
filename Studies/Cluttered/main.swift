// Cluttered digits: Mnih et al. 2014, section 4.1 "Cluttered non-centered digits", tables 2a and 2b,
// figures 2b and 3.
//
// Question  Do a few learned 12x12 glimpses find a digit among clutter, and do learned places beat random
//           ones?
// Writes    Results/cluttered/<preset>/  runs.csv curves.csv timing.csv scenes.csv glimpses.csv crops.csv
//           fixations.csv scenes-100.csv glimpses-100.csv crops-100.csv fixations-100.csv provenance.json
//           figures/ report.md
// Cost      2 cores: smoke 15 s, quick 6 min (without three of the conditions at 100x100), paper 9 h

import StudyKit
import Training
import VisualTasks

let plans: [Preset: Plan] = [
  .smoke: Plan(
    seeds: 1, TrainingSettings(epochs: 2, examplesPerEpoch: 1_280, validationScenes: 500, testScenes: 500)),
  .quick: Plan(
    seeds: 1, TrainingSettings(epochs: 16, examplesPerEpoch: 50_000, validationScenes: 2_000),
    leavesOut: ["ram-4-100", "ram-8-100", "ram-8-random-100"]),
  .paper: Plan(
    seeds: 3, TrainingSettings(epochs: 200, examplesPerEpoch: 60_000, testScenes: 100_000)),
]

Study.run(
  "cluttered", title: "Cluttered digits",
  question: "Do a few learned glimpses find a digit among clutter, and do learned places beat random "
    + "ones?", plans: plans
) { study in
  let near = try ClutteredDigits(side: 60, pieces: 4, digits: study.digits)  // paper
  let big = try ClutteredDigits(side: 100, pieces: 8, digits: study.digits)  // paper
  // ours: at 100x100 the quick preset trains half as long, to stay quick
  let half: @Sendable (inout TrainingSettings) -> Void = { [preset = study.options.preset] in
    if preset == .quick { $0.epochs /= 2 }
  }

  // MARK: - Conditions: the rows of tables 2a and 2b

  let at60 = [
    Condition("fc-64", on: near, paper: 28.58, .fullyConnected(units: 64)),
    Condition("fc-256", on: near, paper: 11.96, .fullyConnected(units: 256)),
    Condition("conv", on: near, paper: 8.09, .convolutional(filters: 8, units: 256)),
    Condition("ram-4", on: near, paper: 4.96, .ram(glimpses: 4, patchSide: 12, scales: 3)),
    Condition("ram-6", on: near, paper: 4.08, .ram(glimpses: 6, patchSide: 12, scales: 3)),
    Condition("ram-8", on: near, paper: 4.04, .ram(glimpses: 8, patchSide: 12, scales: 3)),
    Condition(
      "ram-8-random", on: near, paper: 14.4,
      .ram(glimpses: 8, patchSide: 12, scales: 3) { $0.policy = .random }),
  ]
  let at100 = [
    Condition("conv-100", on: big, paper: 14.35, .convolutional(filters: 8, units: 86), training: half),
    Condition("ram-4-100", on: big, paper: 9.41, .ram(glimpses: 4, patchSide: 12, scales: 4), training: half),
    Condition("ram-6-100", on: big, paper: 8.31, .ram(glimpses: 6, patchSide: 12, scales: 4), training: half),
    Condition("ram-8-100", on: big, paper: 8.11, .ram(glimpses: 8, patchSide: 12, scales: 4), training: half),
    Condition(
      "ram-8-random-100", on: big, paper: 28.4,
      .ram(glimpses: 8, patchSide: 12, scales: 4) { $0.policy = .random },
      training: half),
  ]

  // MARK: - Train every condition from every seed

  try study.run(at60 + at100)
  try study.writeScenes(of: near)
  try study.writeScenes(of: big, part: "100")
  try study.writePaths(of: at60[4])  // figure 3 has six glimpses
  try study.writePaths(of: at100[2], part: "100", scenes: 3)
  try study.writeFixations(of: [at60[5], at60[6]])
  try study.writeFixations(of: Array(at100[2...]), part: "100")

  // MARK: - Figures and report, one of each for each size

  study.ours = [
    "Clutter is added and clipped to white; its digits and places are uniform, with replacement.",
    "The convolution has 8 filters, as the tables' captions say and parameter counts agree with; the text has 16.",
  ]
  for (part, conditions) in [(nil, at60), ("100", at100)] as [(String?, [Condition])] {
    let subject = part == nil ? "Cluttered digits, 60x60" : "Cluttered digits, 100x100"
    try study.draw(
      "error-by-model", of: conditions, part: part, title: subject,
      caption: "\(subject): test error of every condition beside the paper's. Look for whether the recurrent "
        + "model errs less than networks that see every pixel, and than itself with random glimpses.")
    try study.draw(
      "learning-curves", of: conditions, part: part, title: subject,
      caption: "\(subject): validation error while training. Every training scene is new, so a curve that "
        + "still falls at its end says that longer training would help.")
    try study.draw(
      "sample-scenes", part: part, title: subject,
      caption: "\(subject): test scenes, as in the paper's figure 2b. One whole digit among pieces of others."
    )
    try study.draw(
      "glimpse-paths", part: part, title: subject,
      caption: "\(subject): how the model with six glimpses looks at test scenes, as in the paper's figure "
        + "3. Look for paths that leave clutter behind and end on the digit.")
    try study.draw(
      "fixation-density", part: part, title: subject,
      caption: "\(subject): where learned and random policies look over 500 test scenes. Random places are "
        + "even; look for how the learned ones gather where digits can be.")
  }
  try study.report()
}
