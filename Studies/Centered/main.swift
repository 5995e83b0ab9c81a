// Centered digits: Mnih et al. 2014, section 4.1 "Centered digits", table 1a.
//
// Question  How many 8x8 glimpses does it take to match networks that see every pixel of a digit?
// Writes    Results/centered/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
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
  .quick: Plan(seeds: 1, Recipe.training(epochs: 30, examplesPerEpoch: 50_000, validationExamples: 2_000)),
  .paper: Recipe.centeredPaperPlan,
]

Study.run(
  "centered", title: "Centered digits, 28x28",
  question: "How many 8x8 glimpses does it take to match networks that see every pixel of a digit?",
  plans: plans
) { study in
  let world = CenteredDigits(digits: try DigitImages.load(study.options.mnist))  // paper

  // ours: the first place is learned and sampled. When every path began at the centre, the network memorised the
  // training digits: 3 glimpses had 5.3 instead of about 2.1 % (Documentation/recipe.md, earlier trials)
  let ram = Recipe.network(glimpses: 2, sensor: Retina(patchSide: 8, scales: 1), first: .learned)  // paper

  // MARK: - Conditions: the rows of table 1a

  let networks = try [
    Condition(
      "fc-256", "fully connected, 2x256", on: world, paper: 1.69, FullyConnected(units: 256),
      training: ReferenceRecipe.largeBatches),
    Condition("conv", "convolutional", on: world, paper: 1.21, Convolutional(filters: 8, units: 256)) {
      ReferenceRecipe.sgd(&$0)
      // ours: a lower validation error than with batches of 64 and no decay (Documentation/recipe.md)
      ($0.batchSize, $0.weightDecay) = (16, 0.003)
    },
  ]
  let conditions =
    try networks
    + [(2, 3.79), (3, 1.51), (4, 1.54), (5, 1.34), (6, 1.12), (7, 1.07)].map { glimpses, paper in
      try Condition(
        "ram-\(glimpses)", "RAM, \(glimpses) glimpses", on: world, paper: paper,
        ram.with { $0.glimpses = glimpses })
    }
  let ram7 = try conditions.named("ram-7")

  // MARK: - Train every condition from every seed

  try study.train(conditions)
  try study.writeScenes(of: world)
  try study.writePaths(of: ram7)
  try study.writeFixations(of: [ram7])

  // MARK: - Figures and report

  study.ours = [
    "The 50,000 training digits are shown unchanged, in a new order in every pass; there is no augmentation."
  ]
  try study.draw(
    "error-by-model",
    caption:
      "Test error of every condition beside the paper's. Check how many glimpses it takes to match the two networks "
      + "that see the whole digit.")
  try study.draw(
    "learning-curves",
    caption:
      "Validation error while training. A curve that still falls at its end shows that longer training would help; a "
      + "curve that rises shows that the network begins to memorise the training digits.")
  try study.drawAnimation(of: ram7, at: "test digits")
  try study.draw(
    "glimpse-paths", of: [ram7],
    caption:
      "How `ram-7` looks at test digits. The first glimpse is a filled circle, the last one is empty, and the squares "
      + "are its patches. Under the glimpses are its answers at that moment, × where wrong; only the last one is "
      + "trained.")
  try study.draw(
    "fixation-density", of: [ram7],
    caption:
      "Where `ram-7` looks in 500 test digits, which fill the image. A fixed scan would give a few bright spots; "
      + "places that depend on the digit are spread out.")
  try study.report()
}
