import NumericCore
import RecurrentAttention
import ReferenceNetworks
import Training
import VisualTasks

/// A network as a study's condition names it.
public enum Network: Sendable, Codable, Equatable {
  case attention(AttentionSettings)
  /// Two rectifier layers of so many units.
  case fullyConnected(units: Int)
  /// One layer of filters, then one of so many rectifier units.
  case convolutional(filters: Int, units: Int)
  /// A player of Catch; what it misses is an error.
  case agent(GameAgentSettings)

  /// The recurrent attention model with the paper's widths; `adjust` changes what the condition is about.
  public static func ram(
    glimpses: Int, patchSide: Int, scales: Int, _ adjust: (inout AttentionSettings) -> Void = { _ in }
  ) -> Network {
    var settings = AttentionSettings(glimpses: glimpses, patchSide: patchSide, scales: scales)
    adjust(&settings)
    return .attention(settings)
  }

  /// The same recurrent attention model, changed in what the condition is about; other networks stay as they
  /// are.
  public func with(_ adjust: (inout AttentionSettings) -> Void) -> Network {
    guard case .attention(var settings) = self else { return self }
    adjust(&settings)
    return .attention(settings)
  }

  /// A fresh network, its weights drawn from `seed`.
  package func learner(side: Int, classes: Int, seed: UInt64) -> any Learner {
    switch self {
    case .attention(let settings): RecurrentAttentionModel(settings, seed: seed)
    case .fullyConnected(let units):
      FullyConnectedNetwork(imageSide: side, units: units, classCount: classes, seed: seed)
    case .convolutional(let filters, let units):
      ConvolutionalNetwork(
        imageSide: side, filters: filters, units: units, classCount: classes, seed: seed)
    case .agent(let settings): GameAgent<Catch>(settings, seed: seed)
    }
  }

  /// Of one forward pass over one image.
  public func multiplyAddsPerImage(side: Int, classes: Int) -> Int {
    switch learner(side: side, classes: classes, seed: 0) {
    case let model as RecurrentAttentionModel: model.multiplyAddsPerImage
    case let network as FullyConnectedNetwork: network.multiplyAddsPerImage
    case let network as ConvolutionalNetwork: network.multiplyAddsPerImage
    case let other: preconditionFailure("nobody has counted the multiply-adds of \(type(of: other))")
    }
  }

  /// How much one example costs next to others, to start the long runs first.
  var relativeCost: Double {
    switch self {
    case .attention(let settings):
      // With an LSTM 4,200 images a second where the rectifier trains 11,100 (measured at 60x60).
      Double(settings.glimpses * settings.episodes) * (settings.core == .lstm ? 2.6 : 1)
    case .fullyConnected, .convolutional: 0.5  // measured beside a glimpse, at 60x60
    case .agent: Double(2 * Catch.decisions)  // an LSTM is two to three rectifier cores
    }
  }

  /// How many sampled rollouts a test may average: what a player did in two of them has no average.
  var mostRollouts: Int {
    if case .agent = self { 1 } else { .max }
  }
}

/// One row of a table: a network on a task, trained one way.
public struct Condition: Sendable {
  /// Short, lower case, unique within the study: "ram-6".
  public let name: String
  /// The paper's test error, %; nil where it has none.
  public let paperErrorPercent: Double?
  public let task: any SceneTask
  public let network: Network
  /// Changes the preset's training for this condition.
  let adjust: @Sendable (inout TrainingSettings) -> Void

  public init(
    _ name: String, on task: any SceneTask, paper: Double?, _ network: Network,
    training adjust: @escaping @Sendable (inout TrainingSettings) -> Void = { _ in }
  ) {
    self.name = name
    self.task = task
    paperErrorPercent = paper
    self.network = network
    self.adjust = adjust
  }
}
