/// Memory for everything that a graph computes with, allocated when the graph is built and freed with it.
public final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  public init() {}

  deinit { blocks.forEach { $0.deallocate() } }

  /// `count` values of zero bytes, on a cache line's boundary.
  public func take<Element: BitwiseCopyable>(
    _ type: Element.Type = Element.self, count: Int
  ) -> UnsafeMutablePointer<Element> {
    require(count > 0, "an arena gives out at least one value, not \(count)")
    let size = count * MemoryLayout<Element>.stride
    // One cache line more than requested: vector loops may read, but never write, past the end.
    let block = UnsafeMutableRawPointer.allocate(byteCount: size + 64, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: size + 64)
    blocks.append(block)
    return block.bindMemory(to: Element.self, capacity: count)
  }
}
