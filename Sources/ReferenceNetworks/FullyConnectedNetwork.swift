import NumericCore

/// The paper's reference network that sees every pixel at once: two rectifier layers and a softmax (tables 1
/// and 2, "FC").
///
///     h_1 = Rect(Linear(x))        [B, units]      x [B, side²]
///     h_2 = Rect(Linear(h_1))      [B, units]
///     p   = softmax(Linear(h_2))   [B, classes]
public final class FullyConnectedNetwork: Learner, @unchecked Sendable {
  public let imageSide: Int
  /// Of each of the two layers.
  public let units: Int
  public let classCount: Int
  public let parameters = Parameters()
  private let first: LinearLayer
  private let second: LinearLayer
  private let action: LinearLayer

  /// - Parameters:
  ///   - units: 256 at 28x28; 64 and 256 at 60x60 (paper).
  ///   - seed: of the initial weights.
  public init(imageSide: Int, units: Int, classCount: Int = 10, seed: UInt64) {
    precondition(
      imageSide > 0 && units > 0 && classCount > 1,
      "image side (\(imageSide)) and units (\(units)) are above 0, and classes (\(classCount)) above 1")
    self.imageSide = imageSide
    self.units = units
    self.classCount = classCount
    first = LinearLayer(
      "hidden.1", inputs: imageSide * imageSide, outputs: units, passesGradient: false, in: parameters)
    second = LinearLayer("hidden.2", inputs: units, outputs: units, in: parameters)
    action = LinearLayer("action", inputs: units, outputs: classCount, in: parameters)
    // ours: the paper does not state an initialisation.
    for layer in [first, second, action] { parameters.initialize(layer, seed: seed) }
    parameters.refreshCopies()
  }

  /// Of one forward pass: side² units + units² + units classes.
  public var multiplyAddsPerImage: Int { imageSide * imageSide * units + units * units + units * classCount }

  public var isStochastic: Bool { false }

  public var state: [Float] {
    get { [] }
    set {}
  }

  public func makeWorker(images: Int, side: Int) -> any LearnerWorker {
    precondition(side == imageSide, "a network for images \(imageSide) wide is given images \(side) wide")
    return ImageNetworkWorker(parameters: parameters, images: images, side: side) { pixels, graph in
      let h1 = graph.linear(pixels, first, .rectifier)
      let h2 = graph.linear(h1, second, .rectifier)
      return graph.linear(h2, action)
    }
  }

  public func finishStep(_ tally: Tally) {}
}
