extension Graph {
  /// Long short-term memory without peepholes (Hochreiter and Schmidhuber 1997; Gers et al. 2000).
  ///
  ///     [i f o u]_t = x_t W_x + h_{t-1} W_h + b        x [B, inputs]   W [inputs + units, 4 units]
  ///     c_t = σ(f) c_{t-1} + σ(i) tanh(u)              c [B, units]
  ///     h_t = σ(o) tanh(c_t)                           h [B, units], h_{-1} = c_{-1} = 0
  ///
  /// - Parameter input: writes x into the memory it is given, at the operations before this one.
  public func lstmCore(_ layer: RecurrentLayer, input: (Variable) -> Void) -> Variable {
    let memory = RecurrentMemory(inputs: layer.inputs, units: layer.units, in: self)
    input(memory.input)
    append(LSTMCore(memory: memory, layer: layer, graph: self))
    return memory.state
  }
}

final class LSTMCore: Operation {
  private let memory: RecurrentMemory
  private let layer: RecurrentLayer
  private let products: Products
  private let weight: Matrix  // [inputs + units, 4 units]
  private let inputWeight: Matrix
  private let transposed: (input: Matrix, state: Matrix)
  private let bias: UnsafeMutablePointer<Float>
  /// σ(i), σ(f), σ(o), tanh(u) and, backward, the gradients of their arguments: [T, B, 4 units].
  private let gates: Variable
  /// c_t and tanh(c_t), [T, B, units] each.
  private let cells: Variable
  private let squashedCells: Variable
  private let zeros: UnsafeMutablePointer<Float>

  init(memory: RecurrentMemory, layer: RecurrentLayer, graph: Graph) {
    self.memory = memory
    self.layer = layer
    products = graph.products
    weight = graph.parameters[layer.weight]
    inputWeight = Matrix(weight.pointer, rows: layer.inputs, columns: weight.columns)
    transposed = transposedParts(layer, graph.parameters)
    bias = graph.parameters[layer.bias].pointer
    gates = graph.variable(columns: 4 * layer.units)
    cells = graph.variable(columns: layer.units)
    squashedCells = graph.variable(columns: layer.units, gradient: false)
    zeros = graph.arena.take(count: layer.units)
  }

  func forward(step: Int) {
    let activations = gates.value(at: step)
    if step == 0 {
      products.multiply(memory.input.value(at: 0), inputWeight, into: activations)
    } else {
      products.multiply(memory.joined.value(at: step), weight, into: activations)
    }
    let (h, c, s) = (memory.state.value(at: step), cells.value(at: step), squashedCells.value(at: step))
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
    let state = memory.state
    for step in state.steps.reversed() {
      guard let dh = state.gradient(at: step), let dgates = gates.gradient(at: step) else { return }
      let isLast = step + 1 == state.steps.upperBound
      // [i f o u]_{t+1} = ... + h_t W_h: dh_t += d[i f o u]_{t+1} W_hᵀ
      if !isLast, let later = gates.gradient(at: step + 1) {
        products.multiply(later, transposed.state, into: dh, accumulating: state.contribute(at: step))
      } else if !state.written[step] {
        state.settle()
      }
      for row in 0..<dh.rows {
        backward(step: step, row: row, dh: dh.row(row), dgate: dgates.row(row), isLast: isLast)
      }
    }
    guard let dgates = gates.allGradients, let dx = memory.input.allGradients else { return }
    let db = gradients.sums(of: layer.bias)
    for shard in 0..<gradients.shards {
      sumRows(dgates.shard(shard, of: gradients.shards), into: db.row(shard))
    }
    gradients.finish(db, of: layer.bias)
    products.multiply(dgates, transposed.input, into: dx, accumulating: memory.input.contribute())
    recurrentWeightGradient(memory, layer, dgates, products, into: gradients)
  }

  /// The elementwise part of one example. dc_{t+1} f_{t+1} stands in the cells' gradient of step t + 1.
  private func backward(
    step: Int, row: Int, dh: UnsafeMutablePointer<Float>, dgate: UnsafeMutablePointer<Float>, isLast: Bool
  ) {
    guard let dcells = cells.gradient(at: step) else { return }
    let n = layer.units
    let gate = gates.value(at: step).row(row)
    let (i, f, o, u) = (gate, gate + n, gate + 2 * n, gate + 3 * n)
    let (di, df, dO, du) = (dgate, dgate + n, dgate + 2 * n, dgate + 3 * n)
    let squashed = squashedCells.value(at: step).row(row)
    let before = step == 0 ? UnsafePointer(zeros) : UnsafePointer(cells.value(at: step - 1).row(row))
    let later =
      isLast ? UnsafePointer(zeros) : UnsafePointer((cells.gradient(at: step + 1) ?? dcells).row(row))
    let passedOn = dcells.row(row)
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
