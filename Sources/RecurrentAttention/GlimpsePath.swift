import Learning
import Numerics

/// How a model looked at one example: one entry per glimpse.
public struct GlimpsePath: Sendable {
  public struct Glimpse: Sendable {
    /// l = (x, y), frame half-widths.
    public var x: Float
    public var y: Float
    /// ρ(x, l) as one picture, [side, side] of the sensor's picture side.
    public var picture: [Float]
    /// What its patches cover, the finest first; empty where the sensor's are no squares.
    public var outlines: [PatchOutline] = []
    /// What would be answered if this were the last glimpse: the probability of every class.
    public var probabilities: [Float]
    /// The probability to stop after it; 1 after the last.
    public var stopProbability: Float = 0

    /// l.
    public var location: Location { Location(x: x, y: y) }

    /// The most probable class; the first of equals. Meaningless for a world with several labels.
    public var prediction: Int {
      probabilities.isEmpty ? 0 : argmax(probabilities, probabilities.count)
    }
    public var probability: Float { probabilities.isEmpty ? 0 : probabilities[prediction] }
  }

  /// The right class; nil if unknown. With several labels, the first.
  public var label: Int?
  /// All glimpses, including those after the answer.
  public var glimpses: [Glimpse]
  /// The index of the glimpse after which the model answers.
  public var answerIndex: Int

  public var answer: Glimpse { glimpses[answerIndex] }
}

extension RecurrentAttentionModel {
  /// Looks at examples of a world, at the policy's mean, reading the class after every glimpse.
  ///
  /// - Parameter seed: of the world's training examples, and of where a policy draws that has no mean.
  /// - Throws: `DefinitionError` for a world with other classes or moves than the model knows.
  public func paths(
    on world: any World, _ split: Split, examples: Range<Int>, seed: UInt64
  ) throws -> [GlimpsePath] {
    guard !examples.isEmpty else { return [] }
    try checkWorld(world)
    prepareThreadForArithmetic()
    let stage = Stage(world, capacity: examples.count)
    try stage.begin(split, first: examples.lowerBound, count: examples.count, seed: seed)
    let agent = Agent(self, on: stage, readsEveryGlimpse: true, isForwardOnly: true)
    agent.run(AgentRun(Rollout(split, firstExample: examples.lowerBound, count: examples.count, seed: seed)))
    return (0..<examples.count).map { GlimpsePath(of: $0, by: agent) }
  }
}

extension RecurrentAttentionModel {
  /// Looks at one picture: at a picture of your own, or at an example of a world of pictures.
  ///
  ///     let model = try RecurrentAttentionModel(reading: "weights.safetensors")
  ///     let path = try model.look(at: Picture(reading: "my.png"))
  ///
  /// - Throws: `DefinitionError` for a world that takes actions, and for a model that classifies nothing.
  public func look(
    at world: any World, _ split: Split = .test, example: Int = 0, seed: UInt64 = 1
  ) throws -> GlimpsePath {
    let mapper = try ValueMapper(self, on: world)
    try mapper.look(Rollout(split, firstExample: example, count: 1, seed: seed))
    return mapper.path(of: 0)
  }
}

extension GlimpsePath {
  /// How an agent that reads the class after every glimpse has looked at an example.
  init(of example: Int, by agent: Agent) {
    label = agent.stage.hasLabels ? agent.stage.label(example) : nil
    answerIndex = agent.answerStep(example)
    glimpses = (0..<agent.graph.steps).map { step in
      let location = agent.locations.value(at: step)
      var probabilities = [Float](repeating: 0, count: agent.classifier?.columns ?? 0)
      probabilities.withUnsafeMutableBufferPointer { buffer in
        if let first = buffer.baseAddress {
          agent.classifier?.writeProbabilities(example, step: step, into: first)
        }
      }
      let sensor = agent.model.network.sensor
      return Glimpse(
        x: location[example, 0], y: location[example, 1],
        picture: sensor.picture(of: agent.patches.value(at: step).row(example)),
        outlines: sensor.outlines(
          at: (0..<location.columns).map { location[example, $0] }, frameSide: agent.stage.side),
        probabilities: probabilities,
        stopProbability: agent.stopper?.probability(example, step: step)
          ?? (step == agent.graph.steps - 1 ? 1 : 0))
    }
  }
}
