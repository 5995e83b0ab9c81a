/// Adam (Kingma and Ba 2015, algorithm 1).
///
///     m ← β₁ m + (1 - β₁) g              v ← β₂ v + (1 - β₂) g²
///     w ← w - η m̂ / (√v̂ + ε)              m̂, v̂ corrected for their start at zero
public struct Adam: UpdateRule {
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float

  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public var configuration: Configuration {
    Configuration("adam")
      .with("beta1", beta1, default: 0.9)
      .with("beta2", beta2, default: 0.999)
      .with("epsilon", epsilon, default: 1e-8)
  }

  public var summary: String { "Adam" }
  public var moments: [String] { ["mean", "square"] }

  public func check() throws {
    for (name, beta) in [("beta1", beta1), ("beta2", beta2)] where !(beta >= 0 && beta < 1) {
      throw DefinitionError(
        "Adam's \(name)", beta, "it must be at least 0 and below 1", cure: "choose 0.9, for example")
    }
    guard epsilon > 0 else {
      throw DefinitionError("Adam's epsilon", epsilon, "it must be above 0", cure: "choose 1e-8")
    }
  }

  public func update(_ slice: UpdateSlice) {
    let (w, g, m, v) = (slice.weights, slice.gradients, slice.moment(0), slice.moment(1))
    // Both bias corrections in the step and in epsilon, as Kingma and Ba write at the end of section 2.
    let correction = (1 - power(beta2, slice.updates)).squareRoot()
    let step = slice.rate * correction / (1 - power(beta1, slice.updates))
    let floor = epsilon * correction
    let scale = slice.scale
    for i in 0..<slice.count {
      let gradient = scale * g[i]
      let mean = beta1 * m[i] + (1 - beta1) * gradient
      let square = beta2 * v[i] + (1 - beta2) * gradient * gradient
      m[i] = mean
      v[i] = square
      w[i] -= step * mean / (square.squareRoot() + floor)
    }
  }
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
