/// Gradients of all tensors of a set of `Parameters`, in the same flat layout.
public final class GradientBuffer: @unchecked Sendable {
  public let flat: UnsafeMutablePointer<Float>
  /// How many shards the examples of a graph are of, example r of shard r modulo this: each shard is summed on its own,
  /// and the sums are added in order.
  public let shards: Int
  /// Whether more shards are to be added later.
  private let takesMore: Bool
  private let parameters: Parameters
  private let written: UnsafeMutablePointer<Bool>
  private let shardSums: UnsafeMutablePointer<Float>
  private let arena = Arena()

  /// - Parameter takesMore: whether more than one backward pass is added, each with sums of its own. Without, a later
  ///   pass goes on with the sums of the one before, which may differ in the last digit.
  public init(for parameters: Parameters, shards: Int = 1, takesMore: Bool = false) {
    self.parameters = parameters
    self.shards = shards
    self.takesMore = takesMore
    flat = arena.take(count: max(parameters.length, 1))
    let widest = parameters.tensors.map { $0.rows == 1 ? $0.columns : 0 }.max() ?? 0
    shardSums = arena.take(count: max(shards * widest, 1))
    written = arena.take(count: max(parameters.tensors.count, 1))
  }

  /// Forgets all gradients. Nothing is cleared here: the first contribution overwrites.
  public func reset() { written.update(repeating: false, count: parameters.tensors.count) }

  /// Sets the gradients that nothing contributed to since `reset` to zero.
  public func clearUnwritten() {
    for parameter in parameters.tensors where !written[parameter.index] {
      (flat + parameter.offset).update(repeating: 0, count: parameter.count)
    }
  }

  public subscript(parameter: Parameter) -> Matrix {
    Matrix(flat + parameter.offset, rows: parameter.rows, columns: parameter.columns)
  }

  /// Where to put a contribution, and whether to add it to what stands there.
  func destination(of parameter: Parameter) -> (gradient: Matrix, accumulating: Bool) {
    defer { written[parameter.index] = true }
    return (self[parameter], written[parameter.index])
  }

  /// As `destination`, cleared if nothing stands there yet, for contributions that can only be added.
  func accumulator(of parameter: Parameter) -> Matrix {
    let (gradient, accumulating) = destination(of: parameter)
    if !accumulating { gradient.pointer.update(repeating: 0, count: parameter.count) }
    return gradient
  }

  /// Where the gradient of a bias is summed, row by row of a batch: a row of sums for each shard, [shards, columns].
  /// They are part of the gradient after `finish`.
  func sums(of bias: Parameter) -> Matrix {
    guard shards > 1 || takesMore else { return accumulator(of: bias) }
    shardSums.update(repeating: 0, count: shards * bias.columns)
    return Matrix(shardSums, rows: shards, columns: bias.columns)
  }

  /// Adds the sums of all shards, in order.
  func finish(_ sums: Matrix, of bias: Parameter) {
    guard shards > 1 || takesMore else { return }
    let sum = accumulator(of: bias)
    for shard in 0..<shards {
      for j in 0..<bias.columns { sum.pointer[j] += sums[shard, j] }
    }
  }
}
