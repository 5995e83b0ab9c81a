import Autodiff
import Numerics
import Testing

/// A softmax policy alone: logits that are set by hand, three actions, two steps, four examples.
private struct Policy {
  let graph = Graph(steps: 2, batch: 4, parameters: Parameters())
  let logits: Variable
  let score: CategoricalScore

  init(entropyWeight: Float) {
    logits = graph.variable(columns: 3)
    score = graph.categoricalScore(logits: logits)
    score.weight = 0.25
    score.entropyWeight = entropyWeight
    var stream = RandomStream(seed: 1, .analysis)
    for row in 0..<8 {
      for j in 0..<3 { logits.allValues[row, j] = stream.uniform(from: -1.5, to: 1.5) }
      score.advantages.allValues[row, 0] = stream.uniform(from: -1, to: 1)
      score.actions[row] = UInt8(stream.integer(below: 3))
    }
  }

  /// weight × Σ (-A log p(a) - β H(p)), in double precision from the forward pass.
  func loss() -> Double {
    for step in 0..<2 { graph.forward(step: step) }
    var sum = 0.0
    for row in 0..<8 {
      let p = (0..<3).map { Double(score.probabilities.allValues[row, $0]) }
      let entropy = p.reduce(0) { $0 - $1 * Double(Elementary.log(Float($1))) }
      let log = Double(score.logProbability(step: row / 4, example: row % 4))
      sum -= Double(score.advantages.allValues[row, 0]) * log + Double(score.entropyWeight) * entropy
    }
    return Double(score.weight) * sum
  }
}

@Suite("Categorical score")
struct CategoricalScoreTests {
  @Test(
    "the gradient is that of central differences, with and without entropy", arguments: [0, 0.3] as [Float])
  func gradient(entropyWeight: Float) throws {
    let policy = Policy(entropyWeight: entropyWeight)
    _ = policy.loss()
    policy.graph.backward(into: GradientBuffer(for: Parameters()))
    let gradient = try #require(policy.logits.allGradients)
    let h: Float = 0x1p-7
    var largest = 0.0
    for row in 0..<8 {
      for j in 0..<3 {
        let value = policy.logits.allValues[row, j]
        policy.logits.allValues[row, j] = value + h
        let above = policy.loss()
        policy.logits.allValues[row, j] = value - h
        let below = policy.loss()
        policy.logits.allValues[row, j] = value
        let numeric = (above - below) / Double(2 * h)
        largest = max(largest, abs(numeric))
        // Rounding 2^-21 / 2h = 3e-5; truncation h² f''' / 6 with f''' below 1: 1e-5.
        #expect(abs(Double(gradient[row, j]) - numeric) < 5e-5, "row \(row), logit \(j)")
      }
    }
    #expect(largest > 0.01)
  }

  @Test("a better reward for an action makes it more probable, a worse one less")
  func direction() throws {
    let policy = Policy(entropyWeight: 0)
    _ = policy.loss()
    policy.graph.backward(into: GradientBuffer(for: Parameters()))
    let gradient = try #require(policy.logits.allGradients)
    for row in 0..<8 {
      let advantage = policy.score.advantages.allValues[row, 0]
      #expect((gradient[row, Int(policy.score.actions[row])] < 0) == (advantage > 0))
    }
  }

  @Test("the gradient's mean over actions drawn from the policy is that of the expected reward")
  func unbiased() throws {
    // One example: reward 1 for action 2 alone, so E[R] = p_2 and -dE[R]/dx_j = -p_2 (δ_j2 - p_j), by
    // enumeration of the three actions with their probabilities.
    let policy = Policy(entropyWeight: 0)
    policy.score.weight = 1
    _ = policy.loss()
    let p = (0..<3).map { Double(policy.score.probabilities.allValues[0, $0]) }
    var mean = [0.0, 0.0, 0.0]
    for action in 0..<3 {
      policy.score.actions[0] = UInt8(action)
      policy.score.advantages.allValues[0, 0] = (action == 2 ? 1 : 0) - 0.4  // any baseline
      policy.graph.backward(into: GradientBuffer(for: Parameters()))
      let gradient = try #require(policy.logits.allGradients)
      for j in 0..<3 { mean[j] += p[action] * Double(gradient[0, j]) }
    }
    for j in 0..<3 { #expect(abs(mean[j] + p[2] * ((j == 2 ? 1 : 0) - p[j])) < 1e-6) }
  }

  @Test("a number uniform in [0, 1) draws each action in its share of the interval")
  func sampling() {
    let policy = Policy(entropyWeight: 0)
    _ = policy.loss()
    let p = policy.score.probabilities.allValues.row(0)
    #expect(policy.score.sample(step: 0, example: 0, uniform: 0) == 0)
    #expect(policy.score.sample(step: 0, example: 0, uniform: p[0] + 0.001) == 1)
    #expect(policy.score.sample(step: 0, example: 0, uniform: p[0] + p[1] + 0.001) == 2)
    #expect(policy.score.sample(step: 0, example: 0, uniform: 0.99999994) == 2)
  }
}
