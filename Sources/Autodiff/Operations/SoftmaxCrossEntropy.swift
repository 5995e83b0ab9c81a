import Numerics

extension Graph {
  /// Cross entropy of softmax(x) against labels, at every step x has.     x [B, classes]
  public func softmaxCrossEntropy(_ logits: Variable) -> SoftmaxCrossEntropy {
    let operation = SoftmaxCrossEntropy(
      logits: logits, probabilities: variable(columns: logits.columns, steps: logits.steps, gradient: false),
      labels: arena.take(count: batch), losses: arena.take(count: logits.steps.count * batch))
    append(operation, steps: logits.steps)
    return operation
  }
}

/// L = -log p(label), p = softmax(x), summed over examples and steps; its gradient is scaled by `weight`.
public final class SoftmaxCrossEntropy: Operation {
  public let logits: Variable
  /// p, [B, classes] at every step of the logits.
  public let probabilities: Variable
  /// The right class of every example, [B]: filled before `forward`.
  public let labels: UnsafeMutablePointer<UInt8>
  /// -log p(label) of every example, [steps × B].
  public let losses: UnsafeMutablePointer<Float>
  /// How much a unit of this loss adds to the objective, e.g. one over the batch.
  public var weight: Float = 1
  /// The weight of each example's loss, [steps × B], filled between forward and backward; nil if all weigh the same.
  public var rowWeights: UnsafeMutablePointer<Float>?

  init(
    logits: Variable, probabilities: Variable, labels: UnsafeMutablePointer<UInt8>,
    losses: UnsafeMutablePointer<Float>
  ) {
    logits.requireByteIndex()
    self.logits = logits
    self.probabilities = probabilities
    self.labels = labels
    self.losses = losses
  }

  public func forward(step: Int) {
    let (x, p) = (logits.value(at: step), probabilities.value(at: step))
    let loss = losses + (step - logits.steps.lowerBound) * x.rows
    for index in 0..<x.rows {
      let logSum = softmax(x.row(index), into: p.row(index), x.columns)
      loss[index] = logSum - x[index, Int(labels[index])]
    }
  }

  public func backward(into gradients: GradientBuffer) {
    guard let dx = logits.allGradients else { return }
    let p = probabilities.allValues
    for index in 0..<dx.rows {
      let (gradient, probability) = (dx.row(index), p.row(index))
      let label = Int(labels[index % probabilities.batch])
      let scale = rowWeights.map { weight * $0[index] } ?? weight
      // dx = p - 1 at the label, p elsewhere
      for j in 0..<dx.columns {
        gradient[j] += scale * (probability[j] - (j == label ? 1 : 0))
      }
    }
  }

  /// The most probable class of an example; the first of equals.
  public func prediction(step: Int, example: Int) -> Int {
    argmax(logits.value(at: step).row(example), logits.columns)
  }
}
