import Learning

/// Lion, the evolved sign momentum (Chen et al. 2023, "Symbolic discovery of optimization algorithms", program 1).
///
///     w ← w - η sign(β₁ m + (1 - β₁) g)
///     m ← β₂ m + (1 - β₂) g
///
/// Every weight moves by η, so η should be a third to a tenth of Adam's.
public struct Lion: UpdateRule {
  public var beta1: Float
  public var beta2: Float

  public init(beta1: Float = 0.9, beta2: Float = 0.99) {
    self.beta1 = beta1
    self.beta2 = beta2
  }

  public var configuration: Configuration {
    Configuration("lion").with("beta1", beta1, default: 0.9).with("beta2", beta2, default: 0.99)
  }
  public var summary: String { "Lion" }
  public var moments: [String] { ["mean"] }

  public func check() throws {
    for (name, beta) in [("beta1", beta1), ("beta2", beta2)] where !(beta >= 0 && beta < 1) {
      throw DefinitionError(
        "Lion's \(name)", beta, "it must be at least 0 and below 1", cure: "choose 0.9, for example")
    }
  }

  public func update(_ slice: UpdateSlice) {
    let (w, g, m) = (slice.weights, slice.gradients, slice.moment(0))
    for i in 0..<slice.count {
      let gradient = slice.scale * g[i]
      let direction = beta1 * m[i] + (1 - beta1) * gradient
      w[i] -= direction > 0 ? slice.rate : direction < 0 ? -slice.rate : 0
      m[i] = beta2 * m[i] + (1 - beta2) * gradient
    }
  }
}
