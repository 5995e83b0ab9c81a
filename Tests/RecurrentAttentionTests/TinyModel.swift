import Autodiff
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

/// A model that computes in microseconds, with the plainest form of the loss; tests of other forms say so.
struct Tiny {
  enum CoreKind: CaseIterable { case rectifier, lstm }

  var glimpses = 3
  var sensor = Retina(patchSide: 2, scales: 2)
  var widths = GlimpseNetwork.Widths(patch: 4, location: 3, output: 5)
  var core = CoreKind.rectifier
  var units = 4
  var gaze = GaussianGaze(deviation: .constant(0.3))
  /// One that learns nothing, in place of the Gaussian.
  var fixedGaze: (any Gaze)?
  var objective = ClassificationObjective {
    ($0.reinforceWeight, $0.baselineTrainsCore) = (.constant(1), false)
  }
  /// Of a model that can stop; then that objective is the one of a model that stops.
  var stop: StopAction?
  var price: Float = 0.1
  var evenShare: Float = 0.3
  var classCounts = [3]

  init(glimpses: Int = 3, _ change: (inout Tiny) -> Void = { _ in }) {
    self.glimpses = glimpses
    (gaze.squashing, gaze.trainsCore) = (.clip, false)
    change(&self)
  }

  /// Whether the gradients of REINFORCE and of the baseline enter the core.
  mutating func trainCore(_ trains: Bool = true) {
    (gaze.trainsCore, objective.baselineTrainsCore) = (trains, trains)
    stop?.trainsCore = trains
  }

  var network: RecurrentAttention {
    RecurrentAttention(glimpses: glimpses, sensor: sensor, gaze: fixedGaze ?? gaze, objective: objective).with
    {
      if let stop {
        var stopping = StoppingObjective(objective, price: price)
        stopping.evenShare = evenShare
        ($0.actions, $0.objective) = ([stop], stopping)
      }
      $0.glimpseNetwork = widths
      $0.core = core == .lstm ? LSTMCore(units: units) : RectifierCore(units: units)
    }
  }

  /// Random pictures; labels go through the classes.
  func pictures(_ count: Int = 4, side: Int = 8, seed: UInt64 = 1) -> Pictures {
    var stream = RandomStream(seed: seed, .analysis)
    let pictures = (0..<count).map { _ in (0..<(side * side)).map { _ in UInt8(stream.integer(below: 256)) } }
    let labels = (0..<count).map { index in classCounts.map { UInt8((index + $0 / 4) % $0) } }
    return Pictures(side: side, classCounts: classCounts, pictures: pictures, labels: labels)
  }

  /// The model, with larger weights than usual, so that what it sees matters.
  func model(on world: any World, seed: UInt64 = 1) -> RecurrentAttentionModel {
    prepareThreadForArithmetic()
    let model = RecurrentAttentionModel(network, for: world, seed: seed)
    fillLargely(model, seed: seed)
    return model
  }

  func fillLargely(_ model: RecurrentAttentionModel, seed: UInt64) {
    for (index, tensor) in model.parameters.tensors.enumerated() {
      var stream = RandomStream(seed: seed, .analysis, epoch: 1, example: index)
      let isBias = tensor.rows == 1
      for i in 0..<tensor.count {
        model.parameters[tensor].pointer[i] = stream.uniform(from: isBias ? 0 : -0.9, to: isBias ? 0.5 : 0.9)
      }
    }
    model.parameters.refreshCopies()
  }

  /// The model at work on random pictures.
  func replica(pictures count: Int = 4, seed: UInt64 = 1) -> AttentionReplica {
    let world = pictures(count, seed: seed)
    return AttentionReplica(model(on: world, seed: seed), on: world, examples: count)
  }
}

/// A few pictures over and over, in every split.
struct Pictures: World {
  typealias Episode = Still
  var side: Int
  var classCounts: [Int]
  var pictures: [[UInt8]]
  var labels: [[UInt8]]
  var summary: String { "pictures" }
  var configuration: Configuration { Configuration("pictures") }

  func count(of split: Split) -> Int { pictures.count }

  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Still {
    let picture = index % pictures.count
    for (i, pixel) in pictures[picture].enumerated() { pixels[i] = pixel }
    for (i, label) in self.labels[picture].enumerated() { labels[i] = label }
    return Still()
  }
}

extension AttentionReplica {
  var model: RecurrentAttentionModel { agent.model }

  /// One training pass: its metrics, and its gradients by name of the tensor.
  func gradients(
    firstExample: Int = 0, batchSize: Int? = nil, seed: UInt64 = 1
  ) throws -> (metrics: Metrics, byName: [String: [Float]]) {
    let buffer = GradientBuffer(for: model.parameters)
    let step = TrainingStep(
      seed: seed, firstExample: firstExample, batchSize: batchSize ?? agent.stage.capacity,
      progress: Progress(fraction: 0, epoch: 0))
    let metrics = try train(step, into: buffer)
    buffer.clearUntouched()
    let pairs = model.parameters.tensors.map { tensor in
      (tensor.name, (0..<tensor.count).map { buffer[tensor].pointer[$0] })
    }
    return (metrics, Dictionary(uniqueKeysWithValues: pairs))
  }

  /// A pass at the policy's mean, or a sampled one.
  @discardableResult
  func evaluate(firstExample: Int = 0, seed: UInt64 = 1, index: Int = 0, isSampled: Bool = false) throws
    -> Float
  {
    try evaluate(
      Rollout(
        .test, firstExample: firstExample, count: agent.stage.capacity, seed: seed, index: index,
        isSampled: isSampled, progress: Progress(fraction: 0, epoch: 0)))
  }

  func parameter(_ name: String) -> Matrix { model.parameter(name) }

  /// Where every row looked, [steps][rows × 2].
  var looked: [[Float]] { agent.looked }
}

extension Agent {
  var looked: [[Float]] {
    (0..<graph.steps).map { step in
      let l = locations.value(at: step)
      return (0..<l.rows).flatMap { [l[$0, 0], l[$0, 1]] }
    }
  }
}

extension RecurrentAttentionModel {
  func parameter(_ name: String) -> Matrix {
    guard let tensor = parameters.tensors.first(where: { $0.name == name }) else {
      preconditionFailure("no tensor is named '\(name)'")
    }
    return parameters[tensor]
  }
}

/// Central differences of a loss, for every number of some tensors, by name.
func centralDifferences(
  of parameters: Parameters, only: (String) -> Bool = { _ in true }, h: Float, loss: () throws -> Double
) rethrows -> [String: [Double]] {
  var results: [String: [Double]] = [:]
  for tensor in parameters.tensors where only(tensor.name) {
    let values = parameters[tensor].pointer
    results[tensor.name] = try (0..<tensor.count).map { i in
      let value = values[i]
      defer { values[i] = value }
      values[i] = value + h
      let (above, right) = (try loss(), values[i])
      values[i] = value - h
      return (above - (try loss())) / (Double(right) - Double(values[i]))
    }
  }
  return results
}

/// Every gradient agrees with central differences, which are not all zero in any tensor.
func expectGradients(
  _ gradients: [String: [Float]], of parameters: Parameters, only: (String) -> Bool = { _ in true },
  sourceLocation: SourceLocation = #_sourceLocation, loss: () throws -> Double
) rethrows {
  let faults = try gradientFaults(gradients, of: parameters, only: only, loss: loss)
  #expect(faults.isEmpty, sourceLocation: sourceLocation)
}

/// Where gradients are not central differences.
///
/// Rounding: a loss of order one carries some eight roundings, 2^-21, over 2h. Truncation: h² f''' / 6 with
/// f''' up to 60. Where a rectifier's kink lies within ±h, it seldom lies within ±h / 8 too, so a number may
/// agree with either; most agree with the larger step, whose bound is six times as close.
func gradientFaults(
  _ gradients: [String: [Float]], of parameters: Parameters, only: (String) -> Bool = { _ in true },
  loss: () throws -> Double
) rethrows -> [String] {
  let steps: [Float] = [0x1p-9, 0x1p-12]
  let differences = try steps.map { try centralDifferences(of: parameters, only: only, h: $0, loss: loss) }
  var (faults, close) = ([String](), [Bool]())
  for (name, coarse) in differences[0] {
    let tensor = gradients[name] ?? []
    guard tensor.count == coarse.count, coarse.contains(where: { abs($0) > 0.01 }) else {
      faults.append("\(name) is dead or has another size: \(coarse)")
      continue
    }
    let agree = zip(steps, differences).map { h, numeric in
      zip(tensor, numeric[name] ?? []).map {
        abs(Double($0) - $1) <= 0x1p-22 / Double(h) + 10 * Double(h * h)
      }
    }
    faults += tensor.indices.filter { !agree[0][$0] && !agree[1][$0] }.map {
      "\(name)[\($0)]: \(tensor[$0]), not \(coarse[$0])"
    }
    close += agree[0]
  }
  if 4 * close.count(where: \.self) < 3 * close.count { faults.append("few agree closely") }
  return faults
}
