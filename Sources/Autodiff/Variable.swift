import Numerics

/// The output of one node of a graph at every time step: values and gradients, each [steps, batch, columns].
///
/// The steps follow each other with one row stride, so one step is a matrix [batch, columns], and all steps together
/// are a matrix [steps × batch, columns], which backward products use at once. A variable may be some columns of a
/// wider memory; that is how two inputs of a layer stand side by side without a copy.
///
/// Gradients are accumulators: operations add to them. A gradient that nothing was added to in a backward pass is zero.
public struct Variable {
  public let steps: Range<Int>
  public let batch: Int
  public let columns: Int
  let stride: Int
  let values: UnsafeMutablePointer<Float>  // of step `steps.lowerBound`
  let gradients: UnsafeMutablePointer<Float>?
  /// For each step of time whether its gradient holds anything of this backward pass, in all columns of `whole`.
  let touched: UnsafeMutablePointer<Bool>
  /// The columns of the whole memory, counted from the first column of this variable.
  let whole: Range<Int>
  let products: Products
  /// The bytes that the values were made of, if they are `Pixels`.
  var bytes: UnsafePointer<UInt8>?

  // MARK: - Values

  /// The values at one step of time, [batch, columns].
  public func value(at step: Int) -> Matrix {
    require(steps.contains(step), "step \(step) is not among the variable's \(steps)")
    return Matrix(
      values + (step - steps.lowerBound) * batch * stride, rows: batch, columns: columns, stride: stride)
  }

  /// The values of all steps, [steps × batch, columns].
  public var allValues: Matrix { Matrix(values, rows: steps.count * batch, columns: columns, stride: stride) }

  // MARK: - Gradients

  public var hasGradient: Bool { gradients != nil }

  /// The gradients at one step of time, [batch, columns], to add to or to read; nil when none passes.
  public func gradient(at step: Int) -> Matrix? {
    require(steps.contains(step), "step \(step) is not among the variable's \(steps)")
    touch(step)
    return gradients.map {
      Matrix($0 + (step - steps.lowerBound) * batch * stride, rows: batch, columns: columns, stride: stride)
    }
  }

  /// The gradients of all steps, [steps × batch, columns], to add to or to read; nil when none passes.
  public var allGradients: Matrix? {
    for step in steps { touch(step) }
    return gradients.map { Matrix($0, rows: steps.count * batch, columns: columns, stride: stride) }
  }

  /// Adds a product to the gradients of all steps, dx += A B.     A [steps × batch, k]   B [k, columns]
  public func accumulate(_ a: Matrix, _ b: Matrix) {
    guard hasGradient else { return }
    // A product may overwrite what was never touched, but only as whole rows of all steps.
    let overwrites = isWhole && !steps.contains { touched[$0] }
    if overwrites { for step in steps { touched[step] = true } }
    if let dx = allGradients { products.multiply(a, b, into: dx, accumulating: !overwrites) }
  }

  /// Adds a product to the gradients of one step, dx_t += A B.     A [batch, k]   B [k, columns]
  public func accumulate(_ a: Matrix, _ b: Matrix, at step: Int) {
    guard hasGradient else { return }
    let overwrites = isWhole && !touched[step]
    if overwrites { touched[step] = true }
    if let dx = gradient(at: step) { products.multiply(a, b, into: dx, accumulating: !overwrites) }
  }

  private var isWhole: Bool { whole == 0..<columns }

  /// Clears the gradients of a step that were not touched yet, those of neighbouring columns too.
  private func touch(_ step: Int) {
    guard !touched[step], let gradients else { return }
    touched[step] = true
    let first = gradients + (step - steps.lowerBound) * batch * stride + whole.lowerBound
    for row in 0..<batch { (first + row * stride).update(repeating: 0, count: whole.count) }
  }

  // MARK: - Views

  /// The same values, through which no gradient passes.
  public var detached: Variable {
    Variable(
      steps: steps, batch: batch, columns: columns, stride: stride, values: values, gradients: nil,
      touched: touched, whole: whole, products: products)
  }

  /// Some of the steps of this variable.
  public func during(_ range: Range<Int>) -> Variable {
    require(
      range.lowerBound >= steps.lowerBound && range.upperBound <= steps.upperBound,
      "steps \(range) are not among the variable's \(steps)")
    let skipped = (range.lowerBound - steps.lowerBound) * batch * stride
    return Variable(
      steps: range, batch: batch, columns: columns, stride: stride, values: values + skipped,
      gradients: gradients.map { $0 + skipped }, touched: touched, whole: whole, products: products)
  }

  /// Some of the columns of this variable.
  public func columns(_ range: Range<Int>) -> Variable {
    require(
      range.lowerBound >= 0 && range.upperBound <= columns,
      "columns \(range) of a variable that has \(columns)")
    return Variable(
      steps: steps, batch: batch, columns: range.count, stride: stride, values: values + range.lowerBound,
      gradients: gradients.map { $0 + range.lowerBound }, touched: touched,
      whole: (whole.lowerBound - range.lowerBound)..<(whole.upperBound - range.lowerBound),
      products: products)
  }
}

extension Variable {
  /// For an operation that keeps the number of a column in a byte.
  func requireByteIndex() {
    require(columns <= 256, "a byte chooses among at most 256 columns, not \(columns)")
  }
}

/// Copies the values of variables at one step to other variables at another step, in any graphs with the same number of
/// examples. With what a core carries, a second graph can continue from the first.
public func copyState(from sources: [Variable], step: Int, to destinations: [Variable], step place: Int) {
  require(
    sources.count == destinations.count, "\(sources.count) states are copied to \(destinations.count)")
  for (source, destination) in zip(sources, destinations) {
    let (from, to) = (source.value(at: step), destination.value(at: place))
    require(
      from.rows == to.rows && from.columns == to.columns,
      "a state \(from.shape) does not fit into a state \(to.shape)")
    for row in 0..<from.rows { to.row(row).update(from: from.row(row), count: from.columns) }
  }
}
