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
  /// For some columns of a variable: all of its columns, counted from this view's first. `written` is about all of them.
  var whole: Range<Int>?

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
      steps: steps, batch: batch, columns: columns, stride: stride, values: values, gradients: nil, written: written,
      whole: whole)
  }

  /// Some of the steps of this variable.
  public func during(_ range: Range<Int>) -> Variable {
    precondition(
      range.lowerBound >= steps.lowerBound && range.upperBound <= steps.upperBound,
      "steps \(range) are not among the variable's \(steps)")
    let skipped = (range.lowerBound - steps.lowerBound) * batch * stride
    return Variable(
      steps: range, batch: batch, columns: columns, stride: stride, values: values + skipped,
      gradients: gradients.map { $0 + skipped }, written: written, whole: whole)
  }

  /// Some of the columns of this variable.
  public func columns(_ range: Range<Int>) -> Variable {
    precondition(range.upperBound <= columns, "columns \(range) of a variable that has \(columns)")
    let all = whole ?? 0..<columns
    return Variable(
      steps: steps, batch: batch, columns: range.count, stride: stride, values: values + range.lowerBound,
      gradients: gradients.map { $0 + range.lowerBound }, written: written,
      whole: (all.lowerBound - range.lowerBound)..<(all.upperBound - range.lowerBound))
  }

  /// Readies the gradient for a contribution to all steps: whether to add it to what stands there.
  ///
  /// If only some steps were written before, or this is only some of the columns, what was not written is cleared, so that
  /// all can be added to.
  func contribute() -> Bool {
    if let whole {
      for step in steps where !written[step] {
        clearGradient(at: step, columns: whole)
        written[step] = true
      }
      return true
    }
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

  private func clearGradient(at step: Int, columns range: Range<Int>? = nil) {
    guard let gradient = gradient(at: step) else { return }
    let range = range ?? 0..<columns
    for row in 0..<batch { (gradient.row(row) + range.lowerBound).update(repeating: 0, count: range.count) }
  }
}
