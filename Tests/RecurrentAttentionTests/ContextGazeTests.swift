import Autodiff
import Foundation
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

/// A gaze with a context of 2×2 cells, a memory, or both.
private func gaze(context: Bool, remembers: Bool) -> ContextGaze {
  ContextGaze(
    GaussianGaze(deviation: .constant(0.3), reach: 0.8), context: context ? WholeFrame(cells: 2) : nil,
    remembers: remembers)
}

private let kinds = [(true, false), (false, true), (true, true)]

private func tiny(context: Bool, remembers: Bool, _ change: (inout Tiny) -> Void = { _ in }) -> Tiny {
  Tiny {
    ($0.fixedGaze, $0.objective.baselineTrainsCore) = (gaze(context: context, remembers: remembers), true)
    change(&$0)
  }
}

@Suite("ContextGaze")
struct ContextGazeTests {
  @Test(
    "the gradient of its scores is central differences, in its tensors and in the states that it reads",
    arguments: kinds)
  func gradient(context: Bool, remembers: Bool) throws {
    prepareThreadForArithmetic()
    let (batch, steps, parameters) = (4, 4, Parameters())
    let layer = gaze(context: context, remembers: remembers).declare(
      units: 3, glimpses: steps, in: parameters)
    for (index, tensor) in parameters.tensors.enumerated() {
      var stream = RandomStream(seed: 7, .analysis, example: index)
      for i in 0..<tensor.count { parameters[tensor].pointer[i] = stream.uniform(from: -0.9, to: 0.9) }
    }
    parameters.refreshCopies()
    let stage = Stage(Tiny().pictures(), capacity: batch)
    try stage.begin(.training, first: 0, count: batch, seed: 1)
    let graph = Graph(steps: steps, batch: batch, parameters: parameters)
    let state = graph.variable(columns: 3)
    var stream = RandomStream(seed: 4, .analysis)
    func randomize(_ matrix: Matrix) {
      for row in 0..<matrix.rows {
        for j in 0..<matrix.columns { matrix[row, j] = stream.uniform(from: -1, to: 1) }
      }
    }
    randomize(state.allValues)
    let head = layer.attach(to: state, in: graph, on: stage)
    let scores = [head.firstScore, head.score].compactMap { $0 as? GaussianScore }
    #expect(scores.count == (context ? 2 : 1))
    let places = Matrix(graph.arena.take(count: 2 * batch), rows: batch, columns: 2)
    let streams = graph.arena.take(RandomStream.self, count: batch)
    for score in scores {
      randomize(score.samples.allValues)
      randomize(score.advantages.allValues)
    }
    let samples = scores.map { score in
      (0..<(score.samples.steps.count * batch * 2)).map { score.samples.allValues[$0 / 2, $0 % 2] }
    }

    let objective = {
      parameters.refreshCopies()
      let moment = Moment(
        step: 0, progress: Progress(fraction: 0, epoch: 0), isSampled: false, streams: streams)
      head.choose(moment, into: places)
      for step in 0..<steps { graph.forward(step: step) }
      // Choosing has put the mean where the sample was.
      for (score, values) in zip(scores, samples) {
        for (i, value) in values.enumerated() { score.samples.allValues[i / 2, i % 2] = value }
        (score.weight, score.standardDeviation) = (0.3, 0.7)
      }
      return scores.reduce(0.0) { sum, score in
        score.mean.steps.reduce(sum) { sum, step in
          (0..<batch).reduce(sum) {
            $0 - 0.3 * Double(score.advantages.value(at: step)[$1, 0])
              * Double(score.logProbability(step: step, example: $1))
          }
        }
      }
    }
    _ = objective()
    let buffer = GradientBuffer(for: parameters)
    graph.backward(into: buffer)
    head.backward(into: buffer)
    buffer.clearUntouched()
    let byName = parameters.tensors.map { tensor in
      (tensor.name, (0..<tensor.count).map { buffer[tensor].pointer[$0] })
    }
    expectGradients(Dictionary(uniqueKeysWithValues: byName), of: parameters, loss: objective)
    // Of the states, by hand: the last one decides nothing.
    let gradient = try #require(state.allGradients)
    for i in 0..<(steps * batch * 3) {
      let (row, column, h) = (i / 3, i % 3, Float(0x1p-9))
      let value = state.allValues[row, column]
      defer { state.allValues[row, column] = value }
      state.allValues[row, column] = value + h
      let above = objective()
      state.allValues[row, column] = value - h
      let numeric = (above - objective()) / Double(2 * h)
      #expect(abs(Double(gradient[row, column]) - numeric) < 5e-4, "state \(row), \(column)")
      if row >= (steps - 1) * batch { #expect(gradient[row, column] == 0) }
    }
  }

  @Test(
    "the memory of places is its formula, in double precision; it starts from what was seen of the whole frame"
  )
  func formula() throws {
    let replica = tiny(context: true, remembers: true).replica(seed: 3)
    try replica.evaluate()
    let (agent, model) = (replica.agent, replica.model)
    func linear(_ x: [Double], _ name: String, rows: Range<Int>? = nil) -> [Double] {
      let (weight, bias) = (model.parameter(name + ".weight"), model.parameter(name + ".bias"))
      let first = rows?.lowerBound ?? 0
      return (0..<weight.columns).map { j in
        x.indices.reduce(Double(bias[0, j])) { $0 + x[$1] * Double(weight[first + $1, j]) }
      }
    }
    for row in 0..<4 {
      let frame = agent.stage.frame(row)
      let cells = (0..<4).map { cell in
        (0..<16).reduce(0.0) { $0 + Double(frame[(cell / 2 * 4 + $1 / 4) * 8 + cell % 2 * 4 + $1 % 4]) }
          / (16 * 255)
      }
      var r = linear(cells, "context").map { max($0, 0) }
      for step in 0..<3 {
        if step > 0 {
          let h = (0..<4).map { Double(agent.states.state.value(at: step - 1)[row, $0]) }
          r = linear(h + r, "location.memory").map { max($0, 0) }
        }
        let first = step == 0 ? linear(r.map { $0 / 2 }, "location.first") : nil  // 2 = √4 units
        let place = (first ?? linear(r, "location")).map { 0.8 * tanh($0) }
        for axis in 0..<2 {
          #expect(abs(Double(agent.locations.value(at: step)[row, axis]) - place[axis]) < 1e-5)
        }
      }
    }
  }

  @Test("the class never depends on the context but through the places", arguments: kinds)
  func classIsReadFromGlimpses(context: Bool, remembers: Bool) throws {
    let tiny = tiny(context: context, remembers: remembers)
    let (world, rows) = (tiny.pictures(6), 6)
    let model = tiny.model(on: world, seed: 3)
    let replica = AttentionReplica(model, on: world, examples: rows)
    try replica.evaluate(isSampled: true)
    let forced = try ForcedAgent(model, on: world, rows: rows)
    forced.look(at: replica.looked)
    for row in 0..<rows {
      let classes = (0..<3).map { replica.scores[row, $0] }
      var others = [Float](repeating: 0, count: 3)
      forced.agent.classifier?.writeProbabilities(row, step: 2, into: &others)
      #expect(zip(classes, others).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test("episodes of one image have one context, and so one first place; another image has another")
  func episodes() throws {
    let tiny = tiny(context: true, remembers: false) { $0.objective.episodes = 2 }
    let world = tiny.pictures(2)
    let stage = Stage(world, capacity: 2)
    try stage.begin(.test, first: 0, count: 2, seed: 1)
    let agent = Agent(tiny.model(on: world, seed: 3), on: stage, episodes: 2)
    agent.run(AgentRun(Rollout(.test, firstExample: 0, count: 2, seed: 1)))
    let first = stride(from: 0, to: 8, by: 2).map { Array(agent.looked[0][$0..<($0 + 2)]) }
    #expect(first[0] == first[1] && first[2] == first[3] && first[0] != first[2], "\(first)")
  }

  @Test(
    "the look-ahead finds what an agent finds that looks on the other side, also at the first place",
    arguments: kinds)
  func lookAhead(context: Bool, remembers: Bool) throws {
    let tiny = tiny(context: context, remembers: remembers) { $0.objective.reward = RightProbability() }
    let (world, rows) = (tiny.pictures(6), 6)
    let model = tiny.model(on: world, seed: 3)
    let stage = Stage(world, capacity: rows)
    try stage.begin(.training, first: 0, count: rows, seed: 1)
    let agent = Agent(model, on: stage)
    let layer = try #require((model.objective as? ClassificationObjective.Layer)?.baseline)
    let antithetic = try #require(
      LookAhead(lambda: 0.5).makeAntitheticLooks(
        of: agent, baseline: layer, worth: AntitheticLooks.lastAnswer(RightProbability())))
    agent.run(
      AgentRun(
        TrainingStep(seed: 1, firstExample: 0, batchSize: rows, progress: Progress(fraction: 0, epoch: 0))))
    antithetic.look()
    let forced = try ForcedAgent(model, on: world, rows: rows)
    let others = Matrix(agent.graph.arena.take(count: 2 * rows), rows: rows, columns: 2)
    for t in (context ? 0 : 1)..<3 {
      agent.gaze.writeAntitheticLocation(step: t, into: others)
      var places = agent.looked
      #expect((0..<rows).allSatisfy { others[$0, 0] != places[t][2 * $0] })
      places[t] = (0..<rows).flatMap { [others[$0, 0], others[$0, 1]] }
      forced.look(at: places)
      let (classifier, expected) = (try #require(forced.agent.classifier), try #require(forced.expected))
      for row in 0..<rows {
        let value = t == 2 ? classifier.answer(row).probability : expected.value(at: t)[row, 0]
        #expect(abs(antithetic.values[t, row] - value) < 1e-6, "glimpse \(t), row \(row)")
      }
    }
  }

  @Test(
    "a share that falls to zero looks at the centre first when places are sampled, and is not scored for it",
    arguments: [(0, 1), (0.25, 0.5), (0.5, 0)] as [(Float, Double)])
  func centered(fraction: Float, share: Double) throws {
    let rows = 2_000
    let tiny = tiny(context: true, remembers: false) {
      $0.fixedGaze = {
        var gaze = gaze(context: true, remembers: false)
        gaze.centeredUntil = 0.5
        return gaze
      }()
    }
    let world = tiny.pictures(rows)
    let replica = AttentionReplica(tiny.model(on: world, seed: 3), on: world, examples: rows)
    let first = try #require(replica.agent.gaze.firstScore as? GaussianScore)
    var rollout = Rollout(
      .test, firstExample: 0, count: rows, seed: 1, progress: Progress(fraction: fraction, epoch: 0))
    func atCentre() -> [Int] {
      let places = replica.looked[0]
      return (0..<rows).filter { places[2 * $0] == 0 && places[2 * $0 + 1] == 0 }
    }
    _ = try replica.evaluate(rollout)
    #expect(atCentre().isEmpty)
    rollout.isSampled = true
    _ = try replica.evaluate(rollout)
    let spread = 4 * (share * (1 - share) * Double(rows)).squareRoot()
    #expect(abs(Double(atCentre().count) - share * Double(rows)) <= spread)
    let (samples, mean) = (first.samples.value(at: 0), first.mean.value(at: 0))
    for row in atCentre() { #expect(samples[row, 0] == mean[row, 0] && samples[row, 1] == mean[row, 1]) }
    let others = Set(0..<rows).subtracting(atCentre())
    #expect(others.allSatisfy { samples[$0, 0] != mean[$0, 0] })
  }

  @Test("where it does not train the core, REINFORCE leaves no gradient in it", arguments: kinds)
  func trainsCore(context: Bool, remembers: Bool) throws {
    func core(_ trains: Bool, weight: Float) throws -> [Float]? {
      var own = gaze(context: context, remembers: remembers)
      own.policy.trainsCore = trains
      return try tiny(context: context, remembers: remembers) {
        ($0.fixedGaze, $0.objective.baseline) = (own, NoBaseline())
        $0.objective.reinforceWeight = .constant(weight)
      }.replica(pictures: 6, seed: 5).gradients().byName["core.weight"]
    }
    #expect(try core(false, weight: 1) == core(false, weight: 0))
    #expect(try core(true, weight: 1) != core(true, weight: 0))
  }

  @Test("multiply-adds and tensors are counted by hand")
  func counts() {
    // 256 units, a context of 144 numbers, a memory of 256: three decisions after the first.
    func multiplyAdds(_ context: Bool, _ remembers: Bool) -> Int {
      ContextGaze(
        GaussianGaze(deviation: .constant(0.1)), context: context ? WholeFrame(cells: 12) : nil,
        remembers: remembers
      ).multiplyAdds(units: 256, glimpses: 4)
    }
    #expect(multiplyAdds(true, false) == 144 * 256 + 512 + 3 * 512)
    #expect(multiplyAdds(false, true) == 3 * 65_536 + 2 * 65_536 + 3 * 512)
    #expect(multiplyAdds(true, true) == 144 * 256 + 512 + 6 * 65_536 + 3 * 512)
    let world = Tiny().pictures()
    let names = tiny(context: true, remembers: true).model(on: world).parameters.tensors.map(\.name)
    #expect(names.contains("context.weight") && names.contains("location.memory.weight"))
    #expect(names.contains("location.first.weight"))
    let without = tiny(context: false, remembers: true).model(on: world).parameters.tensors.map(\.name)
    #expect(!without.contains("location.first.weight") && !without.contains("context.weight"))
  }

  @Test("what it cannot be is refused in one sentence")
  func refusals() {
    func refusal(_ change: (inout ContextGaze) -> Void) -> String? {
      var gaze = gaze(context: true, remembers: true)
      change(&gaze)
      return #expect(throws: DefinitionError.self) {
        try Tiny { $0.fixedGaze = gaze }.network.check(on: Tiny().pictures())
      }?.cure
    }
    #expect(refusal { ($0.context, $0.remembers) = (nil, false) } == "use GaussianGaze")
    #expect(refusal { $0.policy.first = .learned } == "leave both at their defaults")
    #expect(refusal { $0.policy.hiddenUnits = 3 } == "leave both at their defaults")
    #expect(refusal { $0.context = WholeFrame(cells: 0) } == "choose a number such as 12")
    #expect(
      refusal { $0.context = ZoomRetina(patchSide: 4, scales: 1, narrowest: 4, widest: 8) }
        == "use WholeFrame")
  }
}
