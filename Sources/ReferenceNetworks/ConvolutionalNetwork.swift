import NumericCore

/// The paper's convolutional reference network (tables 1 and 2, "Convolutional"): one layer of filters, a
/// rectifier layer and a softmax.
///
///     c = Rect(x ∗ W + b)          [B, places × filters]      x [B, side²]
///     h = Rect(Linear(c))          [B, units]
///     p = softmax(Linear(h))       [B, classes]
///
/// There is no padding and no pooling: 4 x 4 places at 28 x 28 pixels, 11 x 11 at 60 x 60, 19 x 19 at 100 x
/// 100.
public final class ConvolutionalNetwork: Learner, @unchecked Sendable {
  public let imageSide: Int
  public let filters: Int
  /// Pixels.
  public let filterSide: Int
  /// Pixels.
  public let stride: Int
  public let units: Int
  public let classCount: Int
  public let parameters = Parameters()
  private let convolution: ConvolutionLayer
  private let hidden: LinearLayer
  private let action: LinearLayer

  /// - Parameter seed: of the initial weights.
  public init(
    imageSide: Int,
    filters: Int = 8,  // paper: the captions; the text says 16, the counts agree with 8
    filterSide: Int = 10,  // paper
    stride: Int = 5,  // paper
    units: Int = 256,  // paper; 86 at 100x100
    classCount: Int = 10,
    seed: UInt64
  ) {
    precondition(
      units > 0 && classCount > 1, "units (\(units)) are above 0, and classes (\(classCount)) above 1")
    self.imageSide = imageSide
    self.filters = filters
    self.filterSide = filterSide
    self.stride = stride
    self.units = units
    self.classCount = classCount
    convolution = ConvolutionLayer(
      "filters", filters: filters, filterSide: filterSide, stride: stride, in: parameters)
    let placesPerSide = convolution.placesPerSide(imageSide: imageSide)
    hidden = LinearLayer(
      "hidden", inputs: placesPerSide * placesPerSide * filters, outputs: units, in: parameters)
    action = LinearLayer("action", inputs: units, outputs: classCount, in: parameters)
    // ours: the paper does not state an initialisation.
    parameters.initialize(convolution, seed: seed)
    parameters.initialize(hidden, seed: seed)
    parameters.initialize(action, seed: seed)
    parameters.refreshCopies()
  }

  /// Where each filter is applied along one side of the image.
  public var placesPerSide: Int { convolution.placesPerSide(imageSide: imageSide) }

  /// Of one forward pass: places f² filters + places filters units + units classes.
  public var multiplyAddsPerImage: Int {
    let places = placesPerSide * placesPerSide
    return places * filterSide * filterSide * filters + places * filters * units + units * classCount
  }

  public var isStochastic: Bool { false }

  public var state: [Float] {
    get { [] }
    set {}
  }

  public func makeWorker(images: Int, side: Int) -> any LearnerWorker {
    precondition(side == imageSide, "a network for images \(imageSide) wide is given images \(side) wide")
    return ImageNetworkWorker(parameters: parameters, images: images, side: side) { pixels, graph in
      let c = graph.convolution(pixels, imageSide: side, convolution)
      let h = graph.linear(c, hidden, .rectifier)
      return graph.linear(h, action)
    }
  }

  public func finishStep(_ tally: Tally) {}
}
