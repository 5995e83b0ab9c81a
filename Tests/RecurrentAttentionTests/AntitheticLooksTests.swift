import Learning
import Numerics
import Testing

@testable import RecurrentAttention

@Suite("Looks on the other side")
struct AntitheticLooksTests {
  @Test(
    "what it finds is what an agent finds that really looks on the other side of the mean, at every glimpse",
    arguments: Tiny.CoreKind.allCases, [StateBaseline(), ClassBaseline()] as [any Baseline])
  func antithetic(core: Tiny.CoreKind, baseline: any Baseline) throws {
    let tiny = Tiny(glimpses: 4) {
      ($0.core, $0.gaze.first, $0.gaze.squashing) = (core, .learned, .tanh)
      ($0.objective.baseline, $0.objective.reward) = (baseline, RightProbability())
    }
    let (world, rows, last) = (tiny.pictures(6), 6, 3)
    let model = tiny.model(on: world, seed: 3)
    let layer = try #require((model.objective as? ClassificationObjective.Layer)?.baseline)
    let stage = Stage(world, capacity: rows)
    try stage.begin(.training, first: 0, count: rows, seed: 1)
    let agent = Agent(model, on: stage)
    let antithetic = try #require(
      LookAhead(lambda: 0.5).makeAntitheticLooks(
        of: agent, baseline: layer, worth: AntitheticLooks.lastAnswer(tiny.objective.reward)))
    agent.run(
      AgentRun(
        TrainingStep(seed: 1, firstExample: 0, batchSize: rows, progress: Progress(fraction: 0, epoch: 0))))
    antithetic.look()

    let forced = try ForcedAgent(model, on: world, rows: rows)
    let looked = agent.looked
    var differences = 0
    for t in 0...last {
      // Really looked on the other side: 2 μ - s, μ read from a run that looks at the same places until then.
      let others = Matrix(UnsafeMutablePointer<Float>.allocate(capacity: 2 * rows), rows: rows, columns: 2)
      defer { others.pointer.deallocate() }
      agent.gaze.writeAntitheticLocation(step: t, into: others)
      var places = looked
      places[t] = (0..<rows).flatMap { [others[$0, 0], others[$0, 1]] }
      differences += zip(places[t], looked[t]).count { $0 != $1 }
      forced.look(at: places)
      let classifier = try #require(forced.agent.classifier)
      let expected = try #require(forced.expected)
      for row in 0..<rows {
        let column = baseline.column(label: stage.label(row))
        let value = t == last ? classifier.answer(row).probability : expected.value(at: t)[row, column]
        // The same numbers in products of other numbers of rows, whose sums may be rounded in another order.
        #expect(abs(antithetic.values[t, row] - value) < 1e-6, "glimpse \(t), row \(row)")
      }
    }
    #expect(differences == 4 * rows * 2)
  }

  @Test("with several episodes of a picture, each has its own other side, valued for the picture's class")
  func episodes() throws {
    let tiny = Tiny(glimpses: 3) {
      ($0.gaze.first, $0.gaze.squashing, $0.objective.episodes) = (.learned, .tanh, 2)
      ($0.objective.baseline, $0.objective.reward) = (ClassBaseline(), RightProbability())
    }
    let (world, rows) = (tiny.pictures(4), 8)
    let model = tiny.model(on: world, seed: 3)
    let layer = try #require((model.objective as? ClassificationObjective.Layer)?.baseline)
    let stage = Stage(world, capacity: 4)
    try stage.begin(.training, first: 0, count: 4, seed: 1)
    let agent = Agent(model, on: stage, episodes: 2)
    let antithetic = try #require(
      LookAhead(lambda: 0.5).makeAntitheticLooks(
        of: agent, baseline: layer, worth: AntitheticLooks.lastAnswer(RightProbability())))
    agent.run(
      AgentRun(
        TrainingStep(seed: 1, firstExample: 0, batchSize: 4, progress: Progress(fraction: 0, epoch: 0))))
    antithetic.look()
    // The same as one episode of each of eight pictures, which are four twice.
    var twice = world
    twice.pictures = world.pictures.flatMap { [$0, $0] }
    twice.labels = world.labels.flatMap { [$0, $0] }
    let forced = try ForcedAgent(model, on: twice, rows: rows)
    let others = Matrix(agent.graph.arena.take(count: 2 * rows), rows: rows, columns: 2)
    for t in 0..<3 {
      agent.gaze.writeAntitheticLocation(step: t, into: others)
      var places = agent.looked
      places[t] = (0..<rows).flatMap { [others[$0, 0], others[$0, 1]] }
      forced.look(at: places)
      let (classifier, expected) = (try #require(forced.agent.classifier), try #require(forced.expected))
      for row in 0..<rows {
        let column = stage.label(row / 2)
        let value = t == 2 ? classifier.answer(row).probability : expected.value(at: t)[row, column]
        #expect(abs(antithetic.values[t, row] - value) < 1e-6, "glimpse \(t), row \(row)")
      }
    }
  }

  @Test("with one glimpse, the other place is worth the reward of what would be answered there")
  func oneGlimpse() throws {
    let tiny = Tiny(glimpses: 1) {
      ($0.gaze.first, $0.gaze.squashing, $0.objective.reward) = (.learned, .tanh, RightProbability())
    }
    let (world, rows) = (tiny.pictures(6), 6)
    let model = tiny.model(on: world, seed: 3)
    let stage = Stage(world, capacity: rows)
    try stage.begin(.training, first: 0, count: rows, seed: 1)
    let agent = Agent(model, on: stage)
    // Nothing is decided from a state, so there is no baseline.
    #expect((model.objective as? ClassificationObjective.Layer)?.baseline == nil)
    let antithetic = try #require(
      LookAhead(lambda: 0.5).makeAntitheticLooks(
        of: agent, baseline: nil, worth: AntitheticLooks.lastAnswer(RightProbability())))
    agent.run(
      AgentRun(
        TrainingStep(seed: 1, firstExample: 0, batchSize: rows, progress: Progress(fraction: 0, epoch: 0))))
    antithetic.look()
    let others = Matrix(UnsafeMutablePointer<Float>.allocate(capacity: 2 * rows), rows: rows, columns: 2)
    defer { others.pointer.deallocate() }
    agent.gaze.writeAntitheticLocation(step: 0, into: others)
    let forced = try ForcedAgent(model, on: world, rows: rows)
    forced.look(at: [(0..<rows).flatMap { [others[$0, 0], others[$0, 1]] }])
    let classifier = try #require(forced.agent.classifier)
    for row in 0..<rows {
      #expect(abs(antithetic.values[0, row] - classifier.answer(row).probability) < 1e-6)
      #expect(abs(antithetic.values[0, row] - (agent.classifier?.answer(row).probability ?? 0)) > 1e-6)
    }
  }

  @Test("the place on the other side is as far from the mean, and inside of the frame")
  func places() throws {
    // A head that reads nothing: the mean is tanh of its bias.
    let tiny = Tiny(glimpses: 2) { ($0.gaze.squashing, $0.gaze.reach) = (.tanh, 0.5) }
    let world = tiny.pictures(6)
    let model = tiny.model(on: world)
    model.parameter("location.weight").pointer.update(repeating: 0, count: 2 * tiny.units)
    let replica = AttentionReplica(model, on: world, examples: 6)
    try replica.evaluate()
    let mean = replica.looked[1]
    #expect(mean[0] != mean[1] && mean.allSatisfy { abs($0) < 0.5 })
    try replica.evaluate(isSampled: true)
    let others = Matrix(UnsafeMutablePointer<Float>.allocate(capacity: 12), rows: 6, columns: 2)
    defer { others.pointer.deallocate() }
    replica.agent.gaze.writeAntitheticLocation(step: 1, into: others)
    for row in 0..<6 {
      for axis in 0..<2 {
        let sampled = replica.looked[1][2 * row + axis]
        #expect(abs(sampled) < 1, "clipped: the claim is empty")
        #expect(abs(others[row, axis] - min(max(2 * mean[axis] - sampled, -1), 1)) < 1e-6)
      }
    }
  }

  @Test("the second look costs the agent's own run nothing: cross entropy and baseline are the same bytes")
  func sameRun() throws {
    func run(_ advantage: any Advantage) throws -> (Metrics, [String: [Float]]) {
      let result = try Tiny { $0.objective.advantage = advantage }.replica(seed: 3).gradients()
      return (result.metrics, result.byName)
    }
    let (with, without) = (try run(LookAhead(lambda: 0.5)), try run(ReturnMinusBaseline()))
    #expect(with.0 == without.0)
    for (name, values) in with.1 {
      #expect((values == without.1[name]) == !["location.weight", "location.bias"].contains(name), "\(name)")
    }
  }
}
