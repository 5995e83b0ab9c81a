import Autodiff
import Learning

/// The paper's convolutional reference network (tables 1 and 2, "Convolutional"): one layer of filters, a
/// rectifier layer and a softmax.
///
///     c = Rect(x ∗ W + b)          [B, places × filters]      x [B, side²]
///     h = Rect(Linear(c))          [B, units]
///     p = softmax(Linear(h))       [B, classes]
///
/// There is no padding and no pooling: 4 x 4 places at 28 x 28 pixels, 11 x 11 at 60 x 60, 19 x 19 at 100 x 100.
public struct Convolutional: Network, Equatable {
  public var filters: Int
  public var units: Int
  /// Pixels.
  public var filterSide: Int
  /// Pixels.
  public var stride: Int

  public init(
    filters: Int = 8,  // paper: the captions; the text says 16, but parameter counts agree with 8
    units: Int = 256,  // paper; 86 at 100x100
    filterSide: Int = 10,  // paper
    stride: Int = 5  // paper
  ) {
    self.filters = filters
    self.units = units
    self.filterSide = filterSide
    self.stride = stride
  }

  public var configuration: Configuration {
    Configuration("convolutional").with("filters", filters).with("units", units)
      .with("filter_side", filterSide, default: 10).with("stride", stride, default: 5)
  }

  public func check(on world: any World) throws {
    try checkOneLabel("convolutional", on: world)
    try checkPositive(
      "the convolutional network", ("filters", filters), ("units", units), ("filter side", filterSide),
      ("stride", stride))
    guard filterSide <= world.side else {
      throw DefinitionError(
        "the convolutional network's filter side", filterSide, "it does not fit into \(world.side) pixels",
        cure: "choose a smaller one")
    }
  }

  /// places f² filters + places filters units + units classes.
  public func multiplyAdds(on world: any World) -> Int? {
    let side = (world.side - filterSide) / stride + 1
    let places = side * side
    return places * filterSide * filterSide * filters + places * filters * units
      + units * (world.classCounts.first ?? 0)
  }

  public func makeLearner(for world: any World, seed: UInt64) -> any Learner {
    ImageNetwork(side: world.side) { parameters in
      let side = world.side
      let convolution = ConvolutionLayer(
        "filters", filters: filters, filterSide: filterSide, stride: stride, in: parameters)
      let places = convolution.placesPerSide(imageSide: side)
      let hidden = LinearLayer(
        "hidden", inputs: places * places * filters, outputs: units, use: .once, in: parameters)
      let action = LinearLayer("action", inputs: units, outputs: world.classCounts[0], in: parameters)
      // ours: the paper does not state an initialisation.
      parameters.initialize(convolution, seed: seed)
      parameters.initialize(hidden, seed: seed)
      parameters.initialize(action, seed: seed)
      return { pixels, graph in
        let c = graph.convolution(pixels, imageSide: side, convolution)
        let h = graph.linear(c, hidden, .rectifier)
        return graph.linear(h, action)
      }
    }
  }
}
