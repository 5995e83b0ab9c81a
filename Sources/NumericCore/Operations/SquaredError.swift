extension Graph {
  /// Squared error of x against a target, at every step x has.     x [B, 1]
  public func squaredError(_ x: Variable) -> SquaredError {
    precondition(x.columns == 1, "a squared error is of one column, not \(x.columns)")
    let operation = SquaredError(x: x, targets: arena.take(count: batch))
    append(operation)
    return operation
  }
}

/// L = (x - target)², summed over examples and steps; its gradient is scaled by `weight`.
///
/// The target, a return, is known only after the last step: it is filled between forward and backward.
public final class SquaredError: Operation {
  public let x: Variable
  /// The target of every example, the same at every step, [B].
  public let targets: UnsafeMutablePointer<Float>
  public var weight: Float = 1

  init(x: Variable, targets: UnsafeMutablePointer<Float>) {
    self.x = x
    self.targets = targets
  }

  public func forward(step: Int) {}

  /// Mean over examples and steps.
  public var mean: Float { mean(ofShard: 0, of: 1) }

  /// Mean over steps and every `count`-th example from example `shard` on.
  public func mean(ofShard shard: Int, of count: Int) -> Float {
    let values = x.allValues
    var sum: Float = 0
    for row in stride(from: shard, to: values.rows, by: count) {
      let difference = values[row, 0] - targets[row % x.batch]
      sum += difference * difference
    }
    return sum / Float(values.rows / count)
  }

  public func backward(into gradients: GradientBuffer) {
    guard let dx = x.allGradients else { return }
    let adding = x.contribute()
    let values = x.allValues
    for row in 0..<dx.rows {
      // dx = 2 (x - target)
      let d = weight * 2 * (values[row, 0] - targets[row % x.batch])
      dx[row, 0] = adding ? dx[row, 0] + d : d
    }
  }
}
