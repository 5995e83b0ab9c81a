/// Square grey images and their labels, one byte per pixel (0 black, 255 white), row-major [count, side,
/// side].
///
/// Bytes are a quarter of the cache that floats would take; the networks scale them to [0, 1] when they read
/// them.
public final class ImageBatch: @unchecked Sendable {
  public let capacity: Int
  /// Width and height, pixels.
  public let side: Int
  /// How many images are filled, at most `capacity`.
  public var count: Int
  /// How many shards of a larger batch these are, an image of each in turn.
  public var shards = 1
  public let pixels: UnsafeMutablePointer<UInt8>
  public let labels: UnsafeMutablePointer<UInt8>

  public init(capacity: Int, side: Int) {
    precondition(
      capacity > 0 && side > 0, "an image batch needs a capacity (\(capacity)) and side (\(side)) above 0")
    self.capacity = capacity
    self.side = side
    count = 0
    pixels = .allocate(capacity: capacity * side * side)
    pixels.initialize(repeating: 0, count: capacity * side * side)
    labels = .allocate(capacity: capacity)
    labels.initialize(repeating: 0, count: capacity)
  }

  deinit {
    pixels.deallocate()
    labels.deallocate()
  }

  /// Where image `index` stands among the examples, shard after shard.
  public func example(ofImage index: Int) -> Int { index % shards * (count / shards) + index / shards }

  /// The pixels of one image, [side, side].
  public func image(_ index: Int) -> UnsafeMutablePointer<UInt8> {
    precondition(index >= 0 && index < capacity, "image \(index) of a batch of \(capacity)")
    return pixels + index * side * side
  }
}
