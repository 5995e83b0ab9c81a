// The scale action that the paper proposes: section 5, "allowing it to choose the scale at which the retina samples".
//
// Question  Does it help to choose how wide to look, at the same number of pixels per glimpse?
// Writes    Results/zoom/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           widths.csv weights/ provenance.json analyses.json figures/ report.md, and scenes glimpses crops
//           patches answers by_glimpse, each as -cluttered.csv and as -scaled.csv
// Cost      2 cores: smoke 15 s, quick 45 min, paper 8 h

import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

Study.run(
  "zoom", title: "Choosing how wide to look",
  question: "Does it help to choose how wide to look, at the same number of pixels per glimpse?",
  plans: Recipe.plans
) { study in
  let digits = try DigitImages.load(study.options.mnist)
  let cluttered = try ClutteredDigits(side: 100, pieces: 8, digits: digits)  // paper
  // ours: digits up to twice as large
  let scaled = try ScaledDigits(side: 100, sizes: 28...56, pieces: 8, digits: digits)

  // MARK: - Conditions: one patch or three, of fixed widths or of chosen ones, on both tasks

  // paper: 12; ours: three scales of its four, and the reach of study-cluttered
  let fixed = Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), reach: 0.8)
  let places = Recipe.gaze(reach: 0.8)
  // ours: from one pixel per number to half of the frame; the coarsest patch of the first look, at the centre, is 96 wide
  let one = ZoomRetina(patchSide: 12, scales: 1, narrowest: 12, widest: 48)
  let three = ZoomRetina(patchSide: 12, scales: 3, narrowest: 12, widest: 48)
  let networks: [(name: String, label: String, network: RecurrentAttention)] = [
    ("fixed-1", "one patch, fixed width", fixed.with { $0.sensor = Retina(patchSide: 12, scales: 1) }),
    (
      "zoom-1", "one patch, chosen width",
      fixed.with { ($0.sensor, $0.gaze) = (one, ZoomGaze(places, first: 2)) }
    ),
    ("fixed-3", "three patches, fixed widths", fixed),
    (
      "zoom-3", "three patches, chosen widths",
      fixed.with { ($0.sensor, $0.gaze) = (three, ZoomGaze(places, first: 0)) }
    ),
  ]
  let onCluttered =
    try networks.map { try Condition($0.name, $0.label, on: cluttered, $0.network) }
    + [
      Condition(
        "fixed-4", "four patches, fixed widths", on: cluttered, paper: 8.31,
        fixed.with { $0.sensor = Retina(patchSide: 12, scales: 4) })  // paper
    ]
  let onScaled = try networks.map { try Condition("\($0.name)-scaled", $0.label, on: scaled, $0.network) }

  // MARK: - Train every condition from every seed

  let tasks: [ZoomTask] = [
    ZoomTask(
      part: "cluttered", title: "Cluttered digits", world: cluttered, suffix: "", conditions: onCluttered),
    ZoomTask(
      part: "scaled", title: "Digits of 28 to 56 pixels", world: scaled, suffix: "-scaled",
      conditions: onScaled),
  ]
  try study.train(onCluttered + onScaled)
  for task in tasks {
    try study.writeScenes(of: task.world, part: task.part, count: 6)  // ours: as many as fit into the figure
    try study.writeGlimpseStatistics(of: task.conditions, part: task.part)
    try study.writePaths(of: task.condition("zoom-1"), part: task.part)
  }
  try study.analyse(.widths, of: onCluttered + onScaled) { try tasks.flatMap { try $0.widths(in: study) } }

  // MARK: - Figures and report

  study.ours = [
    "The edges of a patch of chosen width may cut through pixels, which then count by area; a patch of fixed width covers "
      + "whole pixels.",
    "Digits of varying size are enlarged by bilinear interpolation; their sizes and places are uniformly distributed.",
    "Errors after fewer glimpses come from the action network, which was trained for the last glimpse only.",
  ]
  try study.draw(
    "error-by-model", of: onCluttered, part: "cluttered", title: tasks[0].title,
    caption: "Test error on digits of one size. Compare models with the same number of patches.",
    finding: { try tasks[0].contrasts(in: $0) })
  try study.draw(
    "error-by-model", of: onScaled, part: "scaled", title: tasks[1].title,
    caption: "Test error on digits of varying size. Check whether choosing the width helps more here.",
    finding: { try tasks[1].contrasts(in: $0) })
  try study.draw(
    "widths",
    of: [
      onCluttered.named("zoom-1").labelled("one patch"),
      onCluttered.named("zoom-3").labelled("three patches"),
      onScaled.named("zoom-1-scaled").labelled("one, scaled digits"),
      onScaled.named("zoom-3-scaled").labelled("three, scaled digits"),
    ],
    caption:
      "Width of the finest patch at each glimpse, over test scenes: median and quartiles. The coarsest patch of the "
      + "first look is 96 pixels wide, nearly the whole frame; with three patches, its finest is 24. On the right, the width of the last look by the size of the digit. Check whether larger digits get "
      + "wider looks.",
    finding: ZoomTask.widthsInWords)
  for task in tasks {
    try study.draw(
      "learning-curves", of: task.conditions, part: task.part, title: task.title,
      caption: "Validation error while training, on \(task.world.summary).")
    try study.draw(
      "by-glimpse", of: task.conditions, part: task.part, title: task.title,
      caption:
        "Glimpse by glimpse, on \(task.world.summary): how often the centre of the finest patch lies in the digit's box, and "
        + "the error if the models stopped there.",
      finding: { try $0.findingByGlimpse(of: task.conditions, part: task.part) })
    try study.draw(
      "glimpse-paths", of: [task.condition("zoom-1")], part: task.part, title: task.title,
      caption:
        "How the model with one patch looks at test scenes of \(task.world.summary). Squares mark what it sees. Check "
        + "whether it begins wide and ends narrow, on the digit.")
  }
  try study.report(
    note:
      "Cheung et al. (2017) lowered the error from 5.1 to 4.0 % with a learned zoom, at 100x100 with 0 to 20 pieces of "
      + "clutter and a differentiable sensor. Their task is different, so only the direction can be compared."
  )
}
