import Autodiff
import Foundation
import Learning
import Numerics
import Testing

@testable import Extensions

@Suite("GRUCore")
struct GRUCoreTests {
  @Test(
    "its gradients are central differences, whichever states the loss reads",
    arguments: [0..<4, 3..<4, 0..<2])
  func gradients(read: Range<Int>) {
    let parameters = Parameters()
    let core = GRUCore(units: 4).declare(inputs: 3, in: parameters)
    fill(parameters, seed: 1)
    let graph = Graph(steps: 4, batch: 3, parameters: parameters)
    var input: Variable?
    let states = core.unroll(in: graph) {
      fill($0.allValues, seed: 2)
      input = $0
    }
    let probe = graph.probe(states.state.during(read), seed: 3)
    expectGradients(in: graph, inputs: [input].compactMap(\.self), h: 0x1p-7) { probe.loss }
  }

  @Test("one unit is the formula of its comment, evaluated in double precision")
  func formula() {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let core = GRUCore(units: 1).declare(inputs: 1, in: parameters)
    fill(parameters, seed: 4)
    let graph = Graph(steps: 3, batch: 1, parameters: parameters)
    let inputs = [0.5, -1, 2]
    let states = core.unroll(in: graph) { for t in 0..<3 { $0.value(at: t)[0, 0] = Float(inputs[t]) } }
    func number(_ tensor: Int, _ row: Int, _ column: Int) -> Double {
      Double(parameters[parameters.tensors[tensor]][row, column])
    }
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    var h = 0.0
    for t in 0..<3 {
      graph.forward(step: t)
      let (z, r) = (
        sigmoid(inputs[t] * number(0, 0, 0) + h * number(0, 1, 0) + number(1, 0, 0)),
        sigmoid(inputs[t] * number(0, 0, 1) + h * number(0, 1, 1) + number(1, 0, 1))
      )
      let n = tanh(inputs[t] * number(2, 0, 0) + r * h * number(2, 1, 0) + number(3, 0, 0))
      h = (1 - z) * n + z * h
      // some ten roundings of 2^-24, each step
      #expect(abs(Double(states.state.value(at: t)[0, 0]) - h) < 2e-6)
    }
  }

  @Test("a graph is freed when nothing uses it any more")
  func freed() {
    weak var graph: Graph?
    do {
      let parameters = Parameters()
      let core = GRUCore(units: 2).declare(inputs: 1, in: parameters)
      let own = Graph(steps: 2, batch: 1, parameters: parameters)
      _ = core.unroll(in: own) { _ in }
      graph = own
    }
    #expect(graph == nil)
  }

  @Test("a second graph, given the state of the first, computes the first one's next step bit for bit")
  func copiedState() {
    prepareThreadForArithmetic()
    let parameters = Parameters()
    let core = GRUCore(units: 8).declare(inputs: 5, in: parameters)
    fill(parameters, seed: 5)
    let main = Graph(steps: 3, batch: 4, parameters: parameters)
    var inputs: [Variable] = []
    let first = core.unroll(in: main) {
      fill($0.allValues, seed: 6)
      inputs.append($0)
    }
    let shadow = Graph(steps: 2, batch: 4, parameters: parameters, isForwardOnly: true)
    let second = core.unroll(in: shadow) { inputs.append($0) }
    for t in 0..<3 { main.forward(step: t) }
    copyState(from: first.carried, step: 1, to: second.carried, step: 0)
    copyState(from: [inputs[0]], step: 2, to: [inputs[1]], step: 1)
    shadow.forward(step: 1)
    let (expected, copied) = (first.state.value(at: 2), second.state.value(at: 1))
    for row in 0..<4 {
      #expect((0..<8).allSatisfy { expected[row, $0].bitPattern == copied[row, $0].bitPattern })
    }
  }
}
