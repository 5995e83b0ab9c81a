// How much arithmetic an image takes: the denominator of every limit.

import Learning
import RecurrentAttention
import ReferenceNetworks

/// A linear map of a network, as a product of matrices: what it costs an image, in multiply-adds.
struct Product: Equatable {
  /// What training does of y = x W.
  enum Training: Int {
    /// y alone.
    case forward = 1
    /// y and dW = xᵀ dy.
    case weight = 2
    /// y, dW and, where a layer below is trained, dx = dy Wᵀ.
    case weightAndInput = 3
  }

  var name: String
  /// How often an image goes through it.
  var count: Int
  var inputs: Int
  var outputs: Int
  var training: Training
  /// Whether training needs it but evaluation does not.
  var isForTrainingOnly = false

  var multiplyAdds: Int { count * inputs * outputs }
}

/// The floating-point operations that an image needs: 2 for every multiply-add of every product.
///
/// Only products count, and only those that are needed: h_0 = 0 enters none, and no gradient passes to pixels or
/// locations. Everything else in a step (bias, rectifier, retina, loss, update) is what keeps it below the limit.
struct Arithmetic {
  let products: [Product]

  var evaluation: Double {
    2 * products.filter { !$0.isForTrainingOnly }.reduce(0) { $0 + Double($1.multiplyAdds) }
  }

  var training: Double {
    2 * products.reduce(0) { $0 + Double($1.multiplyAdds * $1.training.rawValue) }
  }

  /// How many are trained, without biases.
  var weights: Int { products.reduce(0) { $0 + $1.inputs * $1.outputs } }

  /// - Parameter countsInitialState: as if h_0 were not zero, as code has it that starts from a state of zeros
  ///   and multiplies it like any other.
  init(of network: any Network, side: Int, countsInitialState: Bool = false) {
    switch network {
    case let network as RecurrentAttention:
      products = Self.attention(network, countsInitialState: countsInitialState)
    case let network as Convolutional:
      let places = (side - network.filterSide) / network.stride + 1
      products = [
        Product(
          name: "filters", count: places * places, inputs: network.filterSide * network.filterSide,
          outputs: network.filters, training: .weight),
        Product(
          name: "hidden", count: 1, inputs: places * places * network.filters, outputs: network.units,
          training: .weightAndInput),
        Product(name: "action", count: 1, inputs: network.units, outputs: classes, training: .weightAndInput),
      ]
    case let network as FullyConnected:
      let units = network.units
      products = [
        Product(name: "hidden.1", count: 1, inputs: side * side, outputs: units, training: .weight),
        Product(name: "hidden.2", count: 1, inputs: units, outputs: units, training: .weightAndInput),
        Product(name: "action", count: 1, inputs: units, outputs: classes, training: .weightAndInput),
      ]
    default: preconditionFailure("the products of \(network.configuration.kind) are not counted")
    }
  }

  private static func attention(_ model: RecurrentAttention, countsInitialState: Bool) -> [Product] {
    guard model.core is RectifierCore, let gaze = model.gaze as? GaussianGaze, gaze.hiddenUnits == nil,
      let objective = model.objective as? ClassificationObjective, objective.episodes == 1
    else { preconditionFailure("only the paper's classification model is counted") }
    let (glimpses, decisions, units) = (model.glimpses, model.glimpses - 1, model.core.units)
    let (widths, sensed) = (model.glimpseNetwork, model.sensor.columns)
    let values = objective.baseline is ClassBaseline ? classes : 1
    func look(
      _ count: Int, _ prefix: String, states: Int, _ first: Product.Training, _ second: Product.Training
    )
      -> [Product]
    {
      [
        ("glimpse.patch", count, sensed, widths.patch, first),
        ("glimpse.location", count, 2, widths.location, first),
        ("glimpse.joint", count, widths.patch + widths.location, widths.output, second),
        ("core.input", count, widths.output, units, second), ("core.state", states, units, units, second),
      ].map { Product(name: prefix + $0, count: $1, inputs: $2, outputs: $3, training: $4) }
    }
    func head(
      _ name: String, _ count: Int, _ outputs: Int, _ training: Product.Training,
      isForTrainingOnly: Bool = false
    ) -> Product {
      Product(
        name: name, count: count, inputs: units, outputs: outputs, training: training,
        isForTrainingOnly: isForTrainingOnly)
    }
    let plain =
      look(glimpses, "", states: countsInitialState ? glimpses : decisions, .weight, .weightAndInput) + [
        head("action", 1, classes, .weightAndInput),
        head("location", decisions, 2, gaze.trainsCore ? .weightAndInput : .weight),
        head(
          "baseline", decisions, values, objective.baselineTrainsCore ? .weightAndInput : .weight,
          isForTrainingOnly: true),
      ]
    guard objective.advantage is LookAhead else { return plain }
    // Every decision's other place is looked at from its state: forward only, answered after the last alone.
    let twice =
      look(decisions, "look-ahead.", states: decisions, .forward, .forward) + [
        head("look-ahead.action", 1, classes, .forward),
        head("look-ahead.baseline", decisions - 1, values, .forward),
      ]
    return plain
      + twice.map { product in
        var product = product
        product.isForTrainingOnly = true
        return product
      }
  }
}

private let classes = 10
