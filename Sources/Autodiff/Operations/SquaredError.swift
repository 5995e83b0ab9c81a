import Numerics

extension Graph {
  /// Squared error of one column of x against a target, at every step x has.     x [B, columns]
  public func squaredError(_ x: Variable) -> SquaredError {
    let operation = SquaredError(x: x, targets: arena.take(count: batch), selection: arena.take(count: batch))
    append(operation, steps: x.steps)
    return operation
  }
}

/// L = (x[selection] - target)², summed over examples and steps; its gradient is scaled by `weight`.
///
/// The target, a return, is known only after the last step: it is filled between forward and backward.
public final class SquaredError: Operation {
  public let x: Variable
  /// The target of every example, the same at every step, [B].
  public let targets: UnsafeMutablePointer<Float>
  /// Which column of x has the target, of every example, [B]; the first unless filled. Others get no gradient.
  public let selection: UnsafeMutablePointer<UInt8>
  public var weight: Float = 1

  init(x: Variable, targets: UnsafeMutablePointer<Float>, selection: UnsafeMutablePointer<UInt8>) {
    x.requireByteIndex()
    self.x = x
    self.targets = targets
    self.selection = selection
  }

  public func forward(step: Int) {}

  /// Mean over examples and steps.
  public var mean: Float {
    let values = x.allValues
    var sum: Float = 0
    for row in 0..<values.rows {
      let difference = values[row, Int(selection[row % x.batch])] - targets[row % x.batch]
      sum += difference * difference
    }
    return sum / Float(values.rows)
  }

  public func backward(into gradients: GradientBuffer) {
    guard let dx = x.allGradients else { return }
    let values = x.allValues
    for row in 0..<dx.rows {
      let column = Int(selection[row % x.batch])
      // dx = 2 (x - target)
      dx[row, column] += weight * 2 * (values[row, column] - targets[row % x.batch])
    }
  }
}
