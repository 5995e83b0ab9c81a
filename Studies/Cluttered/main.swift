// Cluttered digits: Mnih et al. 2014, section 4.1 "Cluttered non-centered digits", tables 2a and 2b, figures 2b and 3.
//
// Question  Do a few learned glimpses find a digit among clutter, and do they beat random ones?
// Writes    Results/cluttered/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           weights/ provenance.json analyses.json figures/ report.md, and scenes glimpses crops patches
//           answers fixations, each as .csv and as -100.csv
// Cost      2 cores: smoke 15 s, quick 6 min (without three of the conditions at 100x100), paper 6 h

import AttentionStudies
import Learning
import RecurrentAttention
import ReferenceNetworks
import StudyKit
import Worlds

let plans: [Preset: Plan] = [  // ours: the paper does not say how long it trains
  .smoke: Plan(
    seeds: 1, Recipe.training(epochs: 2, examplesPerEpoch: 1_280, validationExamples: 500, testExamples: 500)),
  .quick: Plan(
    seeds: 1, Recipe.training(epochs: 10, examplesPerEpoch: 50_000, validationExamples: 2_000),
    leavesOut: ["ram-4-100", "ram-8-100", "ram-8-random-100"]),
  .paper: Recipe.paperPlan,
]

Study.run(
  "cluttered", title: "Cluttered digits",
  question: "Do a few learned glimpses find a digit among clutter, and do they beat random ones?",
  plans: plans
) { study in
  let digits = try DigitImages.load(study.options.mnist)
  let world60 = try ClutteredDigits(side: 60, pieces: 4, digits: digits)  // paper
  let world100 = try ClutteredDigits(side: 100, pieces: 8, digits: digits)  // paper
  let preset = study.preset

  // MARK: - Conditions: the rows of tables 2a and 2b

  let networks60 = try [
    Condition(
      "fc-64", "fully connected, 2x64", on: world60, paper: 28.58, FullyConnected(units: 64),
      training: ReferenceRecipe.sgd),
    Condition(
      "fc-256", "fully connected, 2x256", on: world60, paper: 11.96, FullyConnected(units: 256),
      training: ReferenceRecipe.largeBatches),
    Condition(
      "conv", "convolutional", on: world60, paper: 8.09, Convolutional(),
      training: ReferenceRecipe.convolutional(preset)),
  ]
  let conv100 = try Condition(
    "conv-100", "convolutional", on: world100, paper: 14.35, Convolutional(units: 86),  // paper
    training: ReferenceRecipe.convolutional(preset))
  // paper: the sensors. ours: the reach; the centres of digits lie within 0.53 half-widths at 60x60, 0.72 at 100x100
  let ram60 = Recipe.network(glimpses: 8, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)
  let ram100 = Recipe.network(glimpses: 8, sensor: Retina(patchSide: 12, scales: 4), reach: 0.8)
  let attention60: [(name: String, label: String, paper: Double, network: RecurrentAttention)] = [
    ("ram-4", "RAM, 4 glimpses", 4.96, ram60.with { $0.glimpses = 4 }),
    ("ram-6", "RAM, 6 glimpses", 4.08, ram60.with { $0.glimpses = 6 }),
    ("ram-8", "RAM, 8 glimpses", 4.04, ram60),
    ("ram-8-random", "RAM, 8 random glimpses", 14.4, ram60.with { $0.gaze = RandomGaze() }),
  ]
  let attention100: [(name: String, label: String, paper: Double, network: RecurrentAttention)] = [
    ("ram-4-100", "RAM, 4 glimpses", 9.41, ram100.with { $0.glimpses = 4 }),
    ("ram-6-100", "RAM, 6 glimpses", 8.31, ram100.with { $0.glimpses = 6 }),
    ("ram-8-100", "RAM, 8 glimpses", 8.11, ram100),
    ("ram-8-random-100", "RAM, 8 random glimpses", 28.4, ram100.with { $0.gaze = RandomGaze() }),
  ]
  let at60 =
    try networks60
    + attention60.map { name, label, paper, network in
      // ours: with preset quick, they train twice as long as all others, so that it stays quick
      try Condition(name, label, on: world60, paper: paper, network) {
        if preset == .quick { $0.epochs *= 2 }
      }
    }
  let at100 =
    try [conv100]
    + attention100.map { name, label, paper, network in
      try Condition(name, label, on: world100, paper: paper, network)
    }

  // MARK: - Train every condition from every seed

  let parts = try [
    // paper: figure 3 has six glimpses
    (
      name: String?.none, world: world60, conditions: at60, path: at60.named("ram-6"),
      looks: [at60.named("ram-8"), at60.named("ram-8-random")], scenes: 6
    ),
    (
      name: "100", world: world100, conditions: at100, path: at100.named("ram-6-100"),
      looks: ["ram-6-100", "ram-8-100", "ram-8-random-100"].map(at100.named),
      scenes: 3  // ours: as many as fit into the figure
    ),
  ]
  try study.train(at60 + at100)
  for (part, world, _, path, looks, scenes) in parts {
    try study.writeScenes(of: world, part: part)
    try study.writePaths(of: path, part: part, scenes: scenes)
    try study.writeFixations(of: looks, part: part)
  }

  // MARK: - Figures and report, one of each for each size

  study.ours = [
    "Clutter is added and clipped to white; its digits and places are drawn uniformly, with replacement.",
    "The convolution has 8 filters, as in the captions of the tables and in agreement with the parameter counts; the "
      + "text says 16.",
    "With preset `quick`, the attention models at 60x60 train on twice as many scenes as the other models.",
    "With preset `paper`, the convolutional networks train on three times as many scenes as the others, because their error "
      + "still fell.",
  ]
  for (part, world, conditions, path, looks, _) in parts {
    let subject = "Cluttered digits, \(world.side)x\(world.side)"
    try study.draw(
      "error-by-model", of: conditions, part: part, title: subject,
      caption:
        "\(subject): test error of every condition beside the paper's. Check whether the recurrent model has "
        + "a lower error than networks that see every pixel, and than itself with random glimpses.")
    try study.draw(
      "learning-curves", of: conditions, part: part, title: subject,
      caption:
        "\(subject): validation error while training. Every training scene is new, so a curve that still falls at its "
        + "end shows that longer training would help.")
    try study.draw(
      "sample-scenes", part: part, title: subject,
      caption:
        "\(subject): test scenes, in the manner of the paper's figure 2b. One whole digit among pieces of others."
    )
    try study.drawAnimation(of: path, at: "test scenes", part: part, title: subject)
    try study.draw(
      "glimpse-paths", of: [path], part: part, title: subject,
      caption:
        "\(subject): how the model with six glimpses looks at test scenes, in the manner of the paper's figure 3. Check "
        + "whether a path leaves the clutter behind, and whether it stays on the digit.")
    try study.draw(
      "fixation-density", of: looks, part: part, title: subject,
      caption:
        "\(subject): where models look in 500 test scenes, one panel for each model. Random places are spread evenly; "
        + "look for how learned ones concentrate where digits can be.",
      finding: { try $0.shareOnDigit(part: part) })
  }
  try study.report()
}
