/// Stochastic gradient descent with momentum (section 4: "SGD with momentum of 0.9").
///
///     v ← μ v + g
///     w ← w - η v
public struct Momentum: UpdateRule {
  /// μ.
  public var decay: Float

  public init(_ decay: Float = 0.9) { self.decay = decay }  // paper

  public var configuration: Configuration { Configuration("momentum").with("decay", decay) }
  public var summary: String { "SGD with momentum \(decay)" }
  public var moments: [String] { ["velocity"] }

  public func check() throws {
    guard decay >= 0 && decay < 1 else {
      throw DefinitionError(
        "the momentum", decay, "it must be at least 0 and below 1", cure: "choose 0.9, for example")
    }
  }

  public func update(_ slice: UpdateSlice) {
    let (w, g, v) = (slice.weights, slice.gradients, slice.moment(0))
    for i in 0..<slice.count {
      let velocity = decay * v[i] + slice.scale * g[i]
      v[i] = velocity
      w[i] -= slice.rate * velocity
    }
  }
}
