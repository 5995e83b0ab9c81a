// Translated digits: Mnih et al. 2014, section 4.1 "Non-centered digits", table 1b, figure 2a.
//
// Question  Do a few glimpses match networks that see every pixel, when the digit may be anywhere?
// Writes    Results/translated/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           scenes.csv glimpses.csv crops.csv patches.csv answers.csv fixations.csv weights/ provenance.json
//           analyses.json figures/ report.md
// Cost      2 cores: smoke 10 s, quick 6 min, paper 3 h

import AttentionStudies
import Learning
import RecurrentAttention
import ReferenceNetworks
import StudyKit
import Worlds

let plans: [Preset: Plan] = [  // ours: the paper does not say how long it trains
  .smoke: Plan(
    seeds: 1, Recipe.training(epochs: 2, examplesPerEpoch: 2_560, validationExamples: 500, testExamples: 500)),
  .quick: Plan(seeds: 1, Recipe.training(epochs: 20, examplesPerEpoch: 50_000, validationExamples: 2_000)),
  .paper: Recipe.paperPlan,
]

Study.run(
  "translated", title: "Translated digits, 60x60",
  question: "Do a few glimpses match networks that see every pixel, when the digit may be anywhere?",
  plans: plans
) { study in
  let world = try TranslatedDigits(side: 60, digits: DigitImages.load(study.options.mnist))  // paper
  // ours: the reach; the centres of digits lie within 0.53 half-widths
  let ram = Recipe.network(glimpses: 4, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)  // paper

  // MARK: - Conditions: the rows of table 1b

  let networks = try [
    Condition(
      "fc-64", "fully connected, 2x64", on: world, paper: 6.42, FullyConnected(units: 64),
      training: ReferenceRecipe.sgd),
    Condition(
      "fc-256", "fully connected, 2x256", on: world, paper: 2.63, FullyConnected(units: 256),
      training: ReferenceRecipe.largeBatches),
    Condition(
      "conv", "convolutional", on: world, paper: 1.62, Convolutional(filters: 8, units: 256),
      training: ReferenceRecipe.convolutional(study.preset)),
  ]
  let conditions =
    try networks
    + [(4, 1.54), (6, 1.22), (8, 1.2)].map { glimpses, paper in
      try Condition(
        "ram-\(glimpses)", "RAM, \(glimpses) glimpses", on: world, paper: paper,
        ram.with { $0.glimpses = glimpses })
    }
  let ram6 = try conditions.named("ram-6")

  // MARK: - Train every condition from every seed

  try study.train(conditions)
  try study.writeScenes(of: world)
  try study.writePaths(of: ram6)
  try study.writeFixations(of: [ram6])

  // MARK: - Figures and report

  study.ours = [
    "With preset `paper`, the convolutional network trains on three times as many scenes as the others, because its error "
      + "still fell."
  ]
  try study.draw(
    "error-by-model",
    caption:
      "Test error of every condition beside the paper's. Check whether the recurrent model, which has about as many "
      + "parameters as `conv` and `fc-64`, has a lower error.")
  try study.draw(
    "learning-curves",
    caption:
      "Validation error while training. Every training scene is new, so a curve that still falls at its end shows that "
      + "longer training would help.")
  try study.draw(
    "sample-scenes",
    caption: "Test scenes, as in the paper's figure 2a. Each digit is at a uniformly random place.")
  try study.drawAnimation(of: ram6, at: "test scenes")
  try study.draw(
    "glimpse-paths", of: [ram6],
    caption:
      "How `ram-6` looks at test scenes. Check whether the second glimpse is already on the digit; the coarsest "
      + "scale of the first one covers 48 of the 60 pixels.")
  try study.draw(
    "fixation-density", of: [ram6],
    caption:
      "Where `ram-6` looks in 500 test scenes. Digits are spread evenly over the places where they fit, so a network "
      + "that follows them has a broad map.",
    finding: { try $0.shareOnDigit() })
  try study.report()
}
