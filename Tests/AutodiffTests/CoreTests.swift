import Autodiff
import Foundation
import Numerics
import Testing

@Suite("Recurrent cores")
struct CoreTests {
  enum Kind: String, CaseIterable {
    case rectifier, lstm

    func layer(inputs: Int, units: Int, in parameters: Parameters) -> RecurrentLayer {
      RecurrentLayer(
        "core", inputs: inputs, units: units, gates: self == .lstm ? 4 : 1, in: parameters)
    }

    func unroll(_ layer: RecurrentLayer, in graph: Graph, input: (Variable) -> Void) -> RecurrentMemory {
      self == .lstm ? graph.lstmCore(layer, input: input) : graph.rectifierCore(layer, input: input)
    }
  }

  /// Which states the loss reads.
  enum Reading: String, CaseIterable { case every, last, firstTwo }

  @Test("their gradients are central differences", arguments: Kind.allCases, Reading.allCases)
  func gradients(kind: Kind, reading: Reading) {
    let parameters = Parameters()
    let core = kind.layer(inputs: 3, units: 4, in: parameters)
    fill(parameters, seed: 41)
    let graph = Graph(steps: 4, batch: 3, parameters: parameters)
    let memory = kind.unroll(core, in: graph) { fill($0.allValues, seed: 42) }
    let state = memory.state
    let read =
      switch reading {
      case .every: state
      case .last: state.during(3..<4)
      case .firstTwo: state.during(0..<2)
      }
    let probe = graph.probe(read, seed: 43)
    expectGradients(in: graph, inputs: [memory.input], h: kind == .lstm ? 0x1p-7 : 0x1p-10) {
      probe.loss
    }
  }

  @Test(
    "one step: the recurrent weights get a gradient of zero, the others the right one",
    arguments: Kind.allCases)
  func oneStep(kind: Kind) {
    let parameters = Parameters()
    let core = kind.layer(inputs: 3, units: 2, in: parameters)
    fill(parameters, seed: 44)
    let graph = Graph(steps: 1, batch: 3, parameters: parameters)
    let memory = kind.unroll(core, in: graph) { fill($0.allValues, seed: 45) }
    let state = memory.state
    let probe = graph.probe(state, seed: 46)
    expectGradients(in: graph, inputs: [memory.input]) { probe.loss }
    let gradients = GradientBuffer(for: parameters)
    gradients.flat.update(repeating: 9, count: parameters.length)
    graph.backward(into: gradients)
    #expect((3..<5).allSatisfy { row in (0..<2).allSatisfy { gradients[core.weight][row, $0] == 0 } })
  }

  @Test("a core fed by a layer and read by two heads at different steps", arguments: Kind.allCases)
  func stacked(kind: Kind) {
    let parameters = Parameters()
    let below = LinearLayer("below", inputs: 2, outputs: 3, in: parameters)
    let core = kind.layer(inputs: 3, units: 4, in: parameters)
    let every = LinearLayer("every", inputs: 4, outputs: 2, in: parameters)
    let last = LinearLayer("last", inputs: 4, outputs: 3, in: parameters)
    fill(parameters, seed: 47)
    let graph = Graph(steps: 3, batch: 2, parameters: parameters)
    let x = leaf(graph, columns: 2, seed: 48)
    let state = kind.unroll(core, in: graph) { _ = graph.linear(x, below, .rectifier, into: $0) }.state
    let probes = [
      graph.probe(graph.linear(state.during(0..<2), every), seed: 49),
      graph.probe(graph.linear(state.during(2..<3), last), seed: 50),
    ]
    expectGradients(in: graph, inputs: [x]) { probes[0].loss + probes[1].loss }
  }

  @Test(
    "a second graph, given the state of the first, computes the first one's next step bit for bit",
    arguments: Kind.allCases)
  func copiedState(kind: Kind) {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let below = LinearLayer("below", inputs: 5, outputs: 20, in: parameters)
    let core = kind.layer(inputs: 20, units: 24, in: parameters)
    fill(parameters, seed: 52)
    func unroll(steps: Int, isForwardOnly: Bool) -> (graph: Graph, x: Variable, core: RecurrentMemory) {
      let graph = Graph(steps: steps, batch: 7, parameters: parameters, isForwardOnly: isForwardOnly)
      let x = graph.variable(columns: 5)
      return (graph, x, kind.unroll(core, in: graph) { _ = graph.linear(x, below, .rectifier, into: $0) })
    }
    let main = unroll(steps: 5, isForwardOnly: false)
    let shadow = unroll(steps: 2, isForwardOnly: true)
    fill(main.x.allValues, seed: 53)
    #expect(main.core.carried.count == (kind == .lstm ? 2 : 1))
    #expect(!shadow.x.hasGradient && !shadow.core.state.hasGradient && !shadow.core.input.hasGradient)
    for t in 0..<5 {
      main.graph.forward(step: t)
      guard t > 0 else { continue }
      copyState(from: main.core.carried, step: t - 1, to: shadow.core.carried, step: 0)
      copyState(from: [main.x], step: t, to: [shadow.x], step: 1)
      shadow.graph.forward(step: 1)
      for (first, second) in zip(main.core.carried, shadow.core.carried) {
        let (expected, copied) = (first.value(at: t), second.value(at: 1))
        #expect((0..<24).contains { expected[0, $0] != 0 })
        for row in 0..<7 {
          #expect((0..<24).allSatisfy { expected[row, $0].bitPattern == copied[row, $0].bitPattern })
        }
      }
    }
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
    }.state
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
    let state = graph.lstmCore(core) { for t in 0..<3 { $0.value(at: t)[0, 0] = Float(inputs[t]) } }.state
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
