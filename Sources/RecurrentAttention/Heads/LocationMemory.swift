import Autodiff
import Numerics

/// r_t = Rect(h_t W_h + r_{t-1} W_r + b) at every step of h.     h [B, inputs]   r [B, units], r_{-1} = c or 0
final class LocationMemory: Operation {
  /// r.
  let state: Variable
  /// dc, [B, units], from the last backward pass.
  let startGradient: Matrix?
  private let input: Variable
  private let start: Variable?
  private let layer: RecurrentLayer
  private let products: Products
  private let bias: UnsafeMutablePointer<Float>
  private let weights: RecurrentWeights

  init(_ layer: RecurrentLayer, _ input: Variable, from start: Variable?, in graph: Graph) {
    self.layer = layer
    self.input = input
    self.start = start
    products = graph.products
    bias = graph.parameters[layer.bias].pointer
    state = graph.variable(columns: layer.units, steps: input.steps)
    startGradient = start.map { start in
      Matrix(graph.arena.take(count: start.batch * start.columns), rows: start.batch, columns: start.columns)
    }
    weights = RecurrentWeights(layer, in: graph.parameters)
  }

  func forward(step: Int) {
    let r = state.value(at: step)
    products.multiply(input.value(at: step), weights.input, into: r)
    if let before = step == 0 ? start?.value(at: 0) : state.value(at: step - 1) {
      products.multiply(before, weights.state, into: r, accumulating: true)
    }
    addBias(bias, to: r, .rectifier)
  }

  func backward(into gradients: GradientBuffer) {
    let db = gradients[layer.bias].pointer
    for step in state.steps.reversed() {
      // z_{t+1} = ... + r_t W_r: dr_t += dz_{t+1} W_rᵀ
      if step + 1 < state.steps.upperBound, let later = state.gradient(at: step + 1) {
        state.accumulate(later, weights.stateTransposed, at: step)
      }
      // r_t = Rect(z_t): dz_t = dr_t where r_t > 0, in place; db += dz_t
      guard let dr = state.gradient(at: step) else { return }
      maskAndSum(dr, where: state.value(at: step), into: db)
    }
    // z = h W_h: dh += dz W_hᵀ, dW_h += hᵀ dz
    guard let dz = state.allGradients else { return }
    let rows = layer.inputs..<(layer.inputs + layer.units)
    input.accumulate(dz, weights.inputTransposed)
    gradients.add(input.allValues.transposed, dz, to: layer.weight, rows: 0..<layer.inputs)
    // z = ... + r_{t-1} W_r: dW_r += r_{t-1}ᵀ dz, dc = dz_0 W_rᵀ
    if let start, let startGradient, let dz = state.gradient(at: 0) {
      gradients.add(start.value(at: 0).transposed, dz, to: layer.weight, rows: rows)
      products.multiply(dz, weights.stateTransposed, into: startGradient)
    }
    if state.steps.count > 1 {
      let (earlier, later) = (
        state.during(0..<(state.steps.upperBound - 1)), state.during(1..<state.steps.upperBound)
      )
      if let dz = later.allGradients {
        gradients.add(earlier.allValues.transposed, dz, to: layer.weight, rows: rows)
      }
    }
  }
}
