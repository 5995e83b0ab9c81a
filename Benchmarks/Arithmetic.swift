// How much arithmetic an image takes: the denominator of every limit, counted here and nowhere else.

import RecurrentAttention
import StudyKit

/// A linear map of a network, as a product of matrices: what it costs an image, in multiply-adds.
struct Product: Equatable {
  var name: String
  /// How often an image goes through it.
  var count: Int
  var inputs: Int
  var outputs: Int
  /// Whether something below it is trained, so that training needs the gradient of its input too.
  var passesGradient: Bool
  /// Whether training needs it but evaluation does not.
  var isForTrainingOnly = false

  var multiplyAdds: Int { count * inputs * outputs }
}

/// The floating-point operations that an image needs: 2 for every multiply-add of every product.
///
///     forward     y = x W
///     training    y = x W,  dW = xᵀ dy,  and dx = dy Wᵀ where something below is trained
///
/// Only products count, and only those that are needed: h_0 = 0 enters none, and no gradient passes to pixels
/// or locations. Everything else a step does (bias, rectifier, retina, loss, update) is what keeps it from
/// the limit.
struct Arithmetic {
  let products: [Product]

  var evaluation: Double {
    2 * products.filter { !$0.isForTrainingOnly }.reduce(0) { $0 + Double($1.multiplyAdds) }
  }

  var training: Double {
    2 * products.reduce(0) { $0 + Double($1.multiplyAdds) * ($1.passesGradient ? 3 : 2) }
  }

  /// - Parameter countsInitialState: as if h_0 were not zero, as code has it that starts from a state of zeros
  ///   and multiplies it like any other.
  init(of network: Network, side: Int, countsInitialState: Bool = false) {
    switch network {
    case .attention(let settings):
      products = Self.attention(settings, countsInitialState: countsInitialState)
    case .convolutional(let filters, let units):
      let (filterSide, stride) = (10, 5)  // paper
      let places = (side - filterSide) / stride + 1
      products = [
        Product(
          name: "filters", count: places * places, inputs: filterSide * filterSide, outputs: filters,
          passesGradient: false),
        Product(
          name: "hidden", count: 1, inputs: places * places * filters, outputs: units, passesGradient: true),
        Product(name: "action", count: 1, inputs: units, outputs: Self.classes, passesGradient: true),
      ]
    case .fullyConnected(let units):
      products = [
        Product(name: "hidden.1", count: 1, inputs: side * side, outputs: units, passesGradient: false),
        Product(name: "hidden.2", count: 1, inputs: units, outputs: units, passesGradient: true),
        Product(name: "action", count: 1, inputs: units, outputs: Self.classes, passesGradient: true),
      ]
    case .agent:
      preconditionFailure("nobody has counted the products of a player of Catch")
    }
  }

  private static let classes = 10

  private static func attention(_ s: AttentionSettings, countsInitialState: Bool) -> [Product] {
    precondition(
      s.core == .rectifier && s.policy == .learned && s.baseline == .learned && s.locationHiddenUnits == nil
        && s.readout == .last && s.episodes == 1,
      "only the paper's classification model is counted")
    let glimpses = s.glimpses
    let decisions = glimpses - 1
    let headsPass = s.headGradient == .coreToo
    return [
      Product(
        name: "glimpse.patch", count: glimpses, inputs: s.retina.columns, outputs: s.patchUnits,
        passesGradient: false),
      Product(
        name: "glimpse.location", count: glimpses, inputs: 2, outputs: s.locationUnits, passesGradient: false),
      Product(
        name: "glimpse.joint", count: glimpses, inputs: s.patchUnits + s.locationUnits,
        outputs: s.glimpseUnits, passesGradient: true),
      Product(
        name: "core.input", count: glimpses, inputs: s.glimpseUnits, outputs: s.coreUnits,
        passesGradient: true),
      Product(
        name: "core.state", count: countsInitialState ? glimpses : decisions, inputs: s.coreUnits,
        outputs: s.coreUnits, passesGradient: true),
      Product(name: "action", count: 1, inputs: s.coreUnits, outputs: s.classCount, passesGradient: true),
      Product(
        name: "location", count: decisions, inputs: s.coreUnits, outputs: 2, passesGradient: headsPass),
      Product(
        name: "baseline", count: decisions, inputs: s.coreUnits, outputs: 1, passesGradient: headsPass,
        isForTrainingOnly: true),
    ]
  }
}
