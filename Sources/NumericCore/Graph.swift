/// One step of a computation, next to its derivative.
///
/// Forward runs step of time by step of time, because where a glimpse looks depends on the one before.
/// Backward runs once for all steps: what does not feed back in time is then one large product instead of one
/// small one a step.
public protocol Operation: AnyObject {
  /// Computes the outputs of one step of time.
  func forward(step: Int)
  /// Adds to the gradients of inputs and parameters, given the gradients of the outputs; to those of parameters shard
  /// by shard, as `GradientBuffer.shards` says.
  func backward(into gradients: GradientBuffer)
}

/// A network unrolled over time for a fixed number of examples, built once and run many times.
///
/// Networks are written forward only, as calls that take and return variables; each call appends an operation
/// that carries its derivative. All memory is taken while building: running allocates nothing.
///
/// - Gradient convention: the first contribution to a gradient overwrites, later ones add.
public final class Graph {
  /// Steps of time, T.
  public let steps: Int
  /// Examples, B.
  public let batch: Int
  public let arena = Arena()
  let parameters: Parameters
  let products: Products
  private var operations: [any Operation] = []
  private var flags: [(pointer: UnsafeMutablePointer<Bool>, count: Int)] = []

  public init(steps: Int, batch: Int, parameters: Parameters) {
    precondition(steps > 0 && batch > 0, "a graph needs steps (\(steps)) and examples (\(batch)) above 0")
    self.steps = steps
    self.batch = batch
    self.parameters = parameters
    products = Products(for: parameters)
  }

  /// A new variable [steps, batch, columns], of values zero.
  ///
  /// - Parameter dense: whether its rows must lie without gaps.
  public func variable(
    columns: Int, steps range: Range<Int>? = nil, gradient: Bool = true, dense: Bool = false
  ) -> Variable {
    let range = range ?? 0..<steps
    let stride = dense ? columns : rowStride(columns)
    let count = range.count * batch * stride
    return view(
      values: arena.take(count: count), gradients: gradient ? arena.take(count: count) : nil, steps: range,
      columns: columns, stride: stride)
  }

  /// From one row to the next, numbers: a cache line more where rows would stand a multiple of 512 bytes apart and share
  /// few places of a cache. A step of 20 images in shards taken together took 4 % longer without.
  func rowStride(_ columns: Int) -> Int { columns % 128 == 0 ? columns + 16 : columns }

  /// A variable over memory that has been taken already, with its own record of what has been written.
  func view(
    values: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>?, steps range: Range<Int>,
    columns: Int, stride: Int
  ) -> Variable {
    let written = arena.take(Bool.self, count: range.upperBound)
    flags.append((written, range.upperBound))
    return Variable(
      steps: range, batch: batch, columns: columns, stride: stride, values: values, gradients: gradients,
      written: written)
  }

  public func append(_ operation: any Operation) { operations.append(operation) }

  /// Computes everything at one step of time.
  public func forward(step: Int) {
    for operation in operations { operation.forward(step: step) }
  }

  /// Computes all gradients, last operation first, and adds those of the parameters to `gradients`.
  public func backward(into gradients: GradientBuffer) {
    precondition(batch % gradients.shards == 0, "\(batch) examples are no \(gradients.shards) equal shards")
    for (pointer, count) in flags { pointer.update(repeating: false, count: count) }
    for operation in operations.reversed() { operation.backward(into: gradients) }
  }
}
