import Numerics

/// The summed-area tables of some frames.
final class FrameTables {
  let side: Int
  /// Of all tables together.
  let bytes: Int
  private let size: Int
  private let tables: UnsafeMutablePointer<Int32>  // [frames, size]
  private let arena = Arena()

  init(frames: Int, side: Int) {
    self.side = side
    size = SummedAreaTable.count(side: side)
    bytes = frames * size * MemoryLayout<Int32>.stride
    tables = arena.take(count: frames * size)
  }

  /// - Parameter frames: [count, side, side].
  func fill(_ frames: UnsafePointer<UInt8>, count: Int) {
    for frame in 0..<count {
      SummedAreaTable.fill(tables + frame * size, pixels: frames + frame * side * side, side: side)
    }
  }

  subscript(frame: Int) -> UnsafePointer<Int32> { UnsafePointer(tables + frame * size) }
}
