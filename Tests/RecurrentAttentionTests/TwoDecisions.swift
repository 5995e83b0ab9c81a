import Foundation
import Learning
import Numerics

@testable import RecurrentAttention

/// Two decisions that can be enumerated exactly: where to look first, and then, from what is seen, where next.
///
/// One pixel of eight by eight is lit, and the model does not know where it looks, so what it sees depends on
/// which of 9 × 9 corners between pixels the patch is centred. The expected value of any f(first, second) is
///
///     J = Σ_i P(i; μ_0) Σ_j P(j; μ_1(h_0(i))) f(i, j)     i, j corners, P a Gaussian's mass on their squares
///
/// With a stop action there is a third decision between the two, whether to look a second time.
final class TwoDecisions {
  static let deviation: Float = 0.4
  private static let side = 8
  private static let corners = (side + 1) * (side + 1)

  let replica: AttentionReplica
  /// R, [i][j]: of a model that can stop, what is earned when it does not.
  private var returns: [[Double]] = []
  /// What a model that can stop earns by doing so, [i].
  private var earlyReturns: [Double] = []
  /// V(h_0), [i].
  private(set) var values: [Double] = []
  private var states: [[Double]] = []
  private let forced: ForcedAgent
  private let reward: any Reward
  /// Of a glimpse, to a model that can stop.
  private let price: Double?
  /// The column of the baseline that is read.
  private let column: Int

  init(
    reward: any Reward, baseline: any Baseline = StateBaseline(), _ advantage: any Advantage,
    price: Double? = nil, rows: Int = 200
  ) throws {
    let tiny = Tiny(glimpses: 2) {
      $0.sensor = Retina(patchSide: 4, scales: 1)
      $0.widths = GlimpseNetwork.Widths(patch: 32, location: 1, output: 32)
      $0.units = 32
      ($0.gaze.first, $0.gaze.squashing, $0.gaze.deviation) = (.learned, .none, .constant(Self.deviation))
      ($0.objective.reward, $0.objective.advantage, $0.classCounts) = (reward, advantage, [2])
      $0.objective.baseline = baseline
      if let price { ($0.stop, $0.price) = (StopAction(), Float(price)) }
      $0.stop?.trainsCore = false
    }
    (self.reward, self.price) = (reward, price)
    var world = tiny.pictures(1)
    column = baseline.column(label: Int(world.labels[0][0]))
    world.pictures[0] = (0..<64).map { $0 == 2 * 8 + 5 ? 255 : 0 }
    let model = tiny.model(on: world, seed: 18)  // both places matter with these weights
    model.parameter("glimpse.location.weight").pointer.update(repeating: 0, count: 2)
    for name in ["location.weight", "baseline.weight"] + (price == nil ? [] : ["stop.weight"]) {
      let weight = model.parameter(name)
      for i in 0..<(weight.rows * weight.columns) { weight.pointer[i] *= 0.2 }
    }
    model.parameters.refreshCopies()
    replica = AttentionReplica(model, on: world, examples: rows)
    forced = try ForcedAgent(model, on: world, rows: Self.corners * Self.corners)
    try tabulate()
  }

  /// Looks at all pairs of corners.
  private func tabulate() throws {
    let n = Self.corners
    func place(_ corner: Int) -> [Float] {
      let (row, column) = corner.quotientAndRemainder(dividingBy: Self.side + 1)
      return [column, row].map { Float($0) * 2 / Float(Self.side) - 1 }
    }
    forced.look(at: [
      (0..<(n * n)).flatMap { place($0 / n) }, (0..<(n * n)).flatMap { place($0 % n) },
    ])
    guard let classifier = forced.agent.classifier else { preconditionFailure("nothing is answered") }
    let price = price ?? 0
    returns = (0..<n).map { i in
      (0..<n).map { Double(reward.value(of: classifier.answer(i * n + $0))) - 2 * price }
    }
    if self.price != nil {
      earlyReturns = (0..<n).map { Double(reward.value(of: classifier.answer($0 * n, step: 0))) - price }
    }
    let state = forced.agent.states.state.value(at: 0)
    states = (0..<n).map { i in (0..<state.columns).map { Double(state[i * n, $0]) } }
    readValues()
  }

  private func readValues() {
    let (weight, bias) = (replica.parameter("baseline.weight"), replica.parameter("baseline.bias"))
    values = states.map { h in
      h.indices.reduce(Double(bias[0, column])) { $0 + h[$1] * Double(weight[$1, column]) }
    }
  }

  // MARK: - Enumerated

  /// A Gaussian's mass on the squares around corners; what lies beyond the frame is clipped to its edge.
  private func masses(_ mean: (Double, Double)) -> [Double] {
    func alongOneAxis(_ mean: Double) -> [Double] {
      let edges = (0..<Self.side).map { (Double($0) + 0.5) * 2 / Double(Self.side) - 1 }
      let below = [0] + edges.map { normalDistribution(($0 - mean) / Double(Self.deviation)) } + [1]
      return zip(below.dropFirst(), below).map { $0 - $1 }
    }
    let (columns, rows) = (alongOneAxis(mean.0), alongOneAxis(mean.1))
    return rows.flatMap { row in columns.map { row * $0 } }
  }

  /// The tensors that decide, in the order of `names`.
  static let names = ["location.first.bias", "location.weight", "location.bias"]

  private var decisions: [Double] { numbers(of: Self.names) }

  private func numbers(of names: [String]) -> [Double] {
    names.flatMap { name in
      let values = replica.parameter(name)
      return (0..<(values.rows * values.columns)).map { Double(values.pointer[$0]) }
    }
  }

  /// E[f | first place i] under the policy that `decisions` are.
  private func expected(_ f: (Int, Int) -> Double, _ i: Int, _ decisions: [Double]) -> Double {
    let units = states[i].count
    func mean(_ axis: Int) -> Double {
      (0..<units).reduce(decisions[2 + 2 * units + axis]) {
        $0 + states[i][$1] * decisions[2 + 2 * $1 + axis]
      }
    }
    return masses((mean(0), mean(1))).enumerated().reduce(0) { $0 + $1.element * f(i, $1.offset) }
  }

  /// dJ/dθ: for the first two numbers of `names` with f of the first decision, for the others with f of the
  /// second.
  func gradient(
    first: @escaping (_ reward: Double, _ value: Double) -> Double,
    second: @escaping (_ reward: Double, _ value: Double) -> Double
  ) -> [Double] {
    let start = decisions
    return start.indices.map { index in
      let function = index < 2 ? first : second
      let f = { (i: Int, j: Int) in function(self.returns[i][j], self.values[i]) }
      func j(_ shift: Double) -> Double {
        var moved = start
        moved[index] += shift
        let first = masses((moved[0], moved[1]))
        return first.indices.reduce(0) { $0 + first[$1] * expected(f, $1, moved) }
      }
      return (j(1e-4) - j(-1e-4)) / 2e-4
    }
  }

  /// That of the expected return.
  func trueGradient() -> [Double] {
    gradient(first: { reward, _ in reward }, second: { reward, _ in reward })
  }

  /// Those of a model that can stop.
  static let stoppingNames = names + ["stop.weight", "stop.bias"]

  /// dJ/dθ for the numbers of `stoppingNames`, J = Σ_i P(i) (s_i r_i + (1 - s_i) Σ_j P(j) R_ij), s_i = σ(w h_0(i) + b).
  func stoppingGradient() -> [Double] {
    let start = numbers(of: Self.stoppingNames)
    let places = decisions.count
    func j(_ moved: [Double]) -> Double {
      let first = masses((moved[0], moved[1]))
      return first.indices.reduce(0) { sum, i in
        let logit = states[i].indices.reduce(moved[moved.count - 1]) {
          $0 + states[i][$1] * moved[places + $1]
        }
        let s = 1 / (1 + exp(-logit))
        let later = expected({ self.returns[$0][$1] }, i, Array(moved[..<places]))
        return sum + first[i] * (s * earlyReturns[i] + (1 - s) * later)
      }
    }
    return start.indices.map { index in
      var (above, below) = (start, start)
      above[index] += 1e-4
      below[index] -= 1e-4
      return (j(above) - j(below)) / 2e-4
    }
  }

  /// E[R | h_0(i)].
  func expectedReturns() -> [Double] {
    let start = decisions
    return returns.indices.map { expected({ self.returns[$0][$1] }, $0, start) }
  }

  /// Gives the baseline the weights with which it is the expected return in every state.
  func makeValuesExact() {
    let targets = expectedReturns()
    var (inputs, wanted): ([[Double]], [Double]) = ([], [])
    for (state, target) in zip(states, targets) where !inputs.contains(state + [1]) {
      inputs.append(state + [1])
      wanted.append(target)
    }
    // The shortest w with H w = r: w = Hᵀ a, (H Hᵀ) a = r.
    let products = inputs.map { a in inputs.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
    let a = solve(products, wanted)
    let w = inputs[0].indices.map { k in inputs.indices.reduce(0) { $0 + inputs[$1][k] * a[$1] } }
    let (weight, bias) = (replica.parameter("baseline.weight"), replica.parameter("baseline.bias"))
    for i in 0..<weight.rows { weight[i, column] = Float(w[i]) }
    // What is expected of another class would not do.
    for other in 0..<bias.columns { bias[0, other] = -5 }
    bias[0, column] = Float(w[weight.rows])
    readValues()
  }
}

/// x with A x = b, by elimination.
private func solve(_ a: [[Double]], _ b: [Double]) -> [Double] {
  var rows = zip(a, b).map { $0 + [$1] }
  for k in rows.indices {
    let best = (k..<rows.count).max { abs(rows[$0][k]) < abs(rows[$1][k]) } ?? k
    rows.swapAt(k, best)
    for i in rows.indices where i != k {
      let factor = rows[i][k] / rows[k][k]
      for j in k..<rows[i].count { rows[i][j] -= factor * rows[k][j] }
    }
  }
  return rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
}
