// Seeing the whole frame first: Ba et al. 2015, "Multiple object recognition with visual attention", on the paper's task of
// section 4.1, table 2b.
//
// Question  Does it help to see the whole frame coarsely before the first look, and to choose places from a second
//            recurrent layer?
// Writes    Results/context/<preset>/  runs/ runs.csv curves.csv mean_curves.csv summary.csv timing.csv
//           by_glimpse-6.csv by_glimpse-8.csv scenes.csv glimpses.csv crops.csv patches.csv answers.csv
//           weights/ provenance.json analyses.json figures/ report.md
// Cost      2 cores: smoke 15 s, quick 45 min, paper 8 h

import AttentionStudies
import Learning
import RecurrentAttention
import StudyKit
import Worlds

Study.run(
  "context", title: "Seeing the whole frame first",
  question:
    "Does it help to see the whole frame coarsely before the first look, and to choose places from a second recurrent layer?",
  plans: Recipe.plans
) { study in
  let digits = try DigitImages.load(study.options.mnist)
  let world = try ClutteredDigits(side: 100, pieces: 8, digits: digits)  // paper

  // MARK: - Conditions: with and without the context, with and without the second layer, six and eight glimpses

  // paper: the retina; ours: the reach, as in study-cluttered
  let plain = Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 4), reach: 0.8)
  let policy = Recipe.gaze(reach: 0.8)
  let context = WholeFrame(cells: 12)  // ours: as many numbers as the coarsest patch has
  let gazes: [(name: String, label: String, gaze: any Gaze)] = [
    ("plain", "RAM", plain.gaze),
    ("context", "context", ContextGaze(policy, context: context, remembers: false)),
    ("layer", "second layer", ContextGaze(policy, context: nil, remembers: true)),
    ("both", "both", ContextGaze(policy, context: context, remembers: true)),
  ]
  let conditions = try [(6, 8.31), (8, 8.11)].map { glimpses, paper in  // paper
    try gazes.map { name, label, gaze in
      try Condition(
        "\(name)-\(glimpses)", "\(label), \(glimpses) glimpses", on: world,
        paper: name == "plain" ? paper : nil, plain.with { ($0.glimpses, $0.gaze) = (glimpses, gaze) })
    }
  }
  let (plain6, plain8) = (try conditions[0].named("plain-6"), try conditions[1].named("plain-8"))
  let (context8, both8) = (try conditions[1].named("context-8"), try conditions[1].named("both-8"))

  // MARK: - Train every condition from every seed

  try study.train(conditions.flatMap(\.self))
  try study.writeScenes(of: world)
  try study.writePaths(of: both8)
  for (rows, glimpses) in zip(conditions, ["6", "8"]) {
    try study.writeGlimpseStatistics(of: rows, part: glimpses)
  }

  // MARK: - Figures and report

  study.ours = ContextFindings.openChoices
  for (rows, glimpses) in zip(conditions, ["6", "8"]) {
    try study.draw(
      "by-glimpse", of: rows, part: glimpses, title: "\(study.title), \(glimpses) glimpses",
      caption:
        "Models with \(glimpses) glimpses, glimpse by glimpse: how often the centre of the finest patch lies in the digit's "
        + "box, and the error if they stopped there. Check whether a context finds the digit with the first glimpse, and "
        + "whether that still helps after the last.",
      finding: { try $0.findingByGlimpse(of: rows, part: glimpses) })
  }
  try study.draw(
    "error-by-model",
    caption: "Test error of all conditions, with 95 % intervals over seeds where there are several.",
    finding: {
      [
        ContextFindings.contrasts(conditions, in: $0),
        try ContextFindings.saving(of: [context8, both8], over: plain8, part: "8", shorter: plain6, in: $0),
      ].compactMap(\.self).joined(separator: " ")
    })
  try study.draw(
    "learning-curves",
    caption: "Validation error while training. Check whether a context makes learning faster.")
  try study.draw(
    "glimpse-paths", of: [both8],
    caption:
      "How the model with a context and a second layer looks at test scenes. Check whether the first place is already on the digit."
  )
  try study.report(note: ContextFindings.published)
}
