import Autodiff
import Foundation
import Numerics
import Testing

@Suite("Squash")
struct SquashTests {
  @Test("its gradients are central differences", arguments: [Squashing.none, .clip, .tanh])
  func gradients(squashing: Squashing) {
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: 3, outputs: 2, in: parameters)
    fill(parameters, seed: 61)
    let graph = Graph(steps: 3, batch: 4, parameters: parameters)
    let x = leaf(graph, columns: 3, seed: 62, bound: 2)
    let probes = [
      graph.probe(graph.squash(graph.linear(x.during(0..<2), layer), by: squashing), seed: 63),
      graph.probe(graph.squash(x, by: squashing), seed: 64),
    ]
    expectGradients(in: graph, inputs: [x]) { probes[0].loss + probes[1].loss }
  }

  @Test("clip keeps [-1, 1] as it is and moves the rest to its ends, tanh stays inside")
  func values() {
    let graph = Graph(steps: 1, batch: 5, parameters: Parameters())
    let x = graph.variable(columns: 1)
    let inputs: [Float] = [-3, -1, 0.25, 1, 7]
    for row in 0..<5 { x.value(at: 0)[row, 0] = inputs[row] }
    let (clip, tanh) = (graph.squash(x, by: .clip), graph.squash(x, by: .tanh))
    graph.forward(step: 0)
    #expect((0..<5).map { clip.value(at: 0)[$0, 0] } == [-1, -1, 0.25, 1, 1])
    for row in 0..<5 { #expect(abs(tanh.value(at: 0)[row, 0] - Foundation.tanh(inputs[row])) < 4e-7) }
  }
}

@Suite("SoftmaxCrossEntropy")
struct SoftmaxCrossEntropyTests {
  @Test("its gradients are central differences, over some of the steps")
  func gradients() {
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: 3, outputs: 4, in: parameters)
    fill(parameters, seed: 71)
    let graph = Graph(steps: 3, batch: 3, parameters: parameters)
    let x = leaf(graph, columns: 3, seed: 72)
    let loss = graph.softmaxCrossEntropy(graph.linear(x, layer).during(1..<3))
    loss.weight = 0.7
    for (index, label) in [2, 0, 3].enumerated() { loss.labels[index] = UInt8(label) }
    expectGradients(in: graph, inputs: [x], h: 0x1p-7) {
      0.7 * (0..<6).reduce(0) { $0 + Double(loss.losses[$1]) }
    }
  }

  @Test("examples that count differently at every step: gradients are central differences")
  func rowWeights() {
    let graph = Graph(steps: 2, batch: 3, parameters: Parameters())
    let x = leaf(graph, columns: 4, seed: 75)
    let loss = graph.softmaxCrossEntropy(x)
    let weights = graph.arena.take(Float.self, count: 6)
    for row in 0..<6 { weights[row] = [0.3, 0, 2, 1, 0.5, 0.1][row] }
    (loss.weight, loss.rowWeights) = (0.7, weights)
    for (index, label) in [2, 0, 3].enumerated() { loss.labels[index] = UInt8(label) }
    expectGradients(in: graph, inputs: [x], h: 0x1p-7) {
      0.7 * (0..<6).reduce(0) { $0 + Double(weights[$1] * loss.losses[$1]) }
    }
  }

  @Test("two questions, each about columns of its own: gradients are central differences")
  func questions() {
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: 3, outputs: 7, in: parameters)
    fill(parameters, seed: 73)
    let graph = Graph(steps: 2, batch: 3, parameters: parameters)
    let x = leaf(graph, columns: 3, seed: 74)
    let logits = graph.linear(x, layer)
    let losses = [logits.columns(0..<4), logits.columns(4..<7)].map { graph.softmaxCrossEntropy($0) }
    for (index, label) in [2, 0, 3].enumerated() { losses[0].labels[index] = UInt8(label) }
    for (index, label) in [1, 2, 0].enumerated() { losses[1].labels[index] = UInt8(label) }
    expectGradients(in: graph, inputs: [x], h: 0x1p-7) {
      losses.reduce(0) { sum, loss in (0..<6).reduce(sum) { $0 + Double(loss.losses[$1]) } }
    }
    let p = losses[1].probabilities.value(at: 0)
    for row in 0..<3 { #expect(abs(p[row, 0] + p[row, 1] + p[row, 2] - 1) < 1e-6) }
    let best = losses[1].prediction(step: 0, example: 1)
    #expect((0..<3).allSatisfy { p[1, $0] <= p[1, best] })
  }

  private func softmax(_ logits: [Float], label: UInt8) -> (probabilities: [Float], loss: Float) {
    let graph = Graph(steps: 1, batch: 1, parameters: Parameters())
    let x = graph.variable(columns: logits.count)
    for (j, logit) in logits.enumerated() { x.value(at: 0)[0, j] = logit }
    let operation = graph.softmaxCrossEntropy(x)
    operation.labels[0] = label
    graph.forward(step: 0)
    return (logits.indices.map { operation.probabilities.value(at: 0)[0, $0] }, operation.losses[0])
  }

  @Test("equal logits cost the logarithm of the number of classes", arguments: [1, 2, 10, 17])
  func uniform(classes: Int) {
    let (probabilities, loss) = softmax(Array(repeating: 3.5, count: classes), label: UInt8(classes - 1))
    // The loss is log(n) + 3.5 - 3.5: one rounding of a number below 8, 2^-22 at most.
    #expect(abs(Double(loss) - log(Double(classes))) < 1e-6)
    #expect(probabilities.allSatisfy { abs($0 * Float(classes) - 1) < 1e-6 })
  }

  @Test("two classes: the loss is log(1 + e^-d), d the margin", arguments: [-20, -3, 0, 0.5, 8] as [Double])
  func twoClasses(margin: Double) {
    let (probabilities, loss) = softmax([Float(margin), 0], label: 0)
    #expect(abs(Double(loss) - log1p(exp(-margin))) < 3e-6)  // numbers up to 20: 20 × 2^-24, twice
    #expect(abs(Double(probabilities[0]) - 1 / (1 + exp(-margin))) < 1e-6)
  }

  @Test("huge logits do not overflow")
  func huge() {
    let (probabilities, loss) = softmax([3e38, -3e38, 0], label: 0)
    #expect(probabilities[0] == 1 && probabilities[1] < 1e-37 && probabilities[2] < 1e-37 && loss == 0)
    let (_, worst) = softmax([1e4, -1e4], label: 1)
    #expect(worst == 2e4)
  }

  @Test("a NaN among the logits shows in the probabilities, and does not end the program")
  func notANumber() {
    let (probabilities, _) = softmax([1, .nan, 0], label: 0)
    #expect(probabilities.contains { $0.isNaN })
    let (_, infinite) = softmax([.infinity, 0], label: 1)
    #expect(!infinite.isFinite)
  }

  @Test("the prediction is the first of the most probable")
  func prediction() {
    let graph = Graph(steps: 1, batch: 1, parameters: Parameters())
    let x = graph.variable(columns: 4)
    let operation = graph.softmaxCrossEntropy(x)
    for (j, logit) in [1, 5, 5, -2].enumerated() { x.value(at: 0)[0, j] = Float(logit) }
    #expect(operation.prediction(step: 0, example: 0) == 1)
  }
}

@Suite("SquaredError and GaussianScore")
struct ScoreTests {
  @Test("the squared error's gradients are central differences")
  func squaredError() {
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: 3, outputs: 1, in: parameters)
    fill(parameters, seed: 81)
    let graph = Graph(steps: 3, batch: 2, parameters: parameters)
    let x = leaf(graph, columns: 3, seed: 82)
    let y = graph.linear(x, layer)
    let loss = graph.squaredError(y)
    loss.weight = 0.6
    (loss.targets[0], loss.targets[1]) = (0.3, -1.2)
    let squares = {
      (0..<6).reduce(0.0) { $0 + pow(Double(y.allValues[$1, 0]) - Double(loss.targets[$1 % 2]), 2) }
    }
    expectGradients(in: graph, inputs: [x], h: 0x1p-7) { 0.6 * squares() }
    for t in 0..<3 { graph.forward(step: t) }
    #expect(abs(Double(loss.mean) - squares() / 6) < 1e-6)
  }

  @Test("a target for one column of each row: others get no gradient, and the rest is central differences")
  func selectedColumns() {
    let graph = Graph(steps: 2, batch: 3, parameters: Parameters())
    let x = leaf(graph, columns: 4, seed: 90)
    let loss = graph.squaredError(x)
    for (row, column) in [2, 0, 3].enumerated() {
      (loss.targets[row], loss.selection[row]) = (Float(row) - 0.5, UInt8(column))
    }
    expectGradients(in: graph, inputs: [x], h: 0x1p-7) {
      (0..<6).reduce(0.0) {
        $0 + pow(Double(x.allValues[$1, [2, 0, 3][$1 % 3]]) - Double($1 % 3) + 0.5, 2)
      }
    }
    let gradient = x.allGradients
    for row in 0..<6 {
      #expect((0..<4).filter { gradient?[row, $0] != 0 } == [[2, 0, 3][row % 3]])
    }
  }

  @Test("the score is the logarithm of the normal density, and its gradients are central differences")
  func gaussianScore() {
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: 3, outputs: 2, in: parameters)
    fill(parameters, seed: 83)
    let graph = Graph(steps: 3, batch: 2, parameters: parameters)
    let x = leaf(graph, columns: 3, seed: 84)
    let mean = graph.linear(x.during(0..<2), layer)
    let score = graph.gaussianScore(mean: mean)
    (score.weight, score.standardDeviation) = (0.4, 0.5)
    fill(score.samples.allValues, seed: 85)
    fill(score.advantages.allValues, seed: 86)
    let logDensity = { (row: Int) in
      (0..<2).reduce(0.0) {
        let z = (Double(score.samples.allValues[row, $1]) - Double(mean.allValues[row, $1])) / 0.5
        return $0 - z * z / 2 - log(0.5 * (2 * Double.pi).squareRoot())
      }
    }
    expectGradients(in: graph, inputs: [x.during(0..<2)], h: 0x1p-7) {
      -0.4 * (0..<4).reduce(0) { $0 + Double(score.advantages.allValues[$1, 0]) * logDensity($1) }
    }
    for t in 0..<3 { graph.forward(step: t) }
    for row in 0..<4 {
      // A sum of two squares below 100, divided: some roundings of 100 × 2^-24.
      #expect(abs(Double(score.logProbability(step: row / 2, example: row % 2)) - logDensity(row)) < 3e-5)
    }
  }

  @Test("a score of a detached mean changes nothing")
  func detachedScore() {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: 1, outputs: 2, in: parameters)
    fill(parameters, seed: 87)
    let graph = Graph(steps: 1, batch: 1, parameters: parameters)
    let mean = graph.linear(leaf(graph, columns: 1, seed: 88), layer)
    let score = graph.gaussianScore(mean: mean.detached)
    fill(score.samples.allValues, seed: 89)
    score.advantages.value(at: 0)[0, 0] = 1
    graph.forward(step: 0)
    let gradients = GradientBuffer(for: parameters)
    graph.backward(into: gradients)
    #expect((0..<parameters.length).allSatisfy { gradients.flat[$0] == 0 })
  }
}
