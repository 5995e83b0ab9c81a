import Foundation
import Testing

@testable import NumericCore

@Suite("Recurrent cores")
struct CoreTests {
  enum Kind: String, CaseIterable { case rectifier, lstm }

  /// Which states the loss reads.
  enum Reading: String, CaseIterable { case every, last, firstTwo }

  @Test("their gradients are central differences", arguments: Kind.allCases, Reading.allCases)
  func gradients(kind: Kind, reading: Reading) {
    let parameters = Parameters()
    let core = RecurrentLayer("core", inputs: 3, units: 4, gates: kind == .lstm ? 4 : 1, in: parameters)
    fill(parameters, seed: 41)
    let graph = Graph(steps: 4, batch: 3, parameters: parameters)
    var inputs: [Variable] = []
    let input = { (x: Variable) in
      fill(x.allValues, seed: 42)
      inputs.append(x)
    }
    let state = kind == .lstm ? graph.lstmCore(core, input: input) : graph.rectifierCore(core, input: input)
    let read =
      switch reading {
      case .every: state
      case .last: state.during(3..<4)
      case .firstTwo: state.during(0..<2)
      }
    let probe = Probe(read, seed: 43, in: graph)
    expectGradients(of: parameters, inputs: inputs, in: graph, h: kind == .lstm ? 0x1p-7 : 0x1p-10) {
      probe.loss
    }
  }

  @Test(
    "one step: the recurrent weights get a gradient of zero, the others the right one",
    arguments: Kind.allCases)
  func oneStep(kind: Kind) {
    let parameters = Parameters()
    let core = RecurrentLayer("core", inputs: 3, units: 2, gates: kind == .lstm ? 4 : 1, in: parameters)
    fill(parameters, seed: 44)
    let graph = Graph(steps: 1, batch: 3, parameters: parameters)
    var inputs: [Variable] = []
    let input = { (x: Variable) in
      fill(x.allValues, seed: 45)
      inputs.append(x)
    }
    let state = kind == .lstm ? graph.lstmCore(core, input: input) : graph.rectifierCore(core, input: input)
    let probe = Probe(state, seed: 46, in: graph)
    expectGradients(of: parameters, inputs: inputs, in: graph) { probe.loss }
    let gradients = GradientBuffer(for: parameters)
    gradients[core.weight].pointer.update(repeating: 9, count: core.weight.count)
    graph.backward(into: gradients)
    #expect((3..<5).allSatisfy { row in (0..<2).allSatisfy { gradients[core.weight][row, $0] == 0 } })
  }

  @Test("a core fed by a layer and read by two heads at different steps", arguments: Kind.allCases)
  func stacked(kind: Kind) {
    let parameters = Parameters()
    let below = LinearLayer("below", inputs: 2, outputs: 3, in: parameters)
    let core = RecurrentLayer("core", inputs: 3, units: 4, gates: kind == .lstm ? 4 : 1, in: parameters)
    let every = LinearLayer("every", inputs: 4, outputs: 2, in: parameters)
    let last = LinearLayer("last", inputs: 4, outputs: 3, in: parameters)
    fill(parameters, seed: 47)
    let graph = Graph(steps: 3, batch: 2, parameters: parameters)
    let x = leaf(graph, columns: 2, seed: 48)
    let input = { (memory: Variable) in _ = graph.linear(x, below, .rectifier, into: memory) }
    let state = kind == .lstm ? graph.lstmCore(core, input: input) : graph.rectifierCore(core, input: input)
    let probes = [
      Probe(graph.linear(state.during(0..<2), every), seed: 49, in: graph),
      Probe(graph.linear(state.during(2..<3), last), seed: 50, in: graph),
    ]
    expectGradients(of: parameters, inputs: [x], in: graph) { probes[0].loss + probes[1].loss }
  }

  @Test("the rectifier core worked by hand: one unit, weights 2 and 3, bias 1, inputs 1, -6, 1")
  func rectifierByHand() {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let core = RecurrentLayer("core", inputs: 1, units: 1, in: parameters)
    (parameters[core.weight][0, 0], parameters[core.weight][1, 0], parameters[core.bias][0, 0]) = (2, 3, 1)
    let graph = Graph(steps: 3, batch: 1, parameters: parameters)
    let state = graph.rectifierCore(core) {
      for (t, x) in [1, -6, 1].enumerated() { $0.value(at: t)[0, 0] = Float(x) }
    }
    for t in 0..<3 { graph.forward(step: t) }
    // h = Rect(2 + 1), Rect(-12 + 9 + 1), Rect(2 + 0 + 1)
    #expect((0..<3).map { state.value(at: $0)[0, 0] } == [3, 0, 3])
  }

  @Test("the LSTM core is the formula of its comment, evaluated in double precision")
  func lstmFormula() {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let core = RecurrentLayer("core", inputs: 1, units: 1, gates: 4, in: parameters)
    fill(parameters, seed: 51)
    let (weight, bias) = (parameters[core.weight], parameters[core.bias])
    let graph = Graph(steps: 3, batch: 1, parameters: parameters)
    let inputs = [0.5, -1, 2]
    let state = graph.lstmCore(core) { for t in 0..<3 { $0.value(at: t)[0, 0] = Float(inputs[t]) } }
    var (h, c) = (0.0, 0.0)
    for t in 0..<3 {
      graph.forward(step: t)
      let z = (0..<4).map {
        inputs[t] * Double(weight[0, $0]) + h * Double(weight[1, $0]) + Double(bias[0, $0])
      }
      func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      c = sigmoid(z[1]) * c + sigmoid(z[0]) * tanh(z[3])
      h = sigmoid(z[2]) * tanh(c)
      #expect(abs(Double(state.value(at: t)[0, 0]) - h) < 2e-6)  // some ten roundings of 2^-24, each step
    }
  }
}
