import Autodiff
import Learning
import Numerics

/// Looks at a few examples of a world, and then tries other locations instead of any one of the glimpses.
///
///     let mapper = try ValueMapper(model, on: world, examples: 40)
///     try mapper.look(Rollout(.test, firstExample: 0, count: 40, seed: 1))
///     let map = mapper.map(of: 7, glimpse: 2, at: Location.grid(41))
///     let best = map.values(of: label).max()
///
/// A location costs one step forward: sensor, glimpse network, core and classifier. Locations are the rows of a graph of two
/// steps, the first of which holds the state that they all start from. One thread uses a mapper at a time.
public final class ValueMapper {
  public let stage: Stage
  private let agent: Agent
  private let eye: any SensorReader
  private let unrolling: Unrolling
  private let classifier: Classifier
  /// The example whose frame the eye is ready for.
  private var prepared: Int?

  /// Ours: so few rows that their activations stay in a core's L2 cache.
  private static let rows = 120

  /// - Parameter examples: how many it can look at together.
  /// - Throws: `DefinitionError` for a world that changes while it is looked at or has other classes than the model knows,
  ///   and for a model without a classifier.
  public init(_ model: RecurrentAttentionModel, on world: any World, examples: Int = 1) throws {
    guard world.play == nil else {
      throw DefinitionError(
        "the value map's world", world.summary,
        "it changes when the model acts, so no second look can be tried",
        cure: "use a world of pictures")
    }
    guard examples > 0 else {
      throw DefinitionError(
        "the value map's number of examples", examples, "it must be at least 1", cure: "choose 1")
    }
    guard let layer = model.classifier else {
      throw DefinitionError(
        "the value map's model", model.network.configuration.kind, "it has no classifier",
        cure: "use one that was trained to classify")
    }
    try model.checkWorld(world)
    stage = Stage(world, capacity: examples)
    agent = Agent(model, on: stage, readsEveryGlimpse: true, isForwardOnly: true)
    eye = model.network.sensor.makeReader(frames: 1, side: world.side)
    unrolling = model.unroll(steps: 2, rows: Self.rows, isForwardOnly: true)
    classifier = layer.attach(to: unrolling.states.state.during(1..<2), in: unrolling.graph)
  }

  /// Looks at examples, as the model does.
  ///
  /// - Throws: `DefinitionError` for more examples than it was made for, and the error of a world with wrong examples.
  public func look(_ rollout: Rollout) throws {
    guard rollout.count <= stage.capacity else {
      throw DefinitionError(
        "the value map's number of examples", rollout.count, "it was made for \(stage.capacity)",
        cure: "make it with examples: \(rollout.count)")
    }
    prepareThreadForArithmetic()
    try stage.begin(rollout.split, first: rollout.firstExample, count: rollout.count, seed: rollout.seed)
    agent.run(AgentRun(rollout))
    prepared = nil
  }

  /// How the model looked at an example.
  ///
  /// - Parameter example: counted from the rollout's first.
  public func path(of example: Int) -> GlimpsePath {
    require(0..<stage.count ~= example, "there is no example \(example) among \(stage.count)")
    return GlimpsePath(of: example, by: agent)
  }

  /// What would be answered after a glimpse of the path if it had been at one of these locations.
  ///
  /// - Parameters:
  ///   - example: counted from the rollout's first.
  ///   - glimpse: counted from 0.
  public func map(of example: Int, glimpse: Int, at locations: [Location]) -> ValueMap {
    require(
      0..<stage.count ~= example && 0..<agent.graph.steps ~= glimpse,
      "glimpse \(glimpse) of example \(example): there are \(agent.graph.steps) and \(stage.count)")
    if prepared != example { eye.prepare(stage.frame(example), count: 1) }
    prepared = example
    recall(glimpse, of: example)
    let classes = classifier.columns
    var probabilities = [Float](repeating: 0, count: locations.count * classes)
    probabilities.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      for first in stride(from: 0, to: locations.count, by: Self.rows) {
        let range = first..<min(first + Self.rows, locations.count)
        tryOut(locations[range], on: example)
        for (row, location) in range.enumerated() {
          classifier.writeProbabilities(row, step: 1, into: output + location * classes)
        }
      }
    }
    return ValueMap(glimpse: glimpse, locations: locations, classCount: classes, probabilities: probabilities)
  }

  /// Copies into all rows what the model remembered before a glimpse, which is zero before the first, and what was decided
  /// about the glimpse itself, such as its width.
  private func recall(_ glimpse: Int, of example: Int) {
    let (looks, chosen) = (unrolling.locations.value(at: 1), agent.locations.value(at: glimpse).row(example))
    for row in 0..<looks.rows { looks.row(row).update(from: chosen, count: looks.columns) }
    for (own, agents) in zip(unrolling.states.carried, agent.states.carried) {
      let here = own.value(at: 0)
      for row in 0..<here.rows {
        if glimpse == 0 {
          here.row(row).update(repeating: 0, count: here.columns)
        } else {
          here.row(row).update(from: agents.value(at: glimpse - 1).row(example), count: here.columns)
        }
      }
    }
  }

  /// Looks at as many locations as there are rows, or fewer.
  private func tryOut(_ choices: ArraySlice<Location>, on example: Int) {
    let (locations, patches) = (unrolling.locations.value(at: 1), unrolling.patches.value(at: 1))
    for (row, choice) in choices.enumerated() {
      (locations[row, 0], locations[row, 1]) = (choice.x, choice.y)
    }
    eye.look(stage.frame(example), at: locations, rowsPerFrame: Self.rows, into: patches)
    unrolling.graph.forward(step: 1)
  }
}
