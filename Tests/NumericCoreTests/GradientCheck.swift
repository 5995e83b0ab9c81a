import Testing

@testable import NumericCore

/// L = Σ c y over all that `y` has, with fixed coefficients c in ±1: what gradients of any network are
/// checked with.
final class Probe: Operation {
  let y: Variable
  private let coefficients: [Float]
  /// The gradient it passes on is this many times the right one.
  var mistake: Float = 1

  init(_ y: Variable, seed: UInt64, in graph: Graph) {
    self.y = y
    var stream = RandomStream(seed: seed, .analysis)
    coefficients = (0..<(y.allValues.rows * y.columns)).map { _ in stream.uniform(from: -1, to: 1) }
    graph.append(self)
  }

  var loss: Double {
    let values = y.allValues
    var sum = 0.0
    for row in 0..<values.rows {
      for j in 0..<y.columns { sum += Double(coefficients[row * y.columns + j]) * Double(values[row, j]) }
    }
    return sum
  }

  func forward(step: Int) {}

  func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients else { return }
    let adding = y.contribute()
    for row in 0..<dy.rows {
      for j in 0..<y.columns {
        dy[row, j] = (adding ? dy[row, j] : 0) + mistake * coefficients[row * y.columns + j]
      }
    }
  }
}

/// How far a tensor's gradient is from central differences.
struct GradientComparison {
  let name: String
  /// Largest |backward - numeric|.
  var error = 0.0
  /// Largest |numeric|.
  var scale = 0.0

  /// Rounding: a loss of order one carries some sixteen roundings, 2^-20, over 2h. Truncation: h² f''' / 6
  /// with f''' up to 60.
  func tolerance(_ h: Float) -> Double { (0x1p-21 / Double(h) + 10 * Double(h * h)) * max(1, scale) }
}

/// Runs forward and backward, then moves every number of the parameters and of the inputs by ±h.
func compareGradients(
  of parameters: Parameters, inputs: [Variable] = [], in graph: Graph, h: Float, loss: () -> Double
) -> [GradientComparison] {
  prepareThreadForArithmetic()
  parameters.refreshCopies()
  func forward() -> Double {
    for step in 0..<graph.steps { graph.forward(step: step) }
    return loss()
  }
  _ = forward()
  let gradients = GradientBuffer(for: parameters)
  gradients.reset()
  graph.backward(into: gradients)
  gradients.clearUnwritten()

  func compare(_ name: String, _ values: Matrix, _ gradient: Matrix) -> GradientComparison {
    var result = GradientComparison(name: name)
    for row in 0..<values.rows {
      for j in 0..<values.columns {
        let (value, backward) = (values[row, j], Double(gradient[row, j]))
        values[row, j] = value + h
        let (above, right) = (forward(), values[row, j])
        values[row, j] = value - h
        let (below, left) = (forward(), values[row, j])
        values[row, j] = value
        let numeric = (above - below) / (Double(right) - Double(left))
        result.error = max(result.error, abs(backward - numeric))
        result.scale = max(result.scale, abs(numeric))
        if backward.isNaN { result.error = .infinity }
      }
    }
    return result
  }
  var results = parameters.tensors.map { compare($0.name, parameters[$0], gradients[$0]) }
  for (index, input) in inputs.enumerated() {
    input.settle()
    guard let gradient = input.allGradients else { continue }
    results.append(compare("input \(index)", input.allValues, gradient))
  }
  return results
}

/// Backward agrees with central differences, and these are not all zero: a dead unit passes any backward.
///
/// - Parameter h: 2^-10 where a rectifier's kink must not lie between, 2^-7 where all is smooth.
func expectGradients(
  of parameters: Parameters, inputs: [Variable] = [], in graph: Graph, h: Float = 0x1p-10,
  sourceLocation: SourceLocation = #_sourceLocation, loss: () -> Double
) {
  for result in compareGradients(of: parameters, inputs: inputs, in: graph, h: h, loss: loss) {
    #expect(result.error <= result.tolerance(h), "\(result)", sourceLocation: sourceLocation)
    #expect(result.scale > 20 * result.tolerance(h), "\(result)", sourceLocation: sourceLocation)
  }
}

/// Uniform numbers in ±bound.
func fill(_ matrix: Matrix, seed: UInt64, bound: Float = 1) {
  var stream = RandomStream(seed: seed, .analysis, epoch: 1)
  for row in 0..<matrix.rows {
    for j in 0..<matrix.columns { matrix[row, j] = stream.uniform(from: -bound, to: bound) }
  }
}

/// All tensors uniform in ±bound, each from its own stream.
func fill(_ parameters: Parameters, seed: UInt64, bound: Float = 1) {
  for (index, tensor) in parameters.tensors.enumerated() {
    fill(parameters[tensor], seed: seed + 1000 * UInt64(index + 1), bound: bound)
  }
}

/// A variable that nothing computes, of random values.
func leaf(_ graph: Graph, columns: Int, steps: Range<Int>? = nil, seed: UInt64, bound: Float = 1) -> Variable
{
  let variable = graph.variable(columns: columns, steps: steps)
  fill(variable.allValues, seed: seed, bound: bound)
  return variable
}
