// Catch: Mnih et al. 2014, section 4.2 "Dynamic environments".
//
// Question  Does an agent that sees a few pixels at a time learn to catch a falling ball, and to look where
//           it must?
// Writes    Results/catch/<preset>/  runs.csv curves.csv timing.csv frames.csv provenance.json figures/
//           report.md
// Cost      2 cores: smoke 10 s, quick 7 min, paper 53 min (both beside other work)

import RecurrentAttention
import StudyKit
import Training
import VisualTasks

// Examples are games of 24 frames: 20 million frames (paper) are 833,333 games. What is said to be better was
// so in validation games of one seed, with 128 units and 100,000 games.
var training = TrainingSettings(
  epochs: 40, examplesPerEpoch: 833_333 / 40,
  batchSize: 128,  // ours: caught 41 %; 32 with half the learning rate 32 %
  learningRate: .cosine(from: 1e-3, to: 1e-5),  // ours: not stated
  standardDeviation: .constant(0.1),  // ours: in batches of 32 caught 31 %, 0.2 14 %
  validationScenes: 2_000, testScenes: 10_000)  // ours: not stated
var plans = [Preset.paper: Plan(seeds: 1, training)]
(training.epochs, training.examplesPerEpoch) = (20, 32_000)
training.learningRate = .cosine(from: 2e-3, to: 1e-5)  // ours: half the units; 4e-3 caught as much (40 %)
plans[.quick] = Plan(seeds: 1, training)
(training.epochs, training.examplesPerEpoch, training.testScenes) = (2, 640, 1_000)
plans[.smoke] = Plan(seeds: 1, training)

Study.run(
  "catch", title: "Catch, 24x24",
  question:
    "Does an agent that sees a few pixels at a time learn to catch a falling ball, and to look where it must?",
  plans: plans
) { study in
  // MARK: - Conditions: the paper's agent, and two that may not choose where to look

  var learned = GameAgentSettings(patchSide: 6, scales: 3)  // paper
  learned.entropyGames = study.plan.training.epochs * study.plan.training.examplesPerEpoch  // ours: all games
  if study.options.preset != .paper {
    // ours: half the units are a quarter of the arithmetic, so that a short training plays nearly as many games
    (learned.patchUnits, learned.locationUnits, learned.glimpseUnits, learned.coreUnits) = (64, 64, 128, 128)
  }
  var (random, center) = (learned, learned)
  random.policy = .random
  center.policy = .center

  let conditions = [
    Condition("learned", on: CatchGames(), paper: 15, .agent(learned)),  // paper: about 85 % caught
    Condition("center", on: CatchGames(), paper: nil, .agent(center)),
    Condition("random", on: CatchGames(), paper: nil, .agent(random)),
  ]

  // MARK: - Play every condition from every seed

  try study.play(conditions)
  try study.writeGames(of: conditions[0])

  // MARK: - Figures and report

  study.ours = [
    "The paper states neither the ball's angles and speed nor the paddle's: one row a frame, sideways up to one pixel "
      + "a frame, the paddle one pixel a frame, all starts uniform (`Catch.swift`).",
    "A lit pixel is worth 8 at every scale: the coarse scales add pixels up instead of averaging them, so that the "
      + "agent held at the centre sees the ball as brightly as any other, but only to four pixels.",
    "The first glimpse is at the centre, and nothing is looked at in the last frame.",
    "The baseline's gradient enters the core, the locations' does not.",
    "The entropy of the game's actions is worth 0.01 a nat at first and nothing at the end.",
    "The location head's unit is 0.3 half-widths, so that the optimiser's steps move the glimpse slowly.",
    "The presets below `paper` train half the units in every layer.",
  ]
  try study.draw(
    "catch-rate",
    caption: "Validation games caught while training, with the most probable actions. Look for whether the "
      + "player that chooses its places leaves the two that may not behind.")
  try study.draw(
    "game-strip",
    caption: "A test game as `learned` plays it; green the three squares of each glimpse. Look for whether "
      + "they follow the ball, the paddle, or neither.")
  try study.draw(
    "games",
    caption: "Test games as `learned` plays them. Look for how early the paddle is under the ball.")
  try study.reportGames()
}
