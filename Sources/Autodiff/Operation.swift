/// One step of a computation, next to its derivative.
///
/// Forward runs one time step after the other, because the place of a glimpse depends on the one before. Backward runs
/// once for all steps, so everything that does not feed back in time is one large product instead of a small one for
/// each step.
///
/// Forward writes values. Backward adds, `+=`, to the gradients of inputs and parameters, given those of outputs:
///
///     guard let dx = x.allGradients, let dy = y.allGradients else { return }
///     for row in 0..<dy.rows { for j in 0..<dy.columns { dx[row, j] += 2 * dy[row, j] } }
///
/// It keeps variables, parameters and products, but not the graph, which keeps the operation.
///
/// Products are added by `Variable.accumulate` and `GradientBuffer.add`, which need not clear what they fill.
public protocol Operation: AnyObject {
  /// Computes the outputs of one time step, among those that the operation was appended for.
  func forward(step: Int)
  /// Adds to the gradients of inputs and parameters, given those of the outputs, which are not read afterwards.
  func backward(into gradients: GradientBuffer)
}
