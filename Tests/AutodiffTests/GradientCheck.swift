import Autodiff
import Numerics
import Testing

/// Backward agrees with central differences, and these are not all zero.
func expectGradients(
  in graph: Graph, inputs: [Variable] = [], h: Float = 0x1p-10,
  sourceLocation: SourceLocation = #_sourceLocation, loss: () -> Double
) {
  for result in graph.compareGradients(inputs: inputs, h: h, loss: loss) {
    #expect(result.isRight, "\(result)", sourceLocation: sourceLocation)
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
