import Numerics

extension Graph {
  /// h_t = Rect(x_t W_x + h_{t-1} W_h + b), h_{-1} = 0.     x [B, inputs]   h [B, units]
  ///
  /// - Parameter input: appends the operations that write x into the variable that it is given.
  public func rectifierCore(_ layer: RecurrentLayer, input: (Variable) -> Void) -> RecurrentMemory {
    let memory = RecurrentMemory(inputs: layer.inputs, units: layer.units, in: self)
    input(memory.input)
    append(RectifierCore(memory: memory, layer: layer, graph: self))
    return memory
  }
}

final class RectifierCore: Operation {
  private let state: Variable
  private let layer: RecurrentLayer
  private let product: RecurrentProduct
  private let bias: UnsafeMutablePointer<Float>

  init(memory: RecurrentMemory, layer: RecurrentLayer, graph: Graph) {
    state = memory.state
    self.layer = layer
    product = RecurrentProduct(layer, memory, in: graph)
    bias = graph.parameters[layer.bias].pointer
  }

  func forward(step: Int) {
    let h = state.value(at: step)
    product.forward(step: step, into: h)
    addBias(bias, to: h, .rectifier)
  }

  func backward(into gradients: GradientBuffer) {
    let db = gradients[layer.bias].pointer
    for step in state.steps.reversed() {
      // z_{t+1} = ... + h_t W_h: dh_t += dz_{t+1} W_hᵀ
      if step + 1 < state.steps.upperBound, let later = state.gradient(at: step + 1) {
        product.passBack(later, to: step)
      }
      // h_t = Rect(z_t): dz_t = dh_t where h_t > 0, in place
      guard let dh = state.gradient(at: step) else { return }
      maskAndSum(dh, where: state.value(at: step), into: db)
    }
    if let dz = state.allGradients { product.backward(dz, into: gradients) }
  }
}
