import NumericCore
import Testing

@testable import RecurrentAttention

@Suite("RecurrentAttentionModel")
struct ModelTests {
  @Test("parameters are counted by hand: 12 x 12, 3 scales")
  func parameterCount() {
    func count(_ change: (inout AttentionSettings) -> Void = { _ in }) -> Int {
      var settings = AttentionSettings(glimpses: 6, patchSide: 12, scales: 3)
      change(&settings)
      return RecurrentAttentionModel(settings, seed: 1).parameters.count
    }
    // h_g 432 × 128 + 128, h_l 2 × 128 + 128, g 256 × 256 + 256, h 512 × 256 + 256, l 256 × 2 + 2, a 256 × 10 + 10
    let paper = 55_424 + 384 + 65_792 + 131_328 + 514 + 2_570
    #expect(count { $0.baseline = .none } == paper && paper == 256_012)
    // The paper's 256,524 has two biases where g and h have one each: 2 × 256 more.
    #expect(paper + 512 == 256_524)
    #expect(count() == paper + 257)  // b_t from h_t
    #expect(count { ($0.baseline, $0.policy) = (.learned, .random) } == paper - 514)
    // LSTM: 512 × 1024 + 1024 instead of 512 × 256 + 256
    #expect(count { ($0.baseline, $0.core) = (.none, .lstm) } == paper + 525_312 - 131_328)
    // A hidden layer of 100: 256 × 100 + 100 + 100 × 2 + 2 instead of 514
    #expect(count { ($0.baseline, $0.locationHiddenUnits) = (.none, 100) } == paper + 25_902 - 514)
  }

  @Test(
    "the whole network's gradient is central differences: cross entropy, score and baseline over given glimpses",
    arguments: [AttentionSettings.Core.rectifier, .lstm], [nil, 3])
  func networkGradient(core: AttentionSettings.Core, hiddenUnits: Int?) {
    prepareThreadForArithmetic()
    let settings = tinySettings {
      ($0.core, $0.headGradient, $0.locationHiddenUnits, $0.squashing) = (core, .coreToo, hiddenUnits, .tanh)
    }
    let model = tinyWorker(settings, seed: 3).model
    let (steps, batch) = (3, 4)
    let graph = Graph(steps: steps, batch: batch, parameters: model.parameters)
    var stream = RandomStream(seed: 4, .analysis)
    func randomize(_ matrix: Matrix) {
      for row in 0..<matrix.rows {
        for j in 0..<matrix.columns { matrix[row, j] = stream.uniform(from: -1, to: 1) }
      }
    }
    let patches = graph.variable(columns: settings.retina.columns, gradient: false)
    let locations = graph.variable(columns: 2, gradient: false)
    let state = model.core(in: graph) { model.glimpseNetwork(patches, locations, into: $0, in: graph) }
    let classification = graph.softmaxCrossEntropy(graph.linear(state.during(2..<3), model.action))
    let decisions = state.during(0..<2)
    guard let locationNetwork = model.locationNetwork, let baseline = model.baseline else {
      Issue.record("the model has no location network or no baseline")
      return
    }
    let score = graph.gaussianScore(mean: locationNetwork(decisions, in: graph))
    let error = graph.squaredError(graph.linear(decisions, baseline))
    for values in [patches, locations, score.samples, score.advantages] { randomize(values.allValues) }
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
    "a worker's gradient is central differences of its own tally, where locations do not hang on the parameters",
    arguments: [AttentionSettings.Core.rectifier, .lstm], [AttentionSettings.Policy.random, .learned])
  func workerGradient(core: AttentionSettings.Core, policy: AttentionSettings.Policy) {
    let settings = tinySettings {
      ($0.core, $0.policy, $0.headGradient, $0.reinforceWeight) = (core, policy, .coreToo, 0)
    }
    let worker = tinyWorker(settings, seed: 5)
    if policy == .learned {
      // A location head that reads nothing: the mean stays, and samples around it are the same for a key.
      for i in 0..<(2 * settings.coreUnits) { worker.parameter("location.weight").pointer[i] = 0 }
    }
    let (_, gradients) = worker.gradients()
    let images = Double(worker.batch.count)
    #expect(gradients.keys.contains("baseline.weight") == (policy == .learned))
    let isFree = { (name: String) in name != "location.weight" && name != "location.bias" }
    expectGradients(gradients, of: worker.model.parameters, only: isFree) {
      let tally = worker.gradients().tally
      return (tally.crossEntropy + tally.baselineError) / images
    }
  }

  @Test("heads only: REINFORCE and the baseline's loss leave core, glimpse and action gradients as they are")
  func headsOnly() {
    func gradients(
      _ head: AttentionSettings.HeadGradient, weight: Float, _ baseline: AttentionSettings.ReturnBaseline
    ) -> [String: [Float]] {
      tinyWorker(
        tinySettings { ($0.headGradient, $0.reinforceWeight, $0.baseline) = (head, weight, baseline) },
        seed: 6
      ).gradients().byName
    }
    let trunk = ["core.weight", "core.bias", "glimpse.patch.weight", "glimpse.joint.weight", "action.weight"]
    let without = gradients(.headsOnly, weight: 0, .none)
    for other in [gradients(.headsOnly, weight: 1, .none), gradients(.headsOnly, weight: 1, .learned)] {
      for name in trunk { #expect(other[name] == without[name]) }
      #expect(other["location.weight"] != without["location.weight"])
    }
    for other in [gradients(.coreToo, weight: 1, .none), gradients(.coreToo, weight: 0, .learned)] {
      for name in ["core.weight", "glimpse.patch.weight"] { #expect(other[name] != without[name]) }
      #expect(other["action.weight"] == without["action.weight"])
    }
  }

  @Test("the policies: the centre looks at the centre, the random one everywhere and never twice the same")
  func policies() {
    let center = tinyWorker(tinySettings { $0.policy = .center })
    _ = center.gradients()
    #expect(center.looked.allSatisfy { $0.allSatisfy { $0 == 0 } })
    #expect(!center.model.isStochastic)

    let random = tinyWorker(tinySettings(glimpses: 8) { $0.policy = .random }, images: 50)
    _ = random.evaluate(Rollout(seed: 1, firstExample: 0, standardDeviation: nil))
    let numbers = random.looked.flatMap { $0 }
    #expect(Set(numbers).count > numbers.count - 5 && random.model.isStochastic)  // of 2^24 values
    #expect(numbers.allSatisfy { $0 >= -1 && $0 < 1 })
    // The mean and mean square of 800 uniforms: variances 1/3 and 4/45.
    let n = Float(numbers.count)
    #expect(abs(numbers.reduce(0, +) / n) < 4 * (1 / 3 / n).squareRoot())
    #expect(abs(numbers.reduce(0) { $0 + $1 * $1 } / n - 1 / 3) < 4 * (4 / 45 / n).squareRoot())

    let uniform = tinyWorker(tinySettings { $0.firstGlimpse = .uniform })
    _ = uniform.evaluate(Rollout(seed: 1, firstExample: 0, standardDeviation: nil))
    #expect(Set(uniform.looked[0]).count == 8)
  }

  @Test("a learned first glimpse gets a gradient, and the first location follows it")
  func learnedFirstGlimpse() {
    let worker = tinyWorker(
      tinySettings { ($0.firstGlimpse, $0.baseline) = (.learned, .none) }, images: 20, seed: 7)
    let gradient = worker.gradients().byName["location.first.bias"] ?? []
    #expect(gradient.count == 2 && gradient.allSatisfy { $0 != 0 })
    let bias = worker.parameter("location.first.bias")
    (bias[0, 0], bias[0, 1]) = (0.375, -0.25)
    _ = worker.evaluate(Rollout(seed: 1, firstExample: 0, standardDeviation: nil))
    #expect(worker.looked[0] == Array(repeating: [0.375, -0.25], count: 20).flatMap { $0 })
  }

  @Test("reading the class from every state changes neither the last probabilities nor tally nor gradient")
  func readout() {
    func run(_ readout: AttentionSettings.Readout) -> (AttentionWorker, Float, Tally, [String: [Float]]) {
      let worker = tinyWorker(tinySettings { $0.readout = readout }, seed: 8)
      let (tally, gradients) = worker.gradients()
      return (
        worker, worker.evaluate(Rollout(seed: 2, firstExample: 0, standardDeviation: nil)), tally, gradients
      )
    }
    let (last, every) = (run(.last), run(.every))
    #expect(last.1 == every.1 && last.2 == every.2)
    for row in 0..<4 {
      for j in 0..<3 { #expect(last.0.probabilities[row, j] == every.0.probabilities[row, j]) }
      let first = every.0.probabilities(afterGlimpse: 1)
      #expect(abs((0..<3).reduce(0) { $0 + first[row, $1] } - 1) < 1e-6)
      #expect(first[row, 0] != every.0.probabilities[row, 0])
    }
    // The same products with zeros added: the order of sums may differ, so four roundings of numbers around one.
    for (name, values) in last.3 {
      #expect(zip(every.3[name] ?? [], values).allSatisfy { abs($0 - $1) < 5e-7 }, "\(name)")
    }
  }

  @Test(
    "the same key gives the same rollout, whichever place of a shard the image has; another key another one")
  func keys() {
    let worker = tinyWorker(tinySettings { $0.firstGlimpse = .uniform }, images: 4, seed: 9)
    for row in 1..<4 { worker.batch.image(row).update(from: worker.batch.image(0), count: 64) }
    func run(index: Int = 1, firstExample: Int = 10, seed: UInt64 = 1) -> [[Float]] {
      _ = worker.evaluate(
        Rollout(seed: seed, index: index, firstExample: firstExample, standardDeviation: 0.2))
      return worker.looked
    }
    let once = run()
    #expect(run() == once)
    for other in [run(index: 2), run(seed: 2)] {
      for step in 0..<3 { #expect(zip(other[step], once[step]).allSatisfy { $0 != $1 || abs($0) == 1 }) }
    }
    // Example 12 is row 2 of the first shard and row 0 of the second.
    let later = run(firstExample: 12)
    for step in 0..<3 {
      for axis in 0..<2 { #expect(abs(later[step][axis] - once[step][4 + axis]) < 1e-5) }
    }
    // Training draws from streams of its own.
    _ = worker.gradients(standardDeviation: 0.2, firstExample: 10)
    #expect(worker.looked[0] != once[0])
  }

  @Test(
    "one glimpse is enough to run, for every core, first glimpse and baseline",
    arguments: [AttentionSettings.Core.rectifier, .lstm],
    [AttentionSettings.FirstGlimpse.center, .uniform, .learned])
  func oneGlimpse(core: AttentionSettings.Core, first: AttentionSettings.FirstGlimpse) {
    for baseline in [AttentionSettings.ReturnBaseline.none, .movingAverage, .learned, .leaveOneOut] {
      for readout in [AttentionSettings.Readout.last, .every] {
        let worker = tinyWorker(
          tinySettings(glimpses: 1) {
            ($0.core, $0.firstGlimpse, $0.baseline, $0.readout) = (core, first, baseline, readout)
            $0.episodes = baseline == .leaveOneOut ? 2 : 1
          })
        let (tally, gradients) = worker.gradients()
        #expect(worker.model.locationNetwork == nil && tally.examples == 4 * worker.model.settings.episodes)
        #expect(gradients.values.allSatisfy { $0.allSatisfy(\.isFinite) })
        #expect(gradients["core.weight"]?.contains { $0 != 0 } == true)
        #expect(worker.evaluate(Rollout(seed: 1, firstExample: 0, standardDeviation: nil)).isFinite)
      }
    }
  }

  @Test("several episodes of an image see the same image and label from different places")
  func episodes() {
    let worker = tinyWorker(
      tinySettings { ($0.episodes, $0.baseline) = (3, .leaveOneOut) }, images: 2, seed: 11)
    let (tally, _) = worker.gradients()
    #expect(tally.examples == 6)
    #expect((0..<6).map { worker.classification.labels[$0] } == [0, 0, 0, 1, 1, 1])
    // The first glimpse is the centre for all: the same patch within an image, another between images.
    let patch = worker.patches.value(at: 0)
    func row(_ r: Int) -> [Float] { (0..<patch.columns).map { patch[r, $0] } }
    #expect(row(0) == row(2) && row(3) == row(5) && row(0) != row(3))
    #expect(Set(worker.looked[1]).count > 6)
  }
}
