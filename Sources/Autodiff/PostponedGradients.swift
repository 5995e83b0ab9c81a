import Numerics

/// Makes the gradients of large tensors from what the groups of a batch have put off.
///
/// A gradient that no cache holds is read and written once for every shard and every group when each product is added
/// as it comes, and then memory decides how long a step takes. Here it is made band by band of rows, all products of one
/// band while that is in the cache, and written once. Each number is the same sum to the last digit: a group's products
/// in order, then the groups in order.
public final class PostponedGradients {
  private let groups: [GradientBuffer]
  private let tensors: [Parameter]
  /// A band of one group's sum, for each part of the work.
  private let bands: [UnsafeMutablePointer<Float>]
  private let arena = Arena()
  private static let bandNumbers = 1 << 16  // ours: a quarter of a core's second-level cache
  /// Ours: over so few examples oneDNN adds up in one chain, and to what is there already at its end.
  private static let longestChain = 128

  /// - Parameter parts: the most that `finish` is cut into.
  public init(of groups: [GradientBuffer], parts: Int) {
    self.groups = groups
    tensors = groups[0].postponed
    let (arena, largest) = (arena, tensors.map { Self.bandRows($0) * $0.columns }.max())
    bands = largest.map { count in (0..<parts).map { _ in arena.take(count: count) } } ?? []
  }

  public var isEmpty: Bool { tensors.isEmpty }
  public var bytes: Int { arena.bytes }

  private static func bandRows(_ tensor: Parameter) -> Int { max(bandNumbers / tensor.columns / 16 * 16, 16) }

  /// Adds up the large tensors' gradients in the first group, `part` of `parts` of the work.
  public func finish(part: Int = 0, of parts: Int = 1) {
    for tensor in tensors {
      let size = Self.bandRows(tensor)
      let count = (tensor.rows + size - 1) / size
      for band in (count * part / parts)..<(count * (part + 1) / parts) {
        let rows = (band * size)..<min((band + 1) * size, tensor.rows)
        let room = Matrix(bands[part], rows: rows.count, columns: tensor.columns)
        let sum = groups[0].matrix(tensor, rows: rows)
        PostponedProducts.multiply(groups[0].terms(of: tensor), rows: rows, into: sum)
        for group in groups.dropFirst() { add(group, rows, of: tensor, to: sum, room: room) }
      }
    }
  }

  private func add(
    _ group: GradientBuffer, _ rows: Range<Int>, of tensor: Parameter, to sum: Matrix, room: Matrix
  ) {
    let terms = group.terms(of: tensor)
    if terms.count == 1, terms[0].x.rows <= Self.longestChain {
      return PostponedProducts.multiply(terms, rows: rows, into: sum, accumulating: true)
    }
    PostponedProducts.multiply(terms, rows: rows, into: room)
    // Without products it is in the group's own memory.
    let source = terms.isEmpty ? group.matrix(tensor, rows: rows).pointer : room.pointer
    for i in 0..<(sum.rows * sum.columns) { sum.pointer[i] += source[i] }
  }
}
