import Numerics

/// A network unrolled over time for a fixed number of examples, built once and run many times.
///
/// Networks are written forward only, as calls that take and return variables. Each call appends an operation with its
/// derivative. All memory is allocated while the graph is built; running it allocates nothing.
public final class Graph {
  /// Steps of time, T.
  public let steps: Int
  /// Examples, B.
  public let batch: Int
  public let parameters: Parameters
  /// Whether the graph has no memory for gradients.
  public let isForwardOnly: Bool
  public let arena = Arena()
  public let products: Products
  private var operations: [(operation: any Operation, steps: Range<Int>)] = []
  private var touched: [(flags: UnsafeMutablePointer<Bool>, count: Int)] = []

  public init(steps: Int, batch: Int, parameters: Parameters, isForwardOnly: Bool = false) {
    require(steps > 0 && batch > 0, "a graph needs steps (\(steps)) and examples (\(batch)) above 0")
    self.steps = steps
    self.batch = batch
    self.parameters = parameters
    self.isForwardOnly = isForwardOnly
    products = Products(for: parameters)
  }

  /// A new variable [steps, batch, columns], of values zero.
  ///
  /// - Parameters:
  ///   - gradient: whether a gradient passes through it.
  ///   - dense: whether its rows must be stored without gaps.
  public func variable(
    columns: Int, steps range: Range<Int>? = nil, gradient: Bool = true, dense: Bool = false
  ) -> Variable {
    let range = range ?? 0..<steps
    let stride = dense ? columns : rowStride(columns)
    let count = max(range.count * batch * stride, 1)
    return variable(
      values: arena.take(count: count), gradients: gradient ? takeGradients(count: count) : nil, steps: range,
      columns: columns, stride: stride)
  }

  func takeGradients(count: Int) -> UnsafeMutablePointer<Float>? {
    isForwardOnly ? nil : arena.take(count: count)
  }

  /// A variable over memory that is already allocated, with its own record of what has been touched.
  func variable(
    values: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>?, steps range: Range<Int>,
    columns: Int, stride: Int
  ) -> Variable {
    let flags = arena.take(Bool.self, count: max(range.upperBound, 1))
    touched.append((flags, range.upperBound))
    return Variable(
      steps: range, batch: batch, columns: columns, stride: stride, values: values, gradients: gradients,
      touched: flags, whole: 0..<columns, products: products)
  }

  /// Whether nothing was appended yet.
  public var isEmpty: Bool { operations.isEmpty }

  /// - Parameter range: the steps at which it computes something; nil for all.
  public func append(_ operation: any Operation, steps range: Range<Int>? = nil) {
    operations.append((operation, range ?? 0..<steps))
  }

  /// Computes everything at one step of time.
  public func forward(step: Int) {
    for (operation, steps) in operations where steps.contains(step) { operation.forward(step: step) }
  }

  /// Computes all gradients, last operation first, and adds those of the parameters to `gradients`.
  public func backward(into gradients: GradientBuffer) {
    require(!isForwardOnly, "a graph that is forward only has no gradients")
    for (flags, count) in touched { flags.update(repeating: false, count: count) }
    for (operation, _) in operations.reversed() { operation.backward(into: gradients) }
  }
}

/// The distance from one row to the next, in numbers. It is a cache line longer where rows would be a multiple of 512
/// bytes apart and compete for the same places in the cache. Without that, a step of 20 images took 4 % longer.
func rowStride(_ columns: Int) -> Int { columns % 128 == 0 ? columns + 16 : columns }
