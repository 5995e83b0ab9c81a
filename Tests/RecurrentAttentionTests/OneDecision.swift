import Foundation
import Learning
import Numerics

@testable import RecurrentAttention

/// One decision about one image, small enough to enumerate: the expected return is an integral over the
/// plane.
///
///     J(μ) = Σ over cells of P(cell; μ, σ) r(cell)
///
/// Cells are a grid over [-1, 1]², and its edges, where all samples beyond are clipped to.
final class OneDecision {
  enum Which: String, CaseIterable { case firstGlimpse, secondGlimpse }

  static let deviation: Float = 0.4
  let replica: AttentionReplica
  let which: Which
  private let head: String
  private let reward: any Reward
  private var returns: [[Double]] = []  // [y][x], cells of `edges` and the two borders
  private static let cells = 96

  /// - Parameter rows: episodes of one batch.
  init(_ which: Which, mean: (Float, Float), rows: Int = 200, _ change: (inout Tiny) -> Void) throws {
    self.which = which
    head = which == .firstGlimpse ? "location.first" : "location"
    let tiny = Tiny(glimpses: which == .firstGlimpse ? 1 : 2) {
      $0.sensor = Retina(patchSide: 4, scales: 1)
      $0.gaze.first = which == .firstGlimpse ? .learned : .center
      $0.gaze.deviation = .constant(Self.deviation)
      $0.classCounts = [2]
      change(&$0)
    }
    reward = tiny.objective.reward
    // Weights with which it matters where to look. The same image everywhere: bright where the label can be
    // read.
    var world = tiny.pictures(1)
    world.labels = [[0]]
    for row in 0..<8 {
      for column in 0..<8 {
        let isBright = (row - 2) * (row - 2) + (column - 5) * (column - 5) < 7
        world.pictures[0][row * 8 + column] = isBright ? 255 : 0
      }
    }
    replica = AttentionReplica(
      tiny.model(on: world, seed: which == .firstGlimpse ? 5 : 12), on: world,
      examples: rows / tiny.objective.episodes)
    let bias = replica.parameter(head + ".bias")
    (bias[0, 0], bias[0, 1]) = (0, 0)
    let start = try self.mean()
    (bias[0, 0], bias[0, 1]) = (mean.0 - start.0, mean.1 - start.1)
  }

  /// The numbers that decide the location.
  var names: [String] {
    which == .firstGlimpse ? ["location.first.bias"] : ["location.weight", "location.bias"]
  }

  /// μ of the decision, from the model's own forward pass.
  private func mean() throws -> (Float, Float) {
    try replica.evaluate()
    let location = replica.agent.locations.value(at: replica.agent.graph.steps - 1)
    return (location[0, 0], location[0, 1])
  }

  /// What the model earns when the decided glimpse is at (x, y).
  private func tabulate() throws {
    let (weight, bias) = (replica.parameter(head + ".weight"), replica.parameter(head + ".bias"))
    let saved = (0..<(weight.rows * 2)).map { weight.pointer[$0] } + [bias[0, 0], bias[0, 1]]
    weight.pointer.update(repeating: 0, count: weight.rows * 2)
    let n = Self.cells
    let single = AttentionReplica(replica.model, on: replica.agent.stage.world, examples: 1)
    let points = [-1] + (0..<n).map { -1 + (Float($0) + 0.5) * 2 / Float(n) } + [1]
    returns = try points.map { y in
      try points.map { x in
        (bias[0, 0], bias[0, 1]) = (x, y)
        try single.evaluate()
        return single.agent.classifier.map { Double(reward.value(of: $0.answer(0))) } ?? .nan
      }
    }
    for i in 0..<(weight.rows * 2) { weight.pointer[i] = saved[i] }
    (bias[0, 0], bias[0, 1]) = (saved[saved.count - 2], saved[saved.count - 1])
  }

  func expectedReturn() throws -> Double {
    if returns.isEmpty { try tabulate() }
    let mean = try mean()
    func masses(_ center: Float) -> [Double] {
      let edges = (0...Self.cells).map { -1 + Double($0) * 2 / Double(Self.cells) }
      let below = [0] + edges.map { normalDistribution(($0 - Double(center)) / Double(Self.deviation)) } + [1]
      return zip(below.dropFirst(), below).map { $0 - $1 }
    }
    let (px, py) = (masses(mean.0), masses(mean.1))
    return zip(py, returns).reduce(0) { $0 + $1.0 * zip(px, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// dJ/dθ for every number of the head.
  func enumeratedGradient() throws -> [Double] {
    _ = try expectedReturn()
    let byName = try centralDifferences(of: replica.model.parameters, only: names.contains, h: 0x1p-7) {
      try expectedReturn()
    }
    return names.flatMap { byName[$0] ?? [] }
  }

  func estimate() throws -> Estimate { try Estimate(of: names, by: replica) }
}

/// The mean of a replica's gradient over batches of episodes that are all different.
struct Estimate {
  var mean: [Double]
  var standardError: [Double]

  init(of names: [String], by replica: AttentionReplica, batches: Int = 250) throws {
    let samples = try (0..<batches).map { batch in
      let gradients = try replica.gradients(firstExample: batch * replica.agent.stage.capacity, seed: 77)
        .byName
      return names.flatMap { gradients[$0] ?? [] }.map(Double.init)
    }
    let n = Double(batches)
    let mean = samples[0].indices.map { j in samples.reduce(0) { $0 + $1[j] } / n }
    let variance = mean.indices.map { j in samples.reduce(0) { $0 + pow($1[j] - mean[j], 2) } / (n - 1) }
    self.mean = mean
    standardError = variance.map { ($0 / n).squareRoot() }
  }

  /// Whether it is minus a gradient of the expected return, within four standard errors and a tolerance.
  func isUnbiased(_ gradient: [Double], tolerance: Double) -> Bool {
    mean.count == gradient.count
      && gradient.indices.allSatisfy { abs(mean[$0] + gradient[$0]) < 4 * standardError[$0] + tolerance }
  }
}

/// Φ(x).
func normalDistribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

/// φ(x).
func normalDensity(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
