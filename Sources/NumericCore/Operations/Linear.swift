/// What follows a linear map.
public enum Activation: Sendable {
  case identity, rectifier
}

/// A linear layer's tensors: weight [inputs, outputs] and bias [1, outputs].
public struct LinearLayer: Sendable {
  public let weight: Parameter
  public let bias: Parameter

  /// - Parameter passesGradient: whether its input is trained too, so that backward products read a
  ///   transposed copy.
  public init(
    _ name: String, inputs: Int, outputs: Int, passesGradient: Bool = true, in parameters: Parameters
  ) {
    weight = parameters.declare(
      name + ".weight", rows: inputs, columns: outputs, keepsTransposedCopy: passesGradient)
    bias = parameters.declare(name + ".bias", rows: 1, columns: outputs)
  }
}

extension Graph {
  /// y = f(x W + b) at every step x has.     x [B, inputs]   W [inputs, outputs]   y [B, outputs]
  public func linear(
    _ x: Variable, _ layer: LinearLayer, _ activation: Activation = .identity, into y: Variable? = nil
  ) -> Variable {
    let y = y ?? variable(columns: layer.weight.columns, steps: x.steps)
    append(Linear(x: x, y: y, layer: layer, activation: activation, graph: self))
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
  /// dWᵀ [outputs, inputs] of a layer with few outputs. oneDNN computes sixteen columns or more at once, so
  /// that a gradient of two columns took eight times as long as its transpose, of two rows (measured).
  private let narrowGradient: Matrix?

  init(x: Variable, y: Variable, layer: LinearLayer, activation: Activation, graph: Graph) {
    let parameters = graph.parameters
    products = graph.products
    weight = parameters[layer.weight]
    transposedWeight = parameters.transposed(layer.weight)
    bias = parameters[layer.bias].pointer
    precondition(
      x.columns == weight.rows && y.columns == weight.columns && x.steps == y.steps && x.batch == y.batch,
      "a linear layer \(weight.shape) cannot map \(x.columns) columns of steps \(x.steps) to \(y.columns) of \(y.steps)"
    )
    precondition(
      !x.hasGradient || transposedWeight != nil,
      "the input of '\(layer.weight.name)' has a gradient; declare the layer with `passesGradient`")
    narrowGradient =
      weight.columns < 16
      ? Matrix(
        graph.arena.take(count: weight.columns * weight.rows), rows: weight.columns, columns: weight.rows)
      : nil
    self.x = x
    self.y = y
    self.layer = layer
    self.activation = activation
  }

  func forward(step: Int) {
    guard y.steps.contains(step) else { return }
    let output = y.value(at: step)
    products.multiply(x.value(at: step), weight, into: output)
    addBias(bias, to: output, activation)
  }

  func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients else { return }
    y.settle()
    let db = gradients.sums(of: layer.bias)
    for shard in 0..<gradients.shards {
      let (x, dy) = (x.allValues.shard(shard, of: gradients.shards), dy.shard(shard, of: gradients.shards))
      // y = f(z): dz = dy where y > 0, in place; z = x W + b: db = sum of dz over rows
      if activation == .rectifier {
        maskAndSum(dy, where: y.allValues.shard(shard, of: gradients.shards), into: db.row(shard))
      } else {
        sumRows(dy, into: db.row(shard))
      }
      // z = x W: dW = xᵀ dz
      let (dw, accumulating) = gradients.destination(of: layer.weight)
      if let narrowGradient {
        products.multiply(dy.transposed, x, into: narrowGradient)
        addTransposed(narrowGradient, to: dw, accumulating: accumulating)
      } else {
        products.multiply(x.transposed, dy, into: dw, accumulating: accumulating)
      }
    }
    gradients.finish(db, of: layer.bias)
    // z = x W: dx = dz Wᵀ
    if let dx = x.allGradients, let transposedWeight {
      products.multiply(dy, transposedWeight, into: dx, accumulating: x.contribute())
    }
  }
}

/// y = f(y + b), row by row.
func addBias(_ bias: UnsafeMutablePointer<Float>, to y: Matrix, _ activation: Activation) {
  for index in 0..<y.rows {
    let row = y.row(index)
    switch activation {
    case .identity:
      for j in 0..<y.columns { row[j] += bias[j] }
    case .rectifier:
      for j in 0..<y.columns {
        let z = row[j] + bias[j]
        row[j] = z <= 0 ? 0 : z  // this way round a NaN stays one, and a diverging run is seen in its loss
      }
    }
  }
}

/// dz = dy where y > 0, else 0, in place, and sum += its rows.
func maskAndSum(_ dy: Matrix, where y: Matrix, into sum: UnsafeMutablePointer<Float>) {
  for index in 0..<dy.rows {
    let gradient = dy.row(index)
    let value = y.row(index)
    for j in 0..<dy.columns {
      let d = value[j] > 0 ? gradient[j] : 0
      gradient[j] = d
      sum[j] += d
    }
  }
}

/// y = xᵀ, or y += xᵀ when `accumulating`.     x [m, n]   y [n, m], m small
private func addTransposed(_ x: Matrix, to y: Matrix, accumulating: Bool) {
  for index in 0..<x.rows {
    let (row, column) = (x.row(index), y.pointer + index)
    if accumulating {
      for j in 0..<x.columns { column[j * y.stride] += row[j] }
    } else {
      for j in 0..<x.columns { column[j * y.stride] = row[j] }
    }
  }
}

/// sum += the rows of a matrix.
func sumRows(_ matrix: Matrix, into sum: UnsafeMutablePointer<Float>) {
  for index in 0..<matrix.rows {
    let row = matrix.row(index)
    for j in 0..<matrix.columns { sum[j] += row[j] }
  }
}
