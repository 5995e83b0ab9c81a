import Autodiff
import Numerics
import Testing

@Suite("Bernoulli score")
struct BernoulliScoreTests {
  /// Logits that are set by hand, two steps, four examples.
  private func decision(seed: UInt64 = 1) -> (graph: Graph, score: BernoulliScore) {
    let graph = Graph(steps: 2, batch: 4, parameters: Parameters())
    let score = graph.bernoulliScore(logits: leaf(graph, columns: 1, seed: seed, bound: 2))
    fill(score.advantages.allValues, seed: seed + 1)
    return (graph, score)
  }

  @Test("the gradient is that of central differences")
  func gradient() {
    let (graph, score) = decision()
    score.weight = 0.7
    expectGradients(in: graph, inputs: [score.logits], h: 0x1p-7) {
      (0..<8).reduce(0) {
        $0 - 0.7 * Double(score.advantages.allValues[$1, 0] * score.probabilities.allValues[$1, 0])
      }
    }
  }

  @Test("the gradient is the mean of REINFORCE's over yes and no, whatever the baseline")
  func enumerated() throws {
    let (graph, score) = decision(seed: 5)
    for step in 0..<2 { graph.forward(step: step) }
    let (yes, no, baseline) = (0.8, 0.3, 0.4)
    for row in 0..<8 { score.advantages.allValues[row, 0] = Float(yes - no) }
    graph.backward(into: GradientBuffer(for: Parameters()))
    let gradient = try #require(score.logits.allGradients)
    for row in 0..<8 {
      let p = Double(score.probabilities.allValues[row, 0])
      // d log p / dx = 1 - p, d log (1 - p) / dx = -p
      let mean = -p * (yes - baseline) * (1 - p) + (1 - p) * (no - baseline) * p
      #expect(abs(Double(gradient[row, 0]) - mean) < 1e-6 && abs(mean) > 0.01)
    }
  }

  @Test("beyond its bound a logit counts as the bound, and only a gradient that leads back passes")
  func bound() throws {
    let graph = Graph(steps: 1, batch: 4, parameters: Parameters())
    let x = graph.variable(columns: 1)
    let score = graph.bernoulliScore(logits: x, bound: 2)
    for row in 0..<4 {
      x.allValues[row, 0] = [-3, -3, 3, 3][row]
      score.advantages.allValues[row, 0] = [1, -1, 1, -1][row]
    }
    graph.forward(step: 0)
    graph.backward(into: GradientBuffer(for: Parameters()))
    let gradient = try #require(x.allGradients)
    let p = Double(Elementary.sigmoid(2))
    for row in 0..<4 {
      let expected = [-p * (1 - p), 0, 0, p * (1 - p)][row]
      #expect(abs(Double(gradient[row, 0]) - expected) < 1e-6)
      #expect(abs(Double(score.probabilities.allValues[row, 0]) - (row < 2 ? 1 - p : p)) < 1e-6)
    }
  }

  @Test("what earns more becomes more probable, and logits however large give no NaN")
  func extremes() throws {
    let (graph, score) = decision()
    for row in 0..<8 {
      score.logits.allValues[row, 0] = [-200, -1, 1, 200][row % 4]
      score.advantages.allValues[row, 0] = 1
    }
    for step in 0..<2 { graph.forward(step: step) }
    graph.backward(into: GradientBuffer(for: Parameters()))
    let (p, gradient) = (score.probabilities.allValues, try #require(score.logits.allGradients))
    for row in 0..<8 {
      #expect((0...1).contains(p[row, 0]) && gradient[row, 0].isFinite)
      if abs(score.logits.allValues[row, 0]) < 2 { #expect(gradient[row, 0] < 0) }
    }
  }
}
