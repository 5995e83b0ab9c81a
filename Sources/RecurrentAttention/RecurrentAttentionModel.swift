import Autodiff
import Learning
import Numerics

/// A recurrent attention model with its parameters (section 3, figure 1C).
///
/// Several threads may look with it at once, as long as nothing trains it.
public final class RecurrentAttentionModel: Learner, @unchecked Sendable {
  public let network: RecurrentAttention
  public let parameters = Parameters()
  let glimpseNetwork: GlimpseNetwork
  let core: any CoreLayer
  let gaze: any GazeLayer
  let actions: [any ActionLayer]
  let objective: any ObjectiveLayer
  /// The mean return of recent batches.
  public private(set) var returnAverage: Float = 0

  /// - Parameters:
  ///   - network: one that has passed `check(on:)` for this world.
  ///   - seed: of the initial weights.
  public init(_ network: RecurrentAttention, for world: any World, seed: UInt64) {
    require(
      network.gaze.locationColumns == network.sensor.locationColumns,
      "the gaze decides \(network.gaze.locationColumns) numbers a look, and the sensor takes "
        + "\(network.sensor.locationColumns)")
    self.network = network
    let parameters = parameters
    let (units, steps) = (network.core.units, network.steps(on: world))
    let actions = network.actions(on: world)
    isStochastic = actions.contains(where: \.isStochastic) || network.gaze.isStochastic(glimpses: steps)
    changesFrames = actions.contains(where: \.changesFrames)
    glimpseNetwork = GlimpseNetwork(
      sensed: network.sensor.columns, locationColumns: network.gaze.locationColumns, network.glimpseNetwork,
      in: parameters)
    core = network.core.declare(inputs: network.glimpseNetwork.output, in: parameters)
    // The order of tensors in recorded weights: a player's moves, the gaze, everything else that is decided.
    let moves = actions.filter(\.changesFrames).map { $0.declare(for: network, in: parameters) }
    gaze = network.gaze.declare(units: units, glimpses: steps, in: parameters)
    self.actions =
      moves + actions.filter { !$0.changesFrames }.map { $0.declare(for: network, in: parameters) }
    objective = network.objective.declare(for: network, on: world, in: parameters)

    glimpseNetwork.initialize(parameters, seed: seed)
    core.initialize(parameters, seed: seed)
    gaze.initialize(parameters, seed: seed)
    for action in self.actions { action.initialize(parameters, seed: seed) }
    objective.initialize(parameters, seed: seed)
    parameters.refreshCopies()
  }

  /// nil where there is nothing to name.
  var classifier: ClassifierLayer? { actions.lazy.compactMap { $0 as? ClassifierLayer }.first }

  /// - Throws: `DefinitionError` unless the model plays the world's game, or both have none, and the world's examples have
  ///   no labels, or those that the model answers with.
  func checkWorld(_ world: any World) throws {
    try world.check()
    let moves = actions.lazy.compactMap { ($0 as? PlayerLayer)?.count }.first
    guard world.play?.actions == moves else {
      func text(_ moves: Int?) -> String { moves.map { "\($0) moves" } ?? "none" }
      throw DefinitionError(
        "the game of \(world.summary)", text(world.play?.actions), "the model has \(text(moves))",
        cure: "use the world that it was trained on")
    }
    guard world.classCounts.isEmpty || world.classCounts == classifier?.classCounts else {
      throw DefinitionError(
        "the world's classes", "\(world.classCounts)",
        "the model knows \(classifier.map { "\($0.classCounts)" } ?? "none")",
        cure: "use the world that it was trained on, also when its weights are read")
    }
  }

  public let isStochastic: Bool
  /// Whether what it sees next depends on what it does.
  let changesFrames: Bool
  public var canAverageRollouts: Bool { !changesFrames }
  public var publishesWeights: Bool { true }
  public var metrics: [Metric] { network.objective.metrics }
  public var schedules: [NamedSchedule] { network.gaze.schedules + network.objective.schedules }

  public var state: [Float] {
    get { [returnAverage] }
    set { returnAverage = newValue.first ?? 0 }
  }

  public func makeReplica(on world: any World, examples: Int) -> any Replica {
    AttentionReplica(self, on: world, examples: examples)
  }

  public func finishStep(_ metrics: Metrics) {
    guard let index = network.objective.returnMetric else { return }
    // ours: a memory of about 100 batches
    returnAverage += 0.01 * (Float(metrics.mean(index)) - returnAverage)
  }

  /// Sensor, glimpse network and core in a new graph.
  func unroll(steps: Int, rows: Int, isForwardOnly: Bool) -> Unrolling {
    let graph = Graph(steps: steps, batch: rows, parameters: parameters, isForwardOnly: isForwardOnly)
    let patches = graph.variable(columns: network.sensor.columns, gradient: false)
    let locations = graph.variable(columns: network.gaze.locationColumns, gradient: false)
    let kind = network.core.configuration.kind
    var hasInput = false
    let states = core.unroll(in: graph) { input in
      require(
        !hasInput && graph.isEmpty,
        "the core '\(kind)' calls `input` twice or after it has appended an operation, which would then read the input of "
          + "the pass before; call it once, first")
      hasInput = true
      glimpseNetwork(patches, locations, into: input, in: graph)
    }
    require(hasInput, "the core '\(kind)' never calls `input`, so it sees nothing; call it once, first")
    return Unrolling(graph: graph, patches: patches, locations: locations, states: states)
  }

  /// A model of another definition with the same numbers in all tensors that both have. Its other tensors start as from
  /// seed 0.
  public func copy(as network: RecurrentAttention, for world: any World) -> RecurrentAttentionModel {
    let copy = RecurrentAttentionModel(network, for: world, seed: 0)
    for parameter in parameters.tensors {
      guard let same = copy.parameters.tensors.first(where: { $0.name == parameter.name }),
        same.rows == parameter.rows, same.columns == parameter.columns
      else { continue }
      copy.parameters[same].pointer.update(from: parameters[parameter].pointer, count: parameter.count)
    }
    copy.parameters.precision = parameters.precision
    copy.parameters.refreshCopies()
    copy.state = state
    return copy
  }
}

/// The model's recurrent part in a graph.
struct Unrolling {
  let graph: Graph
  /// ρ(x, l_t), [B, columns].
  let patches: Variable
  /// l_t, [B, location columns].
  let locations: Variable
  let states: CoreStates
}
