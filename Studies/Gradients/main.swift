// Which gradient goes where: Mnih et al. 2014, section 3.1 and what it leaves open.
//
// Question  How much error does each choice in training cost, on cluttered digits with six glimpses?
// Writes    Results/gradients/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           fixations.csv weights/ provenance.json analyses.json figures/ report.md
// Cost      2 cores: smoke 15 s, quick 10 min, paper 2 h

import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

let plans: [Preset: Plan] = [  // ours: the paper does not say how long it trains
  .smoke: Plan(
    seeds: 1, Recipe.training(epochs: 2, examplesPerEpoch: 1_280, validationExamples: 500, testExamples: 500)),
  .quick: Plan(seeds: 1, Recipe.training(epochs: 16, examplesPerEpoch: 50_000, validationExamples: 2_000)),
  .paper: Recipe.shortPaperPlan,
]

Study.run(
  "gradients", title: "Which gradient goes where",
  question: "How much error does each choice in training cost, on cluttered digits with six glimpses?",
  plans: plans
) { study in
  // paper: the world and the sensor
  let world = try ClutteredDigits(side: 60, pieces: 4, digits: DigitImages.load(study.options.mnist))
  let reference = Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)

  // MARK: - Conditions: the recipe, and one change each

  let recipe = try Condition("reference", "the recipe", on: world, paper: 4.08, reference)
  let changes = try [
    // The mistake of the starting code: log N(s; μ) has no path to the location network.
    Ablation.gaze("mean-stopped", "mean stopped") { $0.score = .stoppedMean },
    // The sample after clipping is scored as if the Gaussian had drawn it.
    .gaze("clamped-sample", "clamped sample") { $0.score = .clampedSample },
    // REINFORCE trains only the location network.
    .gaze("policy-head", "policy head only") { $0.trainsCore = false },
    // The baseline's squared error trains only the baseline.
    .objective("baseline-head", "baseline head only") { $0.baselineTrainsCore = false },
    // As in a plain sum of the losses; the paper states no weight.
    .objective("weight-1", "REINFORCE weight 1") { $0.reinforceWeight = .constant(1) },
    // One norm clips all gradients together, so a noisy policy could shorten the classifier's step.
    .training("unclipped", "no clipping") { $0.clippingNorm = nil },
    // The core of section 4.2 in the classifier, with 2.5 times as much arithmetic.
    .network("lstm", "LSTM core") { $0.core = LSTMCore() },
    // Equation (2) with reward 0 or 1, b(h) and R - b; everything else as in the recipe.
    .objective("paper-estimator", "paper's estimator") {
      ($0.reward, $0.baseline, $0.advantage) = (Correctness(), StateBaseline(), ReturnMinusBaseline())
    },
    // The paper's update rule, without weight decay; everything else as in the recipe.
    .training("paper-update", "SGD, batches of 20") {
      ($0.updateRule, $0.batchSize) = (Momentum(0.9), 20)  // paper
      $0.learningRate = .linear(from: 0.01)  // ours: by search, as the paper did; linear (paper)
      $0.weightDecay = 0  // ours: none is mentioned
    },
  ].compactMap { try $0.condition(on: world, reference) }
  // Where the policy trains only its own layer, or its gradient is as noisy as the paper's.
  let clipped = try ["policy-head", "paper-estimator"].map(changes.named)
  let unclipped = try clipped.map {
    try Condition("\($0.name)-unclipped", "\($0.label), unclipped", on: world, $0.network) {
      $0.clippingNorm = nil
    }
  }

  // MARK: - Complete recipes: the paper's, and that of the code that this project started from

  let completeRecipes = try [
    Condition(
      "literal", "the paper to the letter", on: world, paper: 4.08, Literal.network,
      training: Literal.training),
    Condition(
      "starting-code", "starting code", on: world, StartingCode.network, training: StartingCode.training),
    Condition(
      "starting-code-repaired", "starting code, repaired", on: world,
      StartingCode.network.changingGaze { $0.score = .clampedSample }, training: StartingCode.training),
  ]

  // MARK: - Train every condition from every seed

  let looks = try [recipe] + ["mean-stopped", "clamped-sample", "policy-head"].map(changes.named)
  try study.train([recipe] + changes + unclipped + completeRecipes)
  try study.writeFixations(of: looks)

  // MARK: - Figures and report

  study.ours = [
    "`mean-stopped` stops the gradient of the policy's mean, which is the mistake of the starting code: its location network "
      + "learns nothing. `clamped-sample` scores the sample after clipping. In `policy-head` and `baseline-head`, REINFORCE and "
      + "the baseline's squared error train only their own layers, not the core.",
    "From `mean-stopped` to `lstm`, each condition changes one thing in `reference`; `paper-estimator` changes the "
      + "reward, the baseline and the advantage together (0 or 1, b(h), R - b), and `paper-update` the update rule, its rate, "
      + "the batch size and weight decay. `policy-head-unclipped` and `paper-estimator-unclipped` differ from the conditions that they are named "
      + "after in the clipping alone. Everything else is equal, including seeds. The last three follow the paper and the "
      + "starting code, on as many scenes.",
    "`literal`: the paper states neither the learning rate nor the deviation; both were found by search on validation "
      + "scenes (Documentation/recipe.md). The weight of REINFORCE was not searched. The first glimpse at the centre, the "
      + "tanh on the mean and the recurrent weights' start at the identity are ours here too.",
    "`starting-code` has the network and the training of the TensorFlow tutorial that this project started from: one 8x8 "
      + "patch, an LSTM core, and a random glimpse followed by six more. Batches and the single episode are the recipe's. "
      + "So its error is not the cost of its training alone. The tutorial repeats the reward at every step; here it comes once, at the end, and every step is credited "
      + "with it, which is the same.",
  ]
  try study.draw(
    "error-by-model",
    caption:
      "Test error of every condition; the paper's value is beside the model that it describes. Bars are 95 % intervals over "
      + "seeds, where there are several; differences are paired by seed.",
    finding: { study in
      let reached = ([recipe] + completeRecipes).compactMap { condition in
        study.error(of: condition).map { "`\(condition.name)` reaches \($0.formatted()) %." }
      }
      let differences = Contrast.sentences(
        changes.compactMap { study.contrast($0, with: recipe) }
          + zip(unclipped, clipped).compactMap { study.contrast($0, with: $1) })
      return (reached + [differences].compactMap(\.self)).joined(separator: " ")
    })
  try study.draw(
    "learning-curves",
    caption:
      "Validation error while training. A location network that is never trained should fall behind early; look for "
      + "whether the others differ in their speed or in their final error. Thin lines are seeds, where there are several."
  )
  try study.draw(
    "fixation-density", of: looks,
    caption:
      "Where models look in 500 test scenes, one panel for each model. The location network of `mean-stopped` is never "
      + "trained, and weight decay shrinks its weights, so it stays near the centre; look for how far the others spread.",
    finding: { try $0.shareOnDigit() })
  try study.report()
}
