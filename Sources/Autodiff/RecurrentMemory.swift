import Numerics

/// Input x_t and state h_{t-1} of a core side by side, [steps + 1, B, inputs + units], so that both enter one product.
public struct RecurrentMemory {
  /// x_t, [B, inputs]. The operations before the core write it.
  public let input: Variable
  /// h_t, [B, units]: the right half one step later in memory.
  public let state: Variable
  /// All that a step hands on to the next: h, and what the core adds, such as an LSTM's c.
  public var carried: [Variable]
  /// x_t and h_{t-1} in one row, [B, inputs + units], values only.
  public let joined: Variable
  /// h_{t-1}, [B, units], values only; zero at step 0.
  public let before: Variable

  public init(inputs: Int, units: Int, in graph: Graph) {
    let width = inputs + units
    let stride = rowStride(width)
    let row = graph.batch * stride
    let values = graph.arena.take(Float.self, count: (graph.steps + 1) * row)
    let gradients = graph.takeGradients(count: (graph.steps + 1) * row)
    let steps = 0..<graph.steps
    input = graph.variable(
      values: values, gradients: gradients, steps: steps, columns: inputs, stride: stride)
    state = graph.variable(
      values: values + row + inputs, gradients: gradients.map { $0 + row + inputs }, steps: steps,
      columns: units, stride: stride)
    joined = graph.variable(values: values, gradients: nil, steps: steps, columns: width, stride: stride)
    before = joined.columns(inputs..<width)
    carried = [state]
  }
}

/// A recurrent layer's tensors: input and state stand side by side, so its weight is
/// [inputs + units, outputs].
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

/// W_x [inputs, columns] and W_h [units, columns], the rows of a recurrent layer's weight, and their transposes.
public struct RecurrentWeights {
  public let input: Matrix
  public let state: Matrix
  public let inputTransposed: Matrix
  public let stateTransposed: Matrix

  public init(_ layer: RecurrentLayer, in parameters: Parameters) {
    let weight = parameters[layer.weight]
    guard let copy = parameters.transposed(layer.weight) else {
      // RecurrentLayer declares it with one.
      fatalError("the recurrent weight '\(layer.weight.name)' keeps no transposed copy")
    }
    input = Matrix(weight.pointer, rows: layer.inputs, columns: weight.columns)
    state = Matrix(weight.row(layer.inputs), rows: layer.units, columns: weight.columns)
    inputTransposed = Matrix(copy.pointer, rows: copy.rows, columns: layer.inputs, stride: copy.stride)
    stateTransposed = Matrix(
      copy.pointer + layer.inputs, rows: copy.rows, columns: layer.units, stride: copy.stride)
  }
}

/// z_t = x_t W_x + h_{t-1} W_h, h_{-1} = 0, and its derivatives: what a core does between its elementwise functions.
///
/// x [B, inputs]   h [B, units]   W_x [inputs, columns] and W_h [units, columns], the rows of one weight
public struct RecurrentProduct {
  private let memory: RecurrentMemory
  private let layer: RecurrentLayer
  private let products: Products
  private let weight: Matrix
  private let weights: RecurrentWeights

  public init(_ layer: RecurrentLayer, _ memory: RecurrentMemory, in graph: Graph) {
    require(
      memory.input.columns == layer.inputs && memory.state.columns == layer.units,
      "a memory of \(memory.input.columns) inputs and \(memory.state.columns) units does not fit the layer "
        + "'\(layer.weight.name)' of \(layer.inputs) and \(layer.units)")
    self.memory = memory
    self.layer = layer
    products = graph.products
    weight = graph.parameters[layer.weight]
    weights = RecurrentWeights(layer, in: graph.parameters)
  }

  /// Computes z_t, [B, columns].
  public func forward(step: Int, into z: Matrix) {
    if step == 0 {
      products.multiply(memory.input.value(at: 0), weights.input, into: z)
    } else {
      products.multiply(memory.joined.value(at: step), weight, into: z)
    }
  }

  /// dh_t += dz_{t+1} W_hᵀ.
  public func passBack(_ later: Matrix, to step: Int) {
    memory.state.accumulate(later, weights.stateTransposed, at: step)
  }

  /// dx += dz W_xᵀ, dW_x += xᵀ dz, dW_h += h_{t-1}ᵀ dz_t, over all steps.     dz [steps × B, columns]
  public func backward(_ dz: Matrix, into gradients: GradientBuffer) {
    memory.input.accumulate(dz, weights.inputTransposed)
    gradients.add(memory.input.allValues.transposed, dz, to: layer.weight, rows: 0..<layer.inputs)
    // h_{-1} = 0 adds nothing.
    let batch = memory.input.batch
    let later = Matrix(dz.row(batch), rows: dz.rows - batch, columns: dz.columns, stride: dz.stride)
    guard later.rows > 0 else { return }
    let previous = memory.before.during(1..<memory.before.steps.upperBound).allValues
    gradients.add(
      previous.transposed, later, to: layer.weight, rows: layer.inputs..<(layer.inputs + layer.units))
  }
}
