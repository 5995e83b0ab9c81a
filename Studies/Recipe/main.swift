// What each choice of the recipe gains. Beyond Mnih et al. 2014, on its four tasks with digits.
//
// Question  How much does each choice that the paper leaves open lower the error?
// Writes    Results/recipe/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           gains.csv weights/ provenance.json figures/ report.md
// Cost      2 cores: smoke 20 s, quick 5 h, paper 7 h

import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

let plans: [Preset: Plan] = [  // ours: the paper does not say how long it trains
  .smoke: Recipe.smokePlan,
  // ours: five seeds, because with three many differences could not be told from chance
  .quick: Plan(seeds: 5, Recipe.training(epochs: 20, examplesPerEpoch: 60_000, validationExamples: 2_000)),
  .paper: Recipe.shortPaperPlan,
]

Study.run(
  "recipe", title: "What each choice of the recipe gains",
  question: "How much does each choice that the paper leaves open lower the error?", plans: plans
) { study in
  let digits = try DigitImages.load(study.options.mnist)
  // paper: the worlds, the sensors, six glimpses
  let tasks: [(name: String, world: any World, network: RecurrentAttention)] = try [
    (
      "28x28", CenteredDigits(digits: digits),
      Recipe.network(glimpses: 6, sensor: Retina(patchSide: 8, scales: 1), first: .learned)
    ),
    (
      "translated", TranslatedDigits(side: 60, digits: digits),
      Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)
    ),
    (
      "60x60", ClutteredDigits(side: 60, pieces: 4, digits: digits),
      Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)
    ),
    (
      "100x100", ClutteredDigits(side: 100, pieces: 8, digits: digits),
      Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 4), reach: 0.8)
    ),
  ]

  // MARK: - Conditions: the recipe, and all of it but one choice

  // ours: the paper's choice where it states one, else that of the first trials (Documentation/recipe.md)
  let ablations: [Ablation] = [
    .objective("reward", "reward 0 or 1") { $0.reward = Correctness() },
    .objective("baseline", "baseline b(h)") { $0.baseline = StateBaseline() },
    .objective("lambda", "λ = 1") { $0.advantage = LookAhead(lambda: 1) },
    .objective("look", "no look-ahead") { $0.advantage = LambdaReturns(0.5) },
    .objective("weight", "REINFORCE weight 0.1") { $0.reinforceWeight = .constant(0.1) },
    .gaze("deviation", "deviation 0.15 to 0.1") {
      $0 = Recipe.gaze(reach: $0.reach, first: $0.first, deviation: (0.15, 0.1))
    },
    .gaze("reach", "reach 1") { $0 = Recipe.gaze(first: $0.first) },
    .gaze("first", "first glimpse at the centre") { $0.first = .center },
    .training("batch", "batches of 128") { $0.batchSize = 128 },
    .training("decay", "no weight decay") { $0.weightDecay = 0 },
  ]
  let rows = try tasks.map { name, world, network in
    (
      task: name, recipe: try Condition("recipe-\(name)", "the recipe", on: world, network),
      others: try ablations.compactMap { try $0.condition(on: world, network, task: name) }
    )
  }

  // MARK: - Train every condition from every seed

  try study.train(rows.flatMap { [$0.recipe] + $0.others })
  let gains = rows.flatMap { Gain.all($0.task, of: $0.recipe, over: $0.others, in: study) }
  try study.write(.gains, gains)

  // MARK: - Figures and report

  study.ours = [
    "Each condition is the recipe without one choice; everything else is equal, including seeds. The policy's deviation is "
      + "in units of the reach, so `reach 1` also makes it larger on the frame.",
    "The recipe was chosen earlier, by validation error, except in a first series of trials, which used test "
      + "scenes (Documentation/recipe.md). Nothing is chosen here.",
  ]
  try study.draw(
    "gains",
    caption:
      "The increase in test error when one choice is removed, as a percentage of the recipe's own error, one panel for "
      + "each task (`28x28` is centered, `60x60` and `100x100` are cluttered). Lines are 95 % intervals over seeds, paired by "
      + "seed; one that ends at the frame goes on beyond it. Look for intervals that do not reach zero.",
    finding: { _ in Gain.finding(gains) })
  for (task, recipe, others) in rows {
    try study.draw(
      "learning-curves", of: [recipe] + others, part: task, title: "Without one choice, \(task)",
      caption:
        "Validation error while training, \(recipe.group). See which missing choice raises the error from the start."
    )
  }
  try study.report()
}
