/// A recurrent layer's tensors: input and state stand side by side, so its weight is [inputs + units,
/// outputs].
public struct RecurrentLayer: Sendable {
  public let inputs: Int
  public let units: Int
  public let weight: Parameter
  public let bias: Parameter

  /// - Parameter gates: how many blocks of `units` columns the weight has; 1 for a rectifier, 4 for LSTM.
  public init(_ name: String, inputs: Int, units: Int, gates: Int = 1, in parameters: Parameters) {
    self.inputs = inputs
    self.units = units
    weight = parameters.declare(
      name + ".weight", rows: inputs + units, columns: gates * units, keepsTransposedCopy: true)
    bias = parameters.declare(name + ".bias", rows: 1, columns: gates * units)
  }
}

/// Input x_t and state h_{t-1} side by side, [steps + 1, B, inputs + units], so that both enter one product.
struct RecurrentMemory {
  /// x_t at steps 0..<T.
  let input: Variable
  /// h_t at steps 0..<T: the right half one step later in memory.
  let state: Variable
  /// x_t and h_{t-1} as one matrix at steps 0..<T; h_{-1} = 0 is never written.
  let joined: Variable
  /// h_{t-1} at steps 1..<T, the left factor of the recurrent weights' gradient.
  let previous: Matrix?

  init(inputs: Int, units: Int, in graph: Graph) {
    let width = inputs + units
    let stride = graph.rowStride(width)
    let row = graph.batch * stride
    let count = (graph.steps + 1) * row
    let values = graph.arena.take(Float.self, count: count)
    let gradients = graph.arena.take(Float.self, count: count)
    let steps = 0..<graph.steps
    input = graph.view(values: values, gradients: gradients, steps: steps, columns: inputs, stride: stride)
    state = graph.view(
      values: values + row + inputs, gradients: gradients + row + inputs, steps: steps, columns: units,
      stride: stride)
    joined = graph.view(values: values, gradients: gradients, steps: steps, columns: width, stride: stride)
    previous =
      graph.steps == 1
      ? nil
      : Matrix(
        values + row + inputs, rows: (graph.steps - 1) * graph.batch, columns: units, stride: stride)
  }
}

extension Graph {
  /// h_t = Rect(x_t W_x + h_{t-1} W_h + b), h_{-1} = 0.     x [B, inputs]   h [B, units]
  ///
  /// - Parameter input: writes x into the memory it is given, at the operations before this one.
  public func rectifierCore(_ layer: RecurrentLayer, input: (Variable) -> Void) -> Variable {
    let memory = RecurrentMemory(inputs: layer.inputs, units: layer.units, in: self)
    input(memory.input)
    append(RectifierCore(memory: memory, layer: layer, graph: self))
    return memory.state
  }
}

final class RectifierCore: Operation {
  private let memory: RecurrentMemory
  private let layer: RecurrentLayer
  private let products: Products
  private let weight: Matrix  // [inputs + units, units]
  private let inputWeight: Matrix  // [inputs, units]
  /// [units, inputs], [units, units], stride inputs + units
  private let transposed: (input: Matrix, state: Matrix)
  private let bias: UnsafeMutablePointer<Float>

  init(memory: RecurrentMemory, layer: RecurrentLayer, graph: Graph) {
    let parameters = graph.parameters
    self.memory = memory
    self.layer = layer
    products = graph.products
    weight = parameters[layer.weight]
    inputWeight = Matrix(weight.pointer, rows: layer.inputs, columns: weight.columns)
    transposed = transposedParts(layer, parameters)
    bias = parameters[layer.bias].pointer
  }

  func forward(step: Int) {
    let h = memory.state.value(at: step)
    if step == 0 {
      products.multiply(memory.input.value(at: 0), inputWeight, into: h)
    } else {
      products.multiply(memory.joined.value(at: step), weight, into: h)
    }
    addBias(bias, to: h, .rectifier)
  }

  func backward(into gradients: GradientBuffer) {
    let state = memory.state
    let db = gradients.sums(of: layer.bias)
    for step in state.steps.reversed() {
      guard let dh = state.gradient(at: step) else { return }
      // z_{t+1} = ... + h_t W_h: dh_t += dz_{t+1} W_hᵀ
      if step + 1 < state.steps.upperBound, let later = state.gradient(at: step + 1) {
        products.multiply(later, transposed.state, into: dh, accumulating: state.contribute(at: step))
      } else if !state.written[step] {
        state.settle()
      }
      // h_t = Rect(z_t): dz_t = dh_t where h_t > 0, in place
      for shard in 0..<gradients.shards {
        maskAndSum(
          dh.shard(shard, of: gradients.shards),
          where: state.value(at: step).shard(shard, of: gradients.shards), into: db.row(shard))
      }
    }
    gradients.finish(db, of: layer.bias)
    guard let dz = state.allGradients, let dx = memory.input.allGradients else { return }
    products.multiply(dz, transposed.input, into: dx, accumulating: memory.input.contribute())
    recurrentWeightGradient(memory, layer, dz, products, into: gradients)
  }
}

/// W_xᵀ [columns, inputs] and W_hᵀ [columns, units] in the transposed copy of a recurrent weight.
func transposedParts(_ layer: RecurrentLayer, _ parameters: Parameters) -> (input: Matrix, state: Matrix) {
  guard let whole = parameters.transposed(layer.weight) else {
    preconditionFailure("the recurrent weight '\(layer.weight.name)' keeps no transposed copy")
  }
  return (
    Matrix(whole.pointer, rows: whole.rows, columns: layer.inputs, stride: whole.stride),
    Matrix(whole.pointer + layer.inputs, rows: whole.rows, columns: layer.units, stride: whole.stride)
  )
}

/// z_t = x_t W_x + h_{t-1} W_h: dW_x = xᵀ dz over all steps, dW_h = h_{t-1}ᵀ dz_t over the steps whose state
/// is not zero.
func recurrentWeightGradient(
  _ memory: RecurrentMemory, _ layer: RecurrentLayer, _ dz: Matrix, _ products: Products,
  into gradients: GradientBuffer
) {
  let (columns, batch, shards) = (dz.columns, memory.input.batch, gradients.shards)
  for shard in 0..<shards {
    let (dw, accumulating) = gradients.destination(of: layer.weight)
    products.multiply(
      memory.input.allValues.shard(shard, of: shards).transposed, dz.shard(shard, of: shards),
      into: Matrix(dw.pointer, rows: layer.inputs, columns: columns), accumulating: accumulating)
    let recurrent = Matrix(dw.pointer + layer.inputs * columns, rows: layer.units, columns: columns)
    guard let previous = memory.previous else {
      if !accumulating { recurrent.pointer.update(repeating: 0, count: layer.units * columns) }
      continue
    }
    let later = Matrix(dz.row(batch), rows: dz.rows - batch, columns: columns, stride: dz.stride)
    products.multiply(
      previous.shard(shard, of: shards).transposed, later.shard(shard, of: shards), into: recurrent,
      accumulating: accumulating)
  }
}
