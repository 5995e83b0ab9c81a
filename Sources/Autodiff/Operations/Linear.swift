import Numerics

/// A linear layer's tensors: weight [inputs, outputs] and bias [1, outputs].
public struct LinearLayer: Sendable {
  public let weight: Parameter
  public let bias: Parameter

  /// - Parameters:
  ///   - passesGradient: whether its input is trained too, so that backward products read a transposed copy.
  ///   - use: how often examples pass it, which decides how its gradient is made.
  public init(
    _ name: String, inputs: Int, outputs: Int, passesGradient: Bool = true, use: Parameter.Use = .any,
    in parameters: Parameters
  ) {
    weight = parameters.declare(
      name + ".weight", rows: inputs, columns: outputs, keepsTransposedCopy: passesGradient,
      use: use)
    bias = parameters.declare(name + ".bias", rows: 1, columns: outputs)
  }
}

extension Graph {
  /// y = f(x W + b) at every step x has.     x [B, inputs]   W [inputs, outputs]   y [B, outputs]
  public func linear(
    _ x: Variable, _ layer: LinearLayer, _ activation: Activation = .identity, into y: Variable? = nil
  ) -> Variable {
    let y = y ?? variable(columns: layer.weight.columns, steps: x.steps)
    append(Linear(x: x, y: y, layer: layer, activation: activation, graph: self), steps: y.steps)
    return y
  }
}

final class Linear: Operation {
  private let x: Variable
  private let y: Variable
  private let layer: LinearLayer
  private let activation: Activation
  private let products: Products
  private let weight: Matrix
  private let transposedWeight: Matrix?  // of a layer whose input is trained
  private let bias: UnsafeMutablePointer<Float>

  init(x: Variable, y: Variable, layer: LinearLayer, activation: Activation, graph: Graph) {
    products = graph.products
    weight = graph.parameters[layer.weight]
    transposedWeight = graph.parameters.transposed(layer.weight)
    bias = graph.parameters[layer.bias].pointer
    require(
      x.columns == weight.rows && y.columns == weight.columns && x.steps == y.steps && x.batch == y.batch,
      "'\(layer.weight.name)' \(weight.shape) cannot map \(x.columns) columns of steps \(x.steps) to \(y.columns) of \(y.steps)"
    )
    require(
      !x.hasGradient || transposedWeight != nil,
      "the input of '\(layer.weight.name)' has a gradient; declare the layer with `passesGradient`")
    self.x = x
    self.y = y
    self.layer = layer
    self.activation = activation
  }

  func forward(step: Int) {
    let output = y.value(at: step)
    products.multiply(x.value(at: step), weight, into: output)
    addBias(bias, to: output, activation)
  }

  func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients else { return }
    // y = f(z): dz = dy where y > 0, in place; z = x W + b: db = sum of dz over rows
    switch activation {
    case .identity: gradients.addRows(dy, to: layer.bias)
    case .rectifier: maskAndSum(dy, where: y.allValues, into: gradients[layer.bias].pointer)
    }
    // z = x W: dW = xᵀ dz, dx = dz Wᵀ
    gradients.add(x.allValues.transposed, dy, to: layer.weight, bytes: x.bytes)
    if let transposedWeight { x.accumulate(dy, transposedWeight) }
  }
}
