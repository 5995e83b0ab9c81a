/// One step of a computation, next to its derivative.
///
/// Forward runs step of time by step of time, because where a glimpse looks depends on the one before.
/// Backward runs once for all steps: what does not feed back in time is then one large product instead of one
/// small one a step.
///
/// Forward writes values. Backward adds, `+=`, to the gradients of inputs and parameters, given those of outputs:
///
///     guard let dx = x.allGradients, let dy = y.allGradients else { return }
///     for row in 0..<dy.rows { for j in 0..<dy.columns { dx[row, j] += 2 * dy[row, j] } }
///
/// Products are added by `Variable.accumulate` and `GradientBuffer.add`, which save clearing what they fill.
public protocol Operation: AnyObject {
  /// Computes the outputs of one step of time, one of those that the operation was appended for.
  func forward(step: Int)
  /// Adds to the gradients of inputs and parameters, given those of the outputs, which nobody reads after it.
  func backward(into gradients: GradientBuffer)
}
