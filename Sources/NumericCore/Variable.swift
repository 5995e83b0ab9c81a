/// What one box of a network puts out at every time step: values and gradients, each [steps, batch, columns].
///
/// The steps lie behind each other with one row stride, so that one step is a matrix [batch, columns], and all of them are
/// one [steps × batch, columns]: backward products take all steps at once. A variable may be some columns of a wider
/// memory, which is how two inputs of a layer stand side by side without a copy.
public struct Variable {
  public let steps: Range<Int>
  public let batch: Int
  public let columns: Int
  let stride: Int
  let values: UnsafeMutablePointer<Float>  // of step `steps.lowerBound`
  let gradients: UnsafeMutablePointer<Float>?
  /// For each step of time whether its gradient has been written in this backward pass.
  let written: UnsafeMutablePointer<Bool>

  public var hasGradient: Bool { gradients != nil }

  /// The values at one step of time, [batch, columns].
  public func value(at step: Int) -> Matrix {
    precondition(steps.contains(step), "step \(step) is not among the variable's \(steps)")
    return Matrix(values + (step - steps.lowerBound) * batch * stride, rows: batch, columns: columns, stride: stride)
  }

  /// The values of all steps, [steps × batch, columns].
  public var allValues: Matrix { Matrix(values, rows: steps.count * batch, columns: columns, stride: stride) }

  /// The gradients at one step of time, [batch, columns].
  func gradient(at step: Int) -> Matrix? {
    gradients.map {
      Matrix($0 + (step - steps.lowerBound) * batch * stride, rows: batch, columns: columns, stride: stride)
    }
  }

  /// The gradients of all steps, [steps × batch, columns].
  public var allGradients: Matrix? {
    gradients.map { Matrix($0, rows: steps.count * batch, columns: columns, stride: stride) }
  }

  /// The same values, through which no gradient passes.
  public var detached: Variable {
    Variable(
      steps: steps, batch: batch, columns: columns, stride: stride, values: values, gradients: nil, written: written)
  }

  /// Some of the steps of this variable.
  public func during(_ range: Range<Int>) -> Variable {
    precondition(
      range.lowerBound >= steps.lowerBound && range.upperBound <= steps.upperBound,
      "steps \(range) are not among the variable's \(steps)")
    let skipped = (range.lowerBound - steps.lowerBound) * batch * stride
    return Variable(
      steps: range, batch: batch, columns: columns, stride: stride, values: values + skipped,
      gradients: gradients.map { $0 + skipped }, written: written)
  }

  /// Some of the columns of this variable.
  public func columns(_ range: Range<Int>) -> Variable {
    precondition(range.upperBound <= columns, "columns \(range) of a variable that has \(columns)")
    return Variable(
      steps: steps, batch: batch, columns: range.count, stride: stride, values: values + range.lowerBound,
      gradients: gradients.map { $0 + range.lowerBound }, written: written)
  }

  /// Readies the gradient for a contribution to all steps: whether to add it to what stands there.
  ///
  /// If only some steps were written before, the others are cleared, so that all can be added to.
  func contribute() -> Bool {
    let before = steps.reduce(0) { $0 + (written[$1] ? 1 : 0) }
    if before > 0 && before < steps.count {
      for step in steps where !written[step] { clearGradient(at: step) }
    }
    for step in steps { written[step] = true }
    return before > 0
  }

  /// Readies the gradient of one step for a contribution: whether to add it to what stands there.
  func contribute(at step: Int) -> Bool {
    defer { written[step] = true }
    return written[step]
  }

  /// Readies the gradients for reading: steps that nothing contributed to are zero.
  func settle() {
    for step in steps where !written[step] { clearGradient(at: step) }
  }

  private func clearGradient(at step: Int) {
    guard let gradient = gradient(at: step) else { return }
    for row in 0..<batch { gradient.row(row).update(repeating: 0, count: columns) }
  }
}
