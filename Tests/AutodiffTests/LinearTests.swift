import Autodiff
import Numerics
import Testing

@Suite("Linear")
struct LinearTests {
  @Test("its gradients are central differences", arguments: [Activation.identity, .rectifier], [3, 33])
  func gradients(activation: Activation, outputs: Int) {
    let parameters = Parameters()
    // The gradient of as few as 3 outputs is computed as its transpose.
    let layer = LinearLayer("layer", inputs: 4, outputs: outputs, in: parameters)
    fill(parameters, seed: 1)
    let graph = Graph(steps: 2, batch: 3, parameters: parameters)
    let x = leaf(graph, columns: 4, seed: 202)
    let probe = graph.probe(graph.linear(x, layer, activation), seed: 3)
    expectGradients(in: graph, inputs: [x]) { probe.loss }
  }

  @Test("two layers that write side by side into one input of a third")
  func outputColumns() {
    let parameters = Parameters()
    let left = LinearLayer("left", inputs: 3, outputs: 2, in: parameters)
    let right = LinearLayer("right", inputs: 2, outputs: 4, in: parameters)
    let joint = LinearLayer("joint", inputs: 6, outputs: 3, in: parameters)
    fill(parameters, seed: 4)
    let graph = Graph(steps: 2, batch: 3, parameters: parameters)
    let (a, b) = (leaf(graph, columns: 3, seed: 5), leaf(graph, columns: 2, seed: 6))
    let sides = graph.variable(columns: 6)
    _ = graph.linear(a, left, .rectifier, into: sides.columns(0..<2))
    _ = graph.linear(b, right, .rectifier, into: sides.columns(2..<6))
    let probe = graph.probe(graph.linear(sides, joint), seed: 7)
    expectGradients(in: graph, inputs: [a, b]) { probe.loss }
  }

  @Test("layers that read some columns of one variable, overlapping, and some that nobody reads")
  func inputColumns() {
    let parameters = Parameters()
    let first = LinearLayer("first", inputs: 2, outputs: 3, in: parameters)
    let second = LinearLayer("second", inputs: 3, outputs: 2, in: parameters)
    fill(parameters, seed: 8)
    let graph = Graph(steps: 2, batch: 3, parameters: parameters)
    let x = leaf(graph, columns: 6, seed: 9)
    // Whatever stood in the gradient before must not matter.
    if let stale = x.allGradients { fill(stale, seed: 10, bound: 100) }
    let probes = [
      graph.probe(graph.linear(x.columns(0..<2), first), seed: 11),
      graph.probe(graph.linear(x.columns(1..<5).columns(0..<3), second), seed: 12),
    ]
    expectGradients(in: graph, inputs: [x]) { probes[0].loss + probes[1].loss }
  }

  @Test("layers that read some steps of one variable, overlapping, and one that nobody reads")
  func inputSteps() {
    let parameters = Parameters()
    let first = LinearLayer("first", inputs: 2, outputs: 3, in: parameters)
    let second = LinearLayer("second", inputs: 2, outputs: 2, in: parameters)
    fill(parameters, seed: 13)
    let graph = Graph(steps: 5, batch: 2, parameters: parameters)
    let x = leaf(graph, columns: 2, seed: 14)
    if let stale = x.allGradients { fill(stale, seed: 15, bound: 100) }
    let probes = [
      graph.probe(graph.linear(x.during(1..<3), first, .rectifier), seed: 16),
      graph.probe(graph.linear(x.during(2..<5), second), seed: 17),
    ]
    expectGradients(in: graph, inputs: [x]) { probes[0].loss + probes[1].loss }
    let unread = x.gradient(at: 0)
    #expect((0..<2).allSatisfy { unread?[$0, 0] == 0 && unread?[$0, 1] == 0 })
  }

  @Test("worked by hand: Rect([1 2] W + b)")
  func byHand() {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: 2, outputs: 2, in: parameters)
    let weight = parameters[layer.weight]
    (weight[0, 0], weight[0, 1], weight[1, 0], weight[1, 1]) = (1, -1, 3, -4)
    parameters[layer.bias][0, 0] = 0.5
    let graph = Graph(steps: 1, batch: 1, parameters: parameters)
    let x = graph.variable(columns: 2)
    (x.value(at: 0)[0, 0], x.value(at: 0)[0, 1]) = (1, 2)
    let (linear, rectified) = (graph.linear(x, layer), graph.linear(x, layer, .rectifier))
    graph.forward(step: 0)
    #expect(linear.value(at: 0)[0, 0] == 7.5 && linear.value(at: 0)[0, 1] == -9)
    #expect(rectified.value(at: 0)[0, 0] == 7.5 && rectified.value(at: 0)[0, 1] == 0)
  }
}

@Suite("Accumulation of gradients")
struct AccumulationTests {
  @Test("a variable that three operations read gets the sum of their gradients")
  func variableUsedTwice() {
    let parameters = Parameters()
    let first = LinearLayer("first", inputs: 3, outputs: 2, in: parameters)
    let second = LinearLayer("second", inputs: 3, outputs: 3, in: parameters)
    fill(parameters, seed: 20)
    let graph = Graph(steps: 3, batch: 2, parameters: parameters)
    let x = leaf(graph, columns: 3, seed: 21)
    let probes = [
      graph.probe(graph.linear(x, first), seed: 22),
      graph.probe(graph.linear(x, second, .rectifier), seed: 23),
      graph.probe(x.during(1..<2), seed: 24),
    ]
    expectGradients(in: graph, inputs: [x]) { probes.reduce(0) { $0 + $1.loss } }
  }

  // The weight's gradient of 3 outputs is computed as its transpose, that of 17 is not.
  @Test("a layer that is used twice gets the sum of both uses", arguments: [3, 17])
  func parameterUsedTwice(width: Int) {
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: width, outputs: width, in: parameters)
    fill(parameters, seed: 25)
    let graph = Graph(steps: 2, batch: 2, parameters: parameters)
    let x = leaf(graph, columns: width, seed: 26)
    let probe = graph.probe(graph.linear(graph.linear(x, layer, .rectifier), layer), seed: 27)
    expectGradients(in: graph, inputs: [x]) { probe.loss }
  }

  @Test("nothing passes through a detached variable, and its values do")
  func detached() {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let below = LinearLayer("below", inputs: 2, outputs: 2, in: parameters)
    let above = LinearLayer("above", inputs: 2, outputs: 2, in: parameters)
    fill(parameters, seed: 28)
    let graph = Graph(steps: 1, batch: 2, parameters: parameters)
    let y = graph.linear(leaf(graph, columns: 2, seed: 29), below)
    let probe = graph.probe(graph.linear(y.detached, above), seed: 30)
    graph.forward(step: 0)
    #expect(probe.loss != 0)
    let gradients = GradientBuffer(for: parameters)
    graph.backward(into: gradients)
    #expect((0..<4).allSatisfy { gradients[below.weight].pointer[$0] == 0 })
    #expect((0..<4).contains { gradients[above.weight].pointer[$0] != 0 })
  }

  @Test("a second backward pass adds the same again; after a reset it leaves the same bytes as the first")
  func repeated() {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let core = RecurrentLayer("core", inputs: 2, units: 3, in: parameters)
    let head = LinearLayer("head", inputs: 3, outputs: 2, in: parameters)
    let unused = parameters.declare("unused", rows: 1, columns: 3)
    fill(parameters, seed: 31)
    parameters.refreshCopies()
    let graph = Graph(steps: 3, batch: 2, parameters: parameters)
    let state = graph.rectifierCore(core) { fill($0.allValues, seed: 32) }.state
    let probe = graph.probe(graph.linear(state.during(1..<3), head), seed: 33)
    for step in 0..<3 { graph.forward(step: step) }
    #expect(probe.loss != 0)
    let gradients = GradientBuffer(for: parameters)
    func bytes() -> [Float] { (0..<parameters.length).map { gradients.flat[$0] } }
    graph.backward(into: gradients)
    let once = bytes()
    graph.backward(into: gradients)
    #expect(bytes() == once.map { 2 * $0 })  // doubling is exact
    for tensor in parameters.tensors { gradients[tensor].pointer.update(repeating: 7, count: tensor.count) }
    gradients.reset()
    graph.backward(into: gradients)
    gradients.clearUntouched()
    #expect(bytes() == once)
    #expect((0..<3).allSatisfy { gradients[unused][0, $0] == 0 })
    #expect(once.contains { $0 != 0 })
  }

  @Test("the comparison itself can fail: a gradient that is one percent off is found")
  func comparisonCanFail() {
    let parameters = Parameters()
    let layer = LinearLayer("layer", inputs: 4, outputs: 3, in: parameters)
    fill(parameters, seed: 34)
    let graph = Graph(steps: 2, batch: 3, parameters: parameters)
    let x = leaf(graph, columns: 4, seed: 35)
    let probe = graph.probe(graph.linear(x, layer), seed: 36)
    probe.mistake = 1.01
    for h: Float in [0x1p-10, 0x1p-7] {
      let results = graph.compareGradients(inputs: [x], h: h) { probe.loss }
      #expect(
        results.count == 3 && results.allSatisfy { $0.error > $0.tolerance && !$0.isRight }, "\(results)")
    }
  }
}
