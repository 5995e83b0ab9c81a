import Autodiff
import Learning
import Numerics
import RecurrentAttention

/// A core of gated recurrent units (Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder").
///
///     [z r]_t = σ(g_t W + h_{t-1} U + b)               [B, 2 units]
///     n_t     = tanh(g_t W_n + (r ⊙ h_{t-1}) U_n + b_n)   [B, units]
///     h_t     = (1 - z) ⊙ n + z ⊙ h_{t-1}               [B, units], h_{-1} = 0
public struct GRUCore: Core, Equatable {
  public var units: Int

  public init(units: Int = 256) { self.units = units }

  public static let kind = "gru"
  public var configuration: Configuration { Configuration(Self.kind).with("units", units) }

  /// Reads a configuration back, so that a model with this core can be made again from its weights.
  public init(_ configuration: Configuration) throws { units = try configuration.value("units") }

  public func multiplyAdds(inputs: Int, steps: Int) -> Int {
    3 * (steps * inputs + (steps - 1) * units) * units
  }

  public func declare(inputs: Int, in parameters: Parameters) -> any CoreLayer {
    GRULayer(
      gates: RecurrentLayer("core.gates", inputs: inputs, units: units, gates: 2, in: parameters),
      candidate: RecurrentLayer("core.candidate", inputs: inputs, units: units, in: parameters))
  }
}

struct GRULayer: CoreLayer {
  let gates: RecurrentLayer
  let candidate: RecurrentLayer

  func initialize(_ parameters: Parameters, seed: UInt64) {
    for layer in [gates, candidate] { parameters.initialize(layer, seed: seed) }
  }

  func unroll(in graph: Graph, input: (Variable) -> Void) -> CoreStates {
    let memory = RecurrentMemory(inputs: gates.inputs, units: gates.units, in: graph)
    input(memory.input)
    graph.append(GRUOperation(self, memory, in: graph))
    return CoreStates(state: memory.state, carried: memory.carried)
  }
}

final class GRUOperation: Operation {
  private let layer: GRULayer
  private let memory: RecurrentMemory
  private let product: RecurrentProduct
  private let candidateWeights: RecurrentWeights
  private let parameters: Parameters
  private let products: Products
  /// [z r], [T, B, 2 units], and the gradients of their arguments.
  private let gates: Variable
  private let gateGradients: Variable
  /// n, [T, B, units], and the gradient of its argument.
  private let candidate: Variable
  private let candidateGradient: Variable
  /// r ⊙ h_{t-1}, [T, B, units].
  private let reset: Variable
  /// The gradient of r ⊙ h_{t-1} at one step, [B, units].
  private let resetGradient: Matrix

  init(_ layer: GRULayer, _ memory: RecurrentMemory, in graph: Graph) {
    self.layer = layer
    self.memory = memory
    (parameters, products) = (graph.parameters, graph.products)
    product = RecurrentProduct(layer.gates, memory, in: graph)
    candidateWeights = RecurrentWeights(layer.candidate, in: graph.parameters)
    let units = layer.gates.units
    func own(_ columns: Int) -> Variable { graph.variable(columns: columns, gradient: false) }
    (gates, gateGradients) = (own(2 * units), own(2 * units))
    (candidate, candidateGradient, reset) = (own(units), own(units), own(units))
    resetGradient = Matrix(graph.arena.take(count: graph.batch * units), rows: graph.batch, columns: units)
  }

  func forward(step: Int) {
    let (zr, n, rh) = (gates.value(at: step), candidate.value(at: step), reset.value(at: step))
    let (h, before) = (memory.state.value(at: step), memory.before.value(at: step))
    let units = h.columns
    product.forward(step: step, into: zr)
    addBias(parameters[layer.gates.bias].pointer, to: zr)
    for row in 0..<h.rows {
      for j in 0..<(2 * units) { zr[row, j] = Elementary.sigmoid(zr[row, j]) }
      for j in 0..<units { rh[row, j] = zr[row, units + j] * before[row, j] }
    }
    products.multiply(memory.input.value(at: step), candidateWeights.input, into: n)
    products.multiply(rh, candidateWeights.state, into: n, accumulating: true)
    addBias(parameters[layer.candidate.bias].pointer, to: n)
    for row in 0..<h.rows {
      for j in 0..<units {
        n[row, j] = Elementary.tanh(n[row, j])
        h[row, j] = (1 - zr[row, j]) * n[row, j] + zr[row, j] * before[row, j]
      }
    }
  }

  func backward(into gradients: GradientBuffer) {
    for step in memory.state.steps.reversed() {
      guard let dh = memory.state.gradient(at: step) else { return }
      let dBefore = step > 0 ? memory.state.gradient(at: step - 1) : nil
      let (zr, n, before) = (gates.value(at: step), candidate.value(at: step), memory.before.value(at: step))
      let (dzr, dn) = (gateGradients.value(at: step), candidateGradient.value(at: step))
      let units = dh.columns
      for row in 0..<dh.rows {
        for j in 0..<units {
          let z = zr[row, j]
          // h = (1 - z) n + z h_{t-1}
          dzr[row, j] = dh[row, j] * (before[row, j] - n[row, j]) * z * (1 - z)
          dBefore?[row, j] += dh[row, j] * z
          // n = tanh(...)
          dn[row, j] = dh[row, j] * (1 - z) * (1 - n[row, j] * n[row, j])
        }
      }
      // ... + (r ⊙ h_{t-1}) U_n
      products.multiply(dn, candidateWeights.stateTransposed, into: resetGradient)
      for row in 0..<dh.rows {
        for j in 0..<units {
          let r = zr[row, units + j]
          dzr[row, units + j] = resetGradient[row, j] * before[row, j] * r * (1 - r)
          dBefore?[row, j] += resetGradient[row, j] * r
        }
      }
      // [z r] = σ(... + h_{t-1} U)
      if step > 0 { product.passBack(dzr, to: step - 1) }
    }
    let (dn, weight, inputs) = (candidateGradient.allValues, layer.candidate.weight, layer.candidate.inputs)
    memory.input.accumulate(dn, candidateWeights.inputTransposed)
    gradients.add(memory.input.allValues.transposed, dn, to: weight, rows: 0..<inputs)
    gradients.add(reset.allValues.transposed, dn, to: weight, rows: inputs..<weight.rows)
    gradients.addRows(dn, to: layer.candidate.bias)
    product.backward(gateGradients.allValues, into: gradients)
    gradients.addRows(gateGradients.allValues, to: layer.gates.bias)
  }
}
