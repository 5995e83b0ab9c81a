import Foundation
import NumericCore
import RecurrentAttention
import Training
import VisualTasks

let args = CommandLine.arguments
let glimpses = 6
let digits = try DigitImages.bundled()
let threads = Int(args[2])!
let task: any SceneTask = args[1] == "28" ? CenteredDigits(digits: digits) : try ClutteredDigits(side: Int(args[1])!, pieces: 4, digits: digits)
var s = args[1] == "28" ? AttentionSettings(glimpses: 6, patchSide: 8, scales: 1) : args[1] == "60" ? AttentionSettings(glimpses: 6, patchSide: 12, scales: 3) : AttentionSettings(glimpses: 8, patchSide: 12, scales: 4)
let model = RecurrentAttentionModel(s, seed: 1)
print(model.parameters.count)
let pool = WorkerPool(threads: threads)
let batch = Int(args[3])!
let settings = TrainingSettings(epochs: Int(args[4])!, examplesPerEpoch: 60000, batchSize: batch)
let trainer = Trainer(model, on: task, settings: settings, seed: 1, pool: pool)
let evaluator = Evaluator(model, on: task, pool: pool)
for e in 0..<settings.epochs {
  let t = Date()
  var tt = 0.0
  let r = try trainer.trainEpoch(with: evaluator) { i, _ in tt = Date().timeIntervalSince(t) }
  print(e, String(format: "train %.2f val %.2f ce %.3f b %.3f norm %.2f  %.0f img/s  eval %.2fs", r.training.errorPercent, r.validationErrorPercent, r.training.meanCrossEntropy, r.training.meanBaselineError, r.gradientNorm, Double(settings.stepsPerEpoch * batch) / tt, Date().timeIntervalSince(t) - tt))
}
let ev = evaluator.evaluate(.test, scenes: 10000, seed: 1, rollouts: 10, standardDeviation: 0.15)
print(ev)
