import Autodiff
import Learning

/// The paper's reference network that sees every pixel at once: two rectifier layers and a softmax (tables 1
/// and 2, "FC").
///
///     h_1 = Rect(Linear(x))        [B, units]      x [B, side²]
///     h_2 = Rect(Linear(h_1))      [B, units]
///     p   = softmax(Linear(h_2))   [B, classes]
public struct FullyConnected: Network, Equatable {
  /// Units in each of the two layers: 256 at 28x28, 64 and 256 at 60x60 (paper).
  public var units: Int

  public init(units: Int) { self.units = units }

  public var configuration: Configuration { Configuration("fully_connected").with("units", units) }

  public func check(on world: any World) throws {
    try checkOneLabel("fully connected", on: world)
    try checkPositive("the fully connected network", ("units", units))
  }

  /// side² units + units² + units classes.
  public func multiplyAdds(on world: any World) -> Int? {
    world.side * world.side * units + units * units + units * (world.classCounts.first ?? 0)
  }

  public func makeLearner(for world: any World, seed: UInt64) -> any Learner {
    ImageNetwork(side: world.side) { parameters in
      let first = LinearLayer(
        "hidden.1", inputs: world.side * world.side, outputs: units, passesGradient: false,
        use: .onceOnPixels, in: parameters)
      let second = LinearLayer(
        "hidden.2", inputs: units, outputs: units, use: .once, in: parameters)
      let action = LinearLayer("action", inputs: units, outputs: world.classCounts[0], in: parameters)
      // ours: the paper does not state an initialisation.
      for layer in [first, second, action] { parameters.initialize(layer, seed: seed) }
      return { pixels, graph in
        let h1 = graph.linear(pixels, first, .rectifier)
        let h2 = graph.linear(h1, second, .rectifier)
        return graph.linear(h2, action)
      }
    }
  }
}
