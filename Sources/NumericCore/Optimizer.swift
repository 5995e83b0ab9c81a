/// How gradients become steps.
public enum OptimizerKind: Sendable, Codable, Equatable {
  /// v ← μ v + g, w ← w - η v. The paper's, with μ = 0.9.
  case momentum(Float)
  /// Kingma and Ba 2015, algorithm 1.
  case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8)
}

/// The optimiser and its moment estimates, in the same flat layout as the parameters.
///
/// An update is two passes over the memory, each cut in any number of parts for as many threads: `combine`
/// adds the gradients of the groups and measures their norm, `update` changes the parameters. Sums run over
/// fixed chunks, so that the number of parts never changes a digit.
public final class Optimizer: @unchecked Sendable {
  public let kind: OptimizerKind
  /// Gradients longer than this, as one vector, are shortened to it; nil never does.
  public let clippingNorm: Float?
  /// How many updates were made.
  public private(set) var updates = 0
  /// First and second moments, [length] each; momentum uses the first only.
  public let moments: (first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>)
  public let length: Int

  private let values: UnsafeMutablePointer<Float>
  private let chunkNorms: UnsafeMutablePointer<Float>
  private let arena = Arena()
  private static let chunk = 4096

  public init(_ kind: OptimizerKind, clippingNorm: Float? = nil, for parameters: Parameters) {
    self.kind = kind
    self.clippingNorm = clippingNorm
    length = parameters.length
    values = parameters.flat
    moments = (arena.take(count: length), arena.take(count: length))
    chunkNorms = arena.take(count: (parameters.length + Self.chunk - 1) / Self.chunk)
  }

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
      for other in 1..<max(gradients.count, 1) {
        let (destination, source) = (sum + first, gradients[other].flat + first)
        for i in 0..<count { destination[i] += source[i] }
      }
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
    let (w, g, m, v) = (values + first, gradient.flat + first, moments.first + first, moments.second + first)
    switch kind {
    case .momentum(let decay):
      for i in 0..<count {
        let velocity = decay * m[i] + scale * g[i]
        m[i] = velocity
        w[i] -= rate * velocity
      }
    case .adam(let beta1, let beta2, let epsilon):
      // Both bias corrections in the step and in epsilon, as Kingma and Ba write at the end of section 2.
      let correction = (1 - power(beta2, updates)).squareRoot()
      let step = rate * correction / (1 - power(beta1, updates))
      let floor = epsilon * correction
      for i in 0..<count {
        let gradient = scale * g[i]
        let mean = beta1 * m[i] + (1 - beta1) * gradient
        let square = beta2 * v[i] + (1 - beta2) * gradient * gradient
        m[i] = mean
        v[i] = square
        w[i] -= step * mean / (square.squareRoot() + floor)
      }
    }
  }

  /// Continues from saved moments, copied by the caller, after so many updates.
  public func restore(updates: Int) { self.updates = updates }
}

/// base^exponent by squaring, in double precision.
private func power(_ base: Float, _ exponent: Int) -> Float {
  var (result, factor, n) = (1.0, Double(base), exponent)
  while n > 0 {
    if n & 1 == 1 { result *= factor }
    factor *= factor
    n >>= 1
  }
  return Float(result)
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
