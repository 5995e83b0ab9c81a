// The limits of the model. Beyond Mnih et al. 2014, on its cluttered digits.
//
// Question  What limits the model: where it looks, or what it makes of what it sees?
// Writes    Results/bounds/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           limits.csv by_glimpse.csv by_glimpse-100.csv regret.csv scenes.csv values.csv glimpses.csv
//           crops.csv patches.csv answers.csv weights/ provenance.json analyses.json figures/ report.md
// Cost      2 cores: smoke 15 s, quick 50 min, paper 8 h

import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

Study.run(
  "bounds", title: "What limits the model",
  question: "What limits the model: where it looks, or what it makes of what it sees?", plans: Recipe.plans
) { study in
  let digits = try DigitImages.load(study.options.mnist)
  let near = try ClutteredDigits(side: 60, pieces: 4, digits: digits)  // paper
  let big = try ClutteredDigits(side: 100, pieces: 8, digits: digits)  // paper
  let ram60 = Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), reach: 0.7)  // paper
  let ram100 = Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 4), reach: 0.8)  // paper

  // MARK: - Conditions: five gazes on two tasks, all else equal

  let tasks = try [
    ("60x60", "", near, ram60, 4.08, Float(0.53)),  // ours: the digits' centres lie within 0.53 half-widths
    ("100x100", "-100", big, ram100, 8.31, Float(0.72)),  // ours: within 0.72
  ].map { task, suffix, world, learned, paper, reach in
    let gazes: [(name: String, gaze: any Gaze)] = [
      ("oracle", OracleGaze(world)), ("learned", learned.gaze), ("lattice", LatticeGaze(reach: reach)),
      ("center", CenterGaze()), ("random", RandomGaze()),
    ]
    let conditions = try gazes.map { name, gaze in
      try (
        gaze: name,
        condition: Condition(
          name + suffix, "\(name), \(task)", on: world, paper: name == "learned" ? paper : nil,
          learned.with { $0.gaze = gaze })
      )
    }
    return (task: task, part: suffix.isEmpty ? nil : "100", conditions: conditions)
  }
  let conditions = tasks.flatMap { $0.conditions.map(\.condition) }
  let (learned60, learned100) = (try conditions.named("learned"), try conditions.named("learned-100"))

  // MARK: - Train every condition from every seed, then compare its places with others

  try study.train(conditions, publishingEverySeedOf: [learned60, learned100])
  let limits = tasks.flatMap { Limit.all($0.task, $0.conditions, in: study) }
  try study.write(.limits, limits)
  for task in tasks {
    try study.writeGlimpseStatistics(of: task.conditions.map(\.condition), part: task.part)
  }
  let isSmall = study.preset == .smoke
  let (side, scenes) = isSmall ? (5, 20) : (21, 1_000)  // ours: places about 2 pixels apart at 60x60
  try study.analyse(
    .regret, of: [learned60, learned100], settings: "\(scenes) scenes, \(side) places a side"
  ) {
    try [learned60, learned100].flatMap {
      try RegretRow.all(of: $0, side: side, scenes: scenes, in: study)
    }
  }
  // ours: as many scenes as fit into a figure, and a map with nearly every pixel
  try study.writeScenes(of: near, count: 4)
  try study.writePaths(of: learned60, scenes: 4)
  try study.writeValueMaps(of: learned60, side: isSmall ? 9 : 41, scenes: 4)

  // MARK: - Figures and report

  study.ours = [
    "The oracle shows what the same network achieves from good places. It is not a bound: another gaze could do better.",
    "The value of a place is the probability of the right class immediately after it. It comes from the action network, which "
      + "is trained for the last glimpse only; an earlier glimpse is also worth something if it helps to find the digit.",
    "The value of random places is the mean over a grid of all places that the policy can look at.",
  ]
  try study.draw(
    "limits",
    caption:
      "Test error by gaze. Blue is the error of the oracle, which knows where the digit is: what the network makes of what "
      + "it sees. Orange is the rest: where it looks. Lines are 95 % intervals over seeds, where there are several.",
    finding: { _ in Limit.finding(limits) })
  try study.draw(
    "regret", of: [learned60, learned100],
    caption:
      "Regret of a place: how much more probable the right class would have been immediately after the best place, "
      + "which is the best of a grid, or the chosen one if that is better. Lines are means over test scenes, for the places that the policy chose and for random ones. Check how "
      + "close to zero the policy comes, and at which glimpse.",
    finding: RegretRow.finding)
  try study.draw(
    "value-maps", of: [learned60],
    caption:
      "Test scenes and, for each glimpse except the first, the value of every place: the probability of the right class "
      + "immediately after looking there. Circles mark where the policy looked. Check whether they lie where the map is "
      + "bright.")
  try study.draw(
    "glimpse-paths", of: [learned60],
    caption:
      "The same model at the same scenes: its places, what each glimpse saw, and what it would answer then.")
  for (task, learned) in zip(tasks, [learned60, learned100]) {
    try study.draw(
      "by-glimpse", of: task.conditions.map(\.condition), part: task.part,
      title: "\(study.title), \(task.task)",
      caption:
        "At \(task.task), glimpse by glimpse: how often the centre of the finest patch lies in the digit's box, and the error "
        + "if the models stopped there. The learned gaze is the mean over its seeds, the others are seed 1. Check how soon the "
        + "learned gaze is on the digit, and whether it stays.",
      finding: { try $0.findingByGlimpse(of: [learned], part: task.part) })
  }
  try study.draw("learning-curves", caption: "Validation error while training, by gaze.")
  try study.draw("error-by-model", caption: "Test error by gaze, and the paper's for the learned one.")
  try study.report()
}
