// What a glimpse costs: Mnih et al. 2014, section 1, "the amount of computation ... independently of the input image
// size".
//
// Question  How do arithmetic, parameters and time grow with the image for the recurrent model and for networks that
//            see every pixel?
// Writes    Results/scaling/<preset>/  costs.csv timing.csv provenance.json figures/ report.md
// Cost      1 core: smoke 5 s, quick 30 s, paper 3 min; 2 GB of memory at 400x400

import Learning
import RecurrentAttention
import ReferenceNetworks
import StudyKit
import Worlds

// Nothing is trained: a plan's settings are not used.
let plans: [Preset: Plan] = Preset.allCases.reduce(into: [:]) {
  $0[$1] = Plan(seeds: 1, TrainingSettings(epochs: 1, examplesPerEpoch: 128))
}

Study.run(
  "scaling", title: "Cost by image size",
  question:
    "How do arithmetic, parameters and time grow with the image for the recurrent model and for networks that "
    + "see every pixel?", plans: plans
) { study in
  // ours: enough that the fastest repetition no longer changes
  let repetitions: [Preset: Int] = [.smoke: 5, .quick: 30, .paper: 200]
  let sides =
    study.preset == .smoke
    ? [28, 60, 100, 200] : [28, 40, 60, 80, 100, 140, 200, 280, 400]  // paper: 28, 60, 100; ours: the rest
  let digits = try DigitImages.load(study.options.mnist)
  let worlds = try sides.map { try TranslatedDigits(side: $0, digits: digits) }
  let networks: [(name: String, network: any Network)] = [
    ("ram-6", RecurrentAttention(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3))),  // paper: table 1b
    ("conv", Convolutional(filters: 8, units: 256)),  // paper
    ("fc-256", FullyConnected(units: 256)),  // paper
  ]

  // MARK: - Measure

  try study.trainNothing()
  try study.write(.costs, NetworkCost.all(networks, on: worlds))
  try study.write(
    .costTiming, isMeasured: true,
    MeasuredTime.all(
      networks, on: worlds, repetitions: repetitions[study.preset] ?? 1, batch: 128))  // ours: a usual size

  // MARK: - Figures and report

  study.ours = [
    "The paper has sides of 28, 60 and 100 pixels; the others are ours. At every side the retina has 3 scales of 12x12 "
      + "pixels. It covers 48 pixels, so in large images the model would need more glimpses or scales to find a digit. Only the cost of a "
      + "glimpse is compared.",
    "Times are the processor time of one thread, in batches of 128 images, cut into shards as the trainer does it; training "
      + "includes Adam. The fastest repetition counts.",
    "Drawing a scene and filling its summed-area table both touch every pixel, so their times are listed separately: a "
      + "camera does the first, and any pyramid of scales needs the second.",
  ]
  try study.draw(
    "cost-by-side",
    caption:
      "Multiply-adds and parameters against the image's side, with logarithmic axes. A network that sees every pixel "
      + "grows with the area (slope 2); the recurrent model does not depend on the side.",
    finding: { try NetworkCost.growth(in: $0.table("costs"), "multiply_adds", "multiply-adds grow") })
  try study.draw(
    "time-by-side",
    caption:
      "Measured time per image of one thread, with logarithmic axes: the fastest repetition, and a bar up to the upper "
      + "quartile. Check how flat the recurrent network's line stays, and from which side on drawing the scene and its "
      + "summed-area table costs more than the network.",
    finding: { study in
      let timing = try study.table("timing")
      return try NetworkCost.growth(
        in: timing, "microseconds_per_image", part: "training", "the time of a training step grows")
    })
  try study.report(
    NetworkCost.report(study.table("costs"), study.table("timing")),
    heading: "Multiply-adds, parameters, and microseconds per image",
    note:
      "The columns *training* to *table* are microseconds per image. A model with a retina of several scales needs "
      + "*table* once per image, whatever the number of glimpses.")
}
