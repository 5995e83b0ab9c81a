import NumericCore
import Testing

@testable import RecurrentAttention

/// Settings of a model that computes in microseconds.
func tinySettings(glimpses: Int = 3, _ change: (inout AttentionSettings) -> Void = { _ in })
  -> AttentionSettings
{
  var settings = AttentionSettings(glimpses: glimpses, patchSide: 2, scales: 2)
  (settings.patchUnits, settings.locationUnits, settings.glimpseUnits, settings.coreUnits) = (4, 3, 5, 4)
  settings.classCount = 3
  // The plainest form of the loss; tests of other forms say so.
  (settings.headGradient, settings.reinforceWeight, settings.squashing) = (.headsOnly, 1, .clip)
  change(&settings)
  return settings
}

/// A tiny model with larger weights than usual, so that what it sees matters, and a worker with random
/// images.
func tinyWorker(_ settings: AttentionSettings, images: Int = 4, side: Int = 8, seed: UInt64 = 1)
  -> AttentionWorker
{
  prepareThreadForArithmetic()
  let model = RecurrentAttentionModel(settings, seed: seed)
  for (index, tensor) in model.parameters.tensors.enumerated() {
    var stream = RandomStream(seed: seed, .analysis, epoch: 1, example: index)
    let isBias = tensor.rows == 1
    for i in 0..<tensor.count {
      model.parameters[tensor].pointer[i] = stream.uniform(from: isBias ? 0 : -0.9, to: isBias ? 0.5 : 0.9)
    }
  }
  model.parameters.refreshCopies()
  let worker = AttentionWorker(model, images: images, side: side)
  var stream = RandomStream(seed: seed, .analysis)
  for i in 0..<(images * side * side) { worker.batch.pixels[i] = UInt8(stream.integer(below: 256)) }
  for i in 0..<images { worker.batch.labels[i] = UInt8(i % settings.classCount) }
  worker.batch.count = images
  return worker
}

extension AttentionWorker {
  /// One training pass: its tally, and its gradients by name of the tensor.
  func gradients(
    standardDeviation: Float = 0.3, firstExample: Int = 0, seed: UInt64 = 1
  ) -> (tally: Tally, byName: [String: [Float]]) {
    let buffer = GradientBuffer(for: model.parameters)
    let tally = train(
      TrainingStep(
        seed: seed, firstExample: firstExample, batchSize: batch.count, standardDeviation: standardDeviation),
      into: buffer)
    buffer.clearUnwritten()
    let pairs = model.parameters.tensors.map { tensor in
      (tensor.name, (0..<tensor.count).map { buffer[tensor].pointer[$0] })
    }
    return (tally, Dictionary(uniqueKeysWithValues: pairs))
  }

  func parameter(_ name: String) -> Matrix {
    guard let tensor = model.parameters.tensors.first(where: { $0.name == name }) else {
      preconditionFailure("no tensor is named '\(name)'")
    }
    return model.parameters[tensor]
  }

  /// Where every row looked, [steps][rows × 2].
  var looked: [[Float]] {
    (0..<graph.steps).map { step in
      let l = locations.value(at: step)
      return (0..<l.rows).flatMap { [l[$0, 0], l[$0, 1]] }
    }
  }
}

/// Central differences of a loss, for every number of some tensors, by name.
func centralDifferences(
  of parameters: Parameters, only: (String) -> Bool = { _ in true }, h: Float, loss: () -> Double
) -> [String: [Double]] {
  var results: [String: [Double]] = [:]
  for tensor in parameters.tensors where only(tensor.name) {
    let values = parameters[tensor].pointer
    results[tensor.name] = (0..<tensor.count).map { i in
      let value = values[i]
      defer { values[i] = value }
      values[i] = value + h
      let (above, right) = (loss(), values[i])
      values[i] = value - h
      return (above - loss()) / (Double(right) - Double(values[i]))
    }
  }
  return results
}

/// Every gradient agrees with central differences, which are not all zero in any tensor.
///
/// Rounding: a loss of order one carries some eight roundings, 2^-21, over 2h. Truncation: h² f''' / 6 with
/// f''' up to 60. Where a rectifier's kink lies within ±h, it seldom lies within ±h / 8 too, so a number may
/// agree with either.
func expectGradients(
  _ gradients: [String: [Float]], of parameters: Parameters, only: (String) -> Bool = { _ in true },
  sourceLocation: SourceLocation = #_sourceLocation, loss: () -> Double
) {
  let steps: [Float] = [0x1p-9, 0x1p-12]
  let differences = steps.map { centralDifferences(of: parameters, only: only, h: $0, loss: loss) }
  for (name, coarse) in differences[0] {
    for (i, gradient) in (gradients[name] ?? []).enumerated() {
      let agrees = zip(steps, differences).contains { h, numeric in
        abs(Double(gradient) - (numeric[name]?[i] ?? .nan)) <= 0x1p-22 / Double(h) + 10 * Double(h * h)
      }
      #expect(agrees, "\(name)[\(i)]: \(gradient), not \(coarse[i])", sourceLocation: sourceLocation)
    }
    #expect(gradients[name]?.count == coarse.count, "\(name)", sourceLocation: sourceLocation)
    #expect(coarse.contains { abs($0) > 0.01 }, "\(name) is dead: \(coarse)", sourceLocation: sourceLocation)
  }
}
