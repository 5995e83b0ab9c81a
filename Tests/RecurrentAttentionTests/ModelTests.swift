import Autodiff
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

@Suite("RecurrentAttentionModel")
struct ModelTests {
  @Test("parameters are counted by hand: 12 x 12, 3 scales")
  func parameterCount() {
    let world = Pictures(side: 28, classCounts: [10], pictures: [], labels: [])
    func count(
      _ gaze: GaussianGaze = GaussianGaze(deviation: .constant(0.1)),
      _ change: (inout RecurrentAttention) -> Void = { _ in }
    ) -> Int {
      let network = RecurrentAttention(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3), gaze: gaze)
      return RecurrentAttentionModel(network.with(change), for: world, seed: 1).parameters.count
    }
    let bare = ClassificationObjective { $0.baseline = NoBaseline() }
    // h_g 432 × 128 + 128, h_l 2 × 128 + 128, g 256 × 256 + 256, h 512 × 256 + 256, l 256 × 2 + 2,
    // a 256 × 10 + 10
    let paper = 55_424 + 384 + 65_792 + 131_328 + 514 + 2_570
    #expect(count { $0.objective = bare } == paper && paper == 256_012)
    // The paper's 256,524 has two biases where g and h have one each: 2 × 256 more.
    #expect(paper + 512 == 256_524)
    #expect(count() == paper + 257)  // b_t from h_t
    #expect(
      count { $0.objective = ClassificationObjective { $0.baseline = ClassBaseline() } } == paper + 2_570)
    #expect(count { $0.gaze = RandomGaze() } == paper - 514)
    // LSTM: 512 × 1024 + 1024 instead of 512 × 256 + 256
    #expect(count { ($0.objective, $0.core) = (bare, LSTMCore()) } == paper + 525_312 - 131_328)
    // A hidden layer of 100: 256 × 100 + 100 + 100 × 2 + 2 instead of 514
    var hidden = GaussianGaze(deviation: .constant(0.1))
    hidden.hiddenUnits = 100
    #expect(count(hidden) { $0.objective = bare } == paper + 25_902 - 514)
  }

  @Test(
    "the whole network's gradient is central differences: cross entropy, score and baseline over given glimpses",
    arguments: Tiny.CoreKind.allCases, [nil, 3])
  func networkGradient(core: Tiny.CoreKind, hiddenUnits: Int?) throws {
    let tiny = Tiny {
      ($0.core, $0.gaze.hiddenUnits, $0.gaze.squashing) = (core, hiddenUnits, .tanh)
      $0.trainCore()
    }
    let model = tiny.model(on: tiny.pictures(), seed: 3)
    let (steps, batch) = (3, 4)
    let unrolled = model.unroll(steps: steps, rows: batch, isForwardOnly: false)
    let (graph, state) = (unrolled.graph, unrolled.states.state)
    var stream = RandomStream(seed: 4, .analysis)
    func randomize(_ matrix: Matrix) {
      for row in 0..<matrix.rows {
        for j in 0..<matrix.columns { matrix[row, j] = stream.uniform(from: -1, to: 1) }
      }
    }
    let classifier = try #require(model.classifier?.attach(to: state.during(2..<3), in: graph))
    let classification = classifier.losses[0]
    let decisions = state.during(0..<2)
    let score = try #require(
      model.gaze.attach(to: state, in: graph, on: Stage(tiny.pictures(), capacity: batch)).score
        as? GaussianScore)
    let layer = try #require((model.objective as? ClassificationObjective.Layer)?.baseline)
    let error = graph.squaredError(layer.values(of: decisions, in: graph))
    for values in [unrolled.patches, unrolled.locations, score.samples, score.advantages] {
      randomize(values.allValues)
    }
    (score.weight, score.standardDeviation, error.weight, classification.weight) = (0.3, 0.7, 0.2, 0.25)
    for row in 0..<batch {
      classification.labels[row] = UInt8(row % 3)
      error.targets[row] = Float(row % 2)
    }

    let objective = {
      for step in 0..<steps { graph.forward(step: step) }
      var sum = 0.25 * (0..<batch).reduce(0.0) { $0 + Double(classification.losses[$1]) }
      for step in 0..<2 {
        for row in 0..<batch {
          let advantage = Double(score.advantages.value(at: step)[row, 0])
          sum -= 0.3 * advantage * Double(score.logProbability(step: step, example: row))
          let difference = Double(error.x.value(at: step)[row, 0] - error.targets[row])
          sum += 0.2 * difference * difference
        }
      }
      return sum
    }
    _ = objective()
    let gradients = GradientBuffer(for: model.parameters)
    graph.backward(into: gradients)
    let tensors = model.parameters.tensors.map { tensor in
      (tensor.name, (0..<tensor.count).map { gradients[tensor].pointer[$0] })
    }
    expectGradients(Dictionary(uniqueKeysWithValues: tensors), of: model.parameters, loss: objective)
  }

  @Test(
    "a replica's gradient is central differences of its own metrics, where locations do not depend on the parameters",
    arguments: Tiny.CoreKind.allCases, [false, true])
  func replicaGradient(core: Tiny.CoreKind, isLearned: Bool) throws {
    let replica = Tiny {
      ($0.core, $0.objective.reinforceWeight) = (core, .constant(0))
      if !isLearned { $0.fixedGaze = RandomGaze() }
      $0.trainCore()
    }.replica(seed: 5)
    if isLearned {
      // A location head that reads nothing: the mean stays, and samples around it are the same for a key.
      let weight = replica.parameter("location.weight")
      weight.pointer.update(repeating: 0, count: weight.rows * weight.columns)
    }
    let (_, gradients) = try replica.gradients()
    #expect(gradients.keys.contains("baseline.weight") == isLearned)
    let isFree = { (name: String) in name != "location.weight" && name != "location.bias" }
    try expectGradients(gradients, of: replica.model.parameters, only: isFree) {
      let metrics = try replica.gradients().metrics
      return metrics.mean(0) + metrics.mean(1)
    }
  }

  @Test("the comparison can fail: gradients that are five percent too large are found out in every tensor")
  func comparison() throws {
    let replica = Tiny { $0.gaze = GaussianGaze(deviation: .constant(0.3), first: .uniform) }.replica(seed: 6)
    let (_, gradients) = try replica.gradients()
    let free = { (name: String) in !name.hasPrefix("location") && !name.hasPrefix("baseline") }
    let larger = gradients.mapValues { $0.map { 1.05 * $0 } }
    let faults = try gradientFaults(larger, of: replica.model.parameters, only: free) {
      try replica.gradients().metrics.mean(0)
    }
    let names = gradients.keys.filter(free)
    #expect(
      names.count > 3 && names.allSatisfy { name in faults.contains { $0.hasPrefix(name) } }, "\(faults)")
  }

  @Test("heads only: REINFORCE and the baseline's loss leave core, glimpse and action gradients as they are")
  func headsOnly() throws {
    func gradients(trainsCore: Bool, weight: Float, _ baseline: any Baseline) throws -> [String: [Float]] {
      try Tiny {
        ($0.objective.reinforceWeight, $0.objective.baseline) = (.constant(weight), baseline)
        $0.trainCore(trainsCore)
      }.replica(seed: 6).gradients().byName
    }
    let trunk = ["core.weight", "core.bias", "glimpse.patch.weight", "glimpse.joint.weight", "action.weight"]
    let without = try gradients(trainsCore: false, weight: 0, NoBaseline())
    for baseline in [NoBaseline(), StateBaseline()] as [any Baseline] {
      let other = try gradients(trainsCore: false, weight: 1, baseline)
      for name in trunk { #expect(other[name] == without[name]) }
      #expect(other["location.weight"] != without["location.weight"])
    }
    for (weight, baseline) in [(1, NoBaseline()), (0, StateBaseline())] as [(Float, any Baseline)] {
      let other = try gradients(trainsCore: true, weight: weight, baseline)
      for name in ["core.weight", "glimpse.patch.weight"] { #expect(other[name] != without[name]) }
      #expect(other["action.weight"] == without["action.weight"])
    }
  }

  @Test("the policies: the centre looks at the centre, the random one everywhere and never twice the same")
  func policies() throws {
    let center = Tiny { $0.fixedGaze = CenterGaze() }.replica()
    _ = try center.gradients()
    #expect(center.looked.allSatisfy { $0.allSatisfy { $0 == 0 } })
    #expect(!center.model.isStochastic)

    let random = Tiny(glimpses: 8) { $0.fixedGaze = RandomGaze() }.replica(pictures: 50)
    try random.evaluate()
    let numbers = random.looked.flatMap { $0 }
    #expect(Set(numbers).count > numbers.count - 5 && random.model.isStochastic)  // of 2^24 values
    #expect(numbers.allSatisfy { $0 >= -1 && $0 < 1 })
    // The mean and mean square of 800 uniforms: variances 1/3 and 4/45.
    let n = Float(numbers.count)
    #expect(abs(numbers.reduce(0, +) / n) < 4 * (1 / 3 / n).squareRoot())
    #expect(abs(numbers.reduce(0) { $0 + $1 * $1 } / n - 1 / 3) < 4 * (4 / 45 / n).squareRoot())

    let uniform = Tiny { $0.gaze.first = .uniform }.replica()
    try uniform.evaluate()
    #expect(Set(uniform.looked[0]).count == 8)
    let many = Tiny(glimpses: 2) { $0.gaze.first = .uniform }.replica(pictures: 400)
    try many.evaluate()
    let first = many.looked[0]
    #expect(abs(first.reduce(0, +) / 800) < 4 * Float(1.0 / 3 / 800).squareRoot())
    #expect(abs(first.reduce(0) { $0 + $1 * $1 } / 800 - 1 / 3) < 4 * Float(4.0 / 45 / 800).squareRoot())
  }

  @Test("a learned first glimpse gets a gradient, and the first location follows it")
  func learnedFirstGlimpse() throws {
    let replica = Tiny { ($0.gaze.first, $0.objective.baseline) = (.learned, NoBaseline()) }
      .replica(pictures: 20, seed: 7)
    let gradient = try replica.gradients().byName["location.first.bias"] ?? []
    #expect(gradient.count == 2 && gradient.allSatisfy { $0 != 0 })
    let bias = replica.parameter("location.first.bias")
    (bias[0, 0], bias[0, 1]) = (0.375, -0.25)
    try replica.evaluate()
    #expect(replica.looked[0] == Array(repeating: [0.375, -0.25], count: 20).flatMap { $0 })
  }

  @Test(
    "reading the class after every glimpse changes neither the last probabilities nor metrics nor gradient")
  func readout() throws {
    let tiny = Tiny()
    let replica = tiny.replica(seed: 8)
    let (metrics, gradients) = try replica.gradients()

    let stage = Stage(tiny.pictures(seed: 8), capacity: 4)
    try stage.begin(.training, first: 0, count: 4, seed: 1)
    let agent = Agent(replica.model, on: stage, readsEveryGlimpse: true)
    let terms = replica.model.objective.attach(to: agent)
    let step = TrainingStep(seed: 1, firstExample: 0, batchSize: 4, progress: Progress(fraction: 0, epoch: 0))
    agent.run(AgentRun(step))
    terms.assignCredit(step)
    #expect(terms.metrics(examples: 4) == metrics)
    let buffer = GradientBuffer(for: replica.model.parameters)
    agent.graph.backward(into: buffer)
    // The same products with zeros added: the order of sums may differ, so four roundings of numbers around
    // one.
    for tensor in replica.model.parameters.tensors {
      let every = (0..<tensor.count).map { buffer[tensor].pointer[$0] }
      #expect(zip(every, gradients[tensor.name] ?? []).allSatisfy { abs($0 - $1) < 5e-7 }, "\(tensor.name)")
    }

    let loss = try replica.evaluate()
    agent.run(AgentRun(Rollout(.test, firstExample: 0, count: 4, seed: 1)))
    #expect(terms.loss(examples: 4) == loss)
    var (first, last) = ([Float](repeating: 0, count: 3), [Float](repeating: 0, count: 3))
    for row in 0..<4 {
      agent.classifier?.writeProbabilities(row, step: 2, into: &last)
      agent.classifier?.writeProbabilities(row, step: 1, into: &first)
      for j in 0..<3 { #expect(replica.scores[row, j] == last[j]) }
      #expect(abs(first.reduce(0, +) - 1) < 1e-6 && first[0] != last[0])
    }
  }

  @Test(
    "the same key gives the same rollout, whichever place of a shard the image has; another key another one")
  func keys() throws {
    let tiny = Tiny { ($0.gaze.first, $0.gaze.deviation) = (.uniform, .constant(0.2)) }
    var world = tiny.pictures(seed: 9)
    world.pictures = Array(repeating: world.pictures[0], count: 4)
    let replica = AttentionReplica(tiny.model(on: world, seed: 9), on: world, examples: 4)
    func run(index: Int = 1, firstExample: Int = 10, seed: UInt64 = 1) throws -> [[Float]] {
      try replica.evaluate(firstExample: firstExample, seed: seed, index: index, isSampled: true)
      return replica.looked
    }
    let once = try run()
    #expect(try run() == once)
    for other in [try run(index: 2), try run(seed: 2)] {
      for step in 0..<3 { #expect(zip(other[step], once[step]).allSatisfy { $0 != $1 || abs($0) == 1 }) }
    }
    // Example 12 is row 2 of the first shard and row 0 of the second.
    let later = try run(firstExample: 12)
    for step in 0..<3 {
      for axis in 0..<2 { #expect(abs(later[step][axis] - once[step][4 + axis]) < 1e-5) }
    }
    // Training draws from streams of its own.
    _ = try replica.gradients(firstExample: 10)
    let training = replica.looked
    #expect(try training[0] != run(index: 0)[0])
  }

  @Test(
    "one glimpse is enough to run, for every core, first glimpse, baseline and advantage",
    arguments: Tiny.CoreKind.allCases, [GaussianGaze.First.center, .uniform, .learned])
  func oneGlimpse(core: Tiny.CoreKind, first: GaussianGaze.First) throws {
    let baselines: [any Baseline] = [
      NoBaseline(), MovingAverage(), StateBaseline(), LeaveOneOut(), ClassBaseline(), SelfCritical(),
    ]
    for baseline in baselines {
      for advantage in [ReturnMinusBaseline(), LambdaReturns(0.5), LookAhead(lambda: 0.5)] as [any Advantage]
      {
        let tiny = Tiny(glimpses: 1) {
          ($0.core, $0.gaze.first, $0.objective.baseline) = (core, first, baseline)
          $0.objective.advantage = advantage
          $0.objective.episodes = baseline is LeaveOneOut ? 2 : 1
        }
        let replica = tiny.replica()
        let (metrics, gradients) = try replica.gradients()
        #expect(gradients["location.weight"] == nil && metrics.examples == 4 * tiny.objective.episodes)
        #expect(gradients.values.allSatisfy { $0.allSatisfy(\.isFinite) })
        #expect(gradients["core.weight"]?.contains { $0 != 0 } == true)
        #expect(try replica.evaluate().isFinite)
      }
    }
  }

  @Test("several episodes of an image see the same image and label from different places")
  func episodes() throws {
    let replica = Tiny { ($0.objective.episodes, $0.objective.baseline) = (3, LeaveOneOut()) }
      .replica(pictures: 2, seed: 11)
    let (metrics, _) = try replica.gradients()
    #expect(metrics.examples == 6)
    let loss = try #require(replica.agent.classifier?.losses.first)
    #expect((0..<3).map { loss.labels[$0] } == [0, 0, 0] && (3..<6).map { loss.labels[$0] } == [1, 1, 1])
    // The first glimpse is the centre for all: the same patch within an image, another between images.
    let patch = replica.agent.patches.value(at: 0)
    func row(_ r: Int) -> [Float] { (0..<patch.columns).map { patch[r, $0] } }
    #expect(row(0) == row(2) && row(3) == row(5) && row(0) != row(3))
    #expect(Set(replica.looked[1]).count > 6)
  }

  @Test("a model of several episodes is evaluated picture by picture, as one of a single episode is")
  func episodesEvaluated() throws {
    func replica(_ episodes: Int) -> AttentionReplica {
      Tiny { ($0.objective.episodes, $0.objective.baseline) = (episodes, ClassBaseline()) }
        .replica(pictures: 5, seed: 11)
    }
    let (one, three) = (replica(1), replica(3))
    #expect(abs(try one.evaluate() - (try three.evaluate())) < 1e-5)
    for row in 0..<5 { for j in 0..<3 { #expect(abs(one.scores[row, j] - three.scores[row, j]) < 1e-6) } }
    #expect(Set((0..<5).map { one.scores[$0, 0] }).count == 5)
  }

  @Test("with several episodes of a picture, b(h, y) is fitted for that picture's class")
  func episodesOfClasses() throws {
    let tiny = Tiny { ($0.objective.baseline, $0.objective.episodes) = (ClassBaseline(), 3) }
    var world = tiny.pictures()
    for labels in [[0, 1, 1, 0], [2, 2, 2, 2]] as [[UInt8]] {
      world.labels = labels.map { [$0] }
      let replica = AttentionReplica(tiny.model(on: world), on: world, examples: 4)
      let bias = try replica.gradients().byName["baseline.bias"] ?? []
      #expect(bias.indices.allSatisfy { (bias[$0] != 0) == labels.contains(UInt8($0)) }, "\(bias)")
    }
  }
}
