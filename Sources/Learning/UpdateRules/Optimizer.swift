import Autodiff
import Numerics

/// Adds up the gradients of a batch, clips them, and lets an update rule change the parameters.
///
/// An update is two passes over the memory, each cut into any number of parts for as many threads: `combine` adds the
/// gradients of the groups and measures their norm, and `update` changes the parameters. Sums run over fixed chunks, so
/// the number of parts never changes a digit.
public final class Optimizer {
  public let rule: any UpdateRule
  /// Gradients longer than this, as one vector, are shortened to it; nil never shortens them.
  public let clippingNorm: Float?
  /// λ of decoupled weight decay, w ← w - η λ w after every update (Loshchilov and Hutter 2019); tensors
  /// of one row, such as biases, keep their size.
  public let weightDecay: Float
  /// How many updates were made.
  public internal(set) var updates = 0

  /// The rule's moments, [length] each, in the same flat layout as the parameters.
  let moments: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  private let length: Int
  private let values: UnsafeMutablePointer<Float>
  /// The places of the numbers that decay.
  private let decaying: [Range<Int>]
  private let chunkNorms: UnsafeMutablePointer<Float>
  private let arena = Arena()
  private static let chunk = 4096

  public init(
    _ rule: any UpdateRule, clippingNorm: Float? = nil, weightDecay: Float = 0, for parameters: Parameters
  ) {
    self.rule = rule
    self.weightDecay = weightDecay
    self.clippingNorm = clippingNorm
    length = parameters.length
    values = parameters.flat
    decaying = parameters.tensors.filter { $0.rows > 1 }.map { tensor in
      let first = parameters[tensor].pointer - parameters.flat
      return first..<(first + tensor.count)
    }
    moments = .allocate(capacity: rule.moments.count)
    for index in rule.moments.indices { moments.initializeElement(at: index, to: arena.take(count: length)) }
    chunkNorms = arena.take(count: (parameters.length + Self.chunk - 1) / Self.chunk)
  }

  deinit { moments.deallocate() }

  private var chunks: Int { (length + Self.chunk - 1) / Self.chunk }

  /// The numbers of one part of the work, whole chunks.
  private func range(_ part: Int, of parts: Int) -> Range<Int> {
    (chunks * part / parts)..<(chunks * (part + 1) / parts)
  }

  /// Adds all gradients into the first, in order, and notes the square of their norm, chunk by chunk.
  public func combine(_ gradients: [GradientBuffer], part: Int = 0, of parts: Int = 1) {
    let sum = gradients[0].flat
    for chunk in range(part, of: parts) {
      let first = chunk * Self.chunk
      let count = min(Self.chunk, length - first)
      gradients[0].combine(with: gradients.dropFirst(), first..<(first + count))
      chunkNorms[chunk] = sumOfSquares(sum + first, count: count)
    }
  }

  /// The norm of the combined gradient, before any clipping.
  public var gradientNorm: Float {
    var sum: Float = 0
    for chunk in 0..<chunks { sum += chunkNorms[chunk] }
    return sum.squareRoot()
  }

  /// Counts an update; once, before its parts.
  public func beginUpdate() { updates += 1 }

  /// Changes the parameters along the combined gradient.
  public func update(_ gradient: GradientBuffer, rate: Float, part: Int = 0, of parts: Int = 1) {
    let norm = gradientNorm
    let scale = clippingNorm.map { norm > $0 ? $0 / norm : 1 } ?? 1
    let chunks = range(part, of: parts)
    let first = chunks.lowerBound * Self.chunk
    let count = min(chunks.upperBound * Self.chunk, length) - first
    guard count > 0 else { return }
    rule.update(
      UpdateSlice(
        count: count, weights: values + first, gradients: gradient.flat + first, moments: moments,
        offset: first,
        scale: scale, rate: rate, updates: updates))
    guard weightDecay > 0 else { return }
    let decay = rate * weightDecay
    for range in decaying {
      for i in range.clamped(to: first..<(first + count)) { values[i] -= decay * values[i] }
    }
  }
}

/// Σ x², sixteen sums side by side.
private func sumOfSquares(_ x: UnsafeMutablePointer<Float>, count: Int) -> Float {
  var sums = SIMD16<Float>()
  var i = 0
  while i + 16 <= count {
    let values = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self)
    sums += values * values
    i += 16
  }
  var sum = sums.sum()
  while i < count {
    sum += x[i] * x[i]
    i += 1
  }
  return sum
}
