import Numerics

extension Graph {
  /// Long short-term memory without peepholes (Hochreiter and Schmidhuber 1997; Gers et al. 2000).
  ///
  ///     [i f o u]_t = x_t W_x + h_{t-1} W_h + b        x [B, inputs]   W [inputs + units, 4 units]
  ///     c_t = σ(f) c_{t-1} + σ(i) tanh(u)              c [B, units]
  ///     h_t = σ(o) tanh(c_t)                           h [B, units], h_{-1} = c_{-1} = 0
  ///
  /// - Parameter input: appends the operations that write x into the variable that it is given.
  public func lstmCore(_ layer: RecurrentLayer, input: (Variable) -> Void) -> RecurrentMemory {
    var memory = RecurrentMemory(inputs: layer.inputs, units: layer.units, in: self)
    input(memory.input)
    let core = LSTMCore(memory: memory, layer: layer, graph: self)
    append(core)
    memory.carried.append(core.cells)
    return memory
  }
}

final class LSTMCore: Operation {
  private let state: Variable
  private let layer: RecurrentLayer
  private let product: RecurrentProduct
  private let bias: UnsafeMutablePointer<Float>
  /// σ(i), σ(f), σ(o), tanh(u), and the gradients of their arguments: [T, B, 4 units] each.
  private let gates: Variable
  private let gateGradients: Variable
  /// c_t, tanh(c_t), and dc_t f_t, what passes on to c_{t-1}: [T, B, units] each.
  let cells: Variable
  private let squashedCells: Variable
  private let passedOn: Variable
  private let zeros: UnsafeMutablePointer<Float>

  init(memory: RecurrentMemory, layer: RecurrentLayer, graph: Graph) {
    state = memory.state
    self.layer = layer
    product = RecurrentProduct(layer, memory, in: graph)
    bias = graph.parameters[layer.bias].pointer
    // All of these are this operation's alone: their gradients are not added to by others.
    gates = graph.variable(columns: 4 * layer.units, gradient: false)
    gateGradients = graph.variable(columns: 4 * layer.units, gradient: false)
    cells = graph.variable(columns: layer.units, gradient: false)
    squashedCells = graph.variable(columns: layer.units, gradient: false)
    passedOn = graph.variable(columns: layer.units, gradient: false)
    zeros = graph.arena.take(count: layer.units)
  }

  func forward(step: Int) {
    let activations = gates.value(at: step)
    product.forward(step: step, into: activations)
    let (h, c, s) = (state.value(at: step), cells.value(at: step), squashedCells.value(at: step))
    let n = layer.units
    for row in 0..<h.rows {
      let gate = activations.row(row)
      for j in 0..<(3 * n) { gate[j] = Elementary.sigmoid(gate[j] + bias[j]) }
      for j in (3 * n)..<(4 * n) { gate[j] = Elementary.tanh(gate[j] + bias[j]) }
      let (i, f, o, u) = (gate, gate + n, gate + 2 * n, gate + 3 * n)
      let before = step == 0 ? UnsafePointer(zeros) : UnsafePointer(cells.value(at: step - 1).row(row))
      let (cell, squashed, hidden) = (c.row(row), s.row(row), h.row(row))
      for j in 0..<n {
        let value = f[j] * before[j] + i[j] * u[j]
        let tanh = Elementary.tanh(value)
        cell[j] = value
        squashed[j] = tanh
        hidden[j] = o[j] * tanh
      }
    }
  }

  func backward(into gradients: GradientBuffer) {
    for step in state.steps.reversed() {
      // [i f o u]_{t+1} = ... + h_t W_h: dh_t += d[i f o u]_{t+1} W_hᵀ
      let isLast = step + 1 == state.steps.upperBound
      if !isLast { product.passBack(gateGradients.value(at: step + 1), to: step) }
      guard let dh = state.gradient(at: step) else { return }
      let dgates = gateGradients.value(at: step)
      for row in 0..<dh.rows {
        backward(step: step, row: row, dh: dh.row(row), dgate: dgates.row(row), isLast: isLast)
      }
    }
    gradients.addRows(gateGradients.allValues, to: layer.bias)
    product.backward(gateGradients.allValues, into: gradients)
  }

  /// The elementwise part of one example.
  private func backward(
    step: Int, row: Int, dh: UnsafeMutablePointer<Float>, dgate: UnsafeMutablePointer<Float>, isLast: Bool
  ) {
    let n = layer.units
    let gate = gates.value(at: step).row(row)
    let (i, f, o, u) = (gate, gate + n, gate + 2 * n, gate + 3 * n)
    let (di, df, dO, du) = (dgate, dgate + n, dgate + 2 * n, dgate + 3 * n)
    let squashed = squashedCells.value(at: step).row(row)
    let before = step == 0 ? UnsafePointer(zeros) : UnsafePointer(cells.value(at: step - 1).row(row))
    let later = isLast ? UnsafePointer(zeros) : UnsafePointer(passedOn.value(at: step + 1).row(row))
    let passedOn = passedOn.value(at: step).row(row)
    for j in 0..<n {
      // h = σ(o) tanh(c)
      let dc = dh[j] * o[j] * (1 - squashed[j] * squashed[j]) + later[j]
      dO[j] = dh[j] * squashed[j] * o[j] * (1 - o[j])
      // c = σ(f) c_{t-1} + σ(i) tanh(u)
      df[j] = dc * before[j] * f[j] * (1 - f[j])
      di[j] = dc * u[j] * i[j] * (1 - i[j])
      du[j] = dc * i[j] * (1 - u[j] * u[j])
      passedOn[j] = dc * f[j]
    }
  }
}
