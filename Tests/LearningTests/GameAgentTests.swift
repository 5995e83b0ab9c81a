import NumericCore
import Testing
import VisualTasks

@testable import RecurrentAttention
@testable import Training

/// The easiest game there is: a pixel at the left, the middle or the right of an 8x8 screen, and whoever
/// points to it in the last of three frames wins.
private struct Pointing: ScreenGame {
  static let side = 8
  static let choices = 3
  static let decisions = 3
  let place: Int
  var frame = 0

  init(seed: UInt64, game: Int) {
    var stream = RandomStream(seed: seed, .game, example: game)
    place = stream.integer(below: 3)
  }

  func draw(into pixels: UnsafeMutablePointer<UInt8>) {
    pixels.update(repeating: 0, count: 64)
    pixels[4 * 8 + 2 + 2 * place] = 255
  }

  mutating func play(_ choice: Int) -> Float {
    frame += 1
    return frame == Self.decisions && choice == place ? 1 : 0
  }
}

/// Its first frames, for a trainer.
private struct PointingGames: SceneTask {
  let side = 8
  let classCount = 2
  let summary = "pointing"
  func count(of split: Split) -> Int { 1 << 20 }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: UnsafeMutablePointer<UInt8>) -> UInt8 { 1 }
}

private func tinySettings() -> GameAgentSettings {
  var settings = GameAgentSettings(patchSide: 4, scales: 2)
  (settings.patchUnits, settings.locationUnits) = (16, 16)
  (settings.glimpseUnits, settings.coreUnits) = (32, 32)
  return settings
}

private func makeTrainer(threads: Int, steps: Int = 40) -> Trainer {
  let training = TrainingSettings(
    epochs: 1, examplesPerEpoch: 64 * steps, batchSize: 64, learningRate: .cosine(from: 3e-3, to: 1e-4),
    standardDeviation: .constant(0.2), validationScenes: 200)
  let agent = GameAgent<Pointing>(tinySettings(), seed: 5)
  return Trainer(agent, on: PointingGames(), settings: training, seed: 5, pool: WorkerPool(threads: threads))
}

private func numbers(_ trainer: Trainer) -> [Float] {
  let parameters = trainer.learner.parameters
  return Array(UnsafeBufferPointer(start: parameters.flat, count: parameters.length))
}

/// The gradient of one tensor over the worker's games, in a batch of 64.
private func gradient(_ name: String, _ worker: GameWorker<Pointing>, firstExample: Int = 0) -> [Float] {
  let parameters = worker.agent.parameters
  let buffer = GradientBuffer(for: parameters)
  _ = worker.train(
    TrainingStep(seed: 9, firstExample: firstExample, batchSize: 64, standardDeviation: 0.5), into: buffer)
  buffer.clearUnwritten()
  return parameters.tensors.filter { $0.name == name }.flatMap { tensor in
    (0..<tensor.count).map { buffer[tensor].pointer[$0] }
  }
}

@Suite("Game agent")
struct GameAgentTests {
  @Test("an easy game is learned within seconds")
  func learns() throws {
    let trainer = makeTrainer(threads: 1, steps: 300)
    let evaluator = Evaluator(trainer.learner, on: PointingGames(), pool: WorkerPool(threads: 1))
    let before = evaluator.evaluate(.test, scenes: 300, seed: 5, rollouts: 1, standardDeviation: 0.2)
    let record = try trainer.trainEpoch(with: evaluator)
    let after = evaluator.evaluate(.test, scenes: 300, seed: 5, rollouts: 1, standardDeviation: 0.2)
    // Chance is a third; 300 games of it lie within 14 points of 67 % by four and more standard deviations.
    #expect((before.sampledErrorPercent ?? 0) > 50)
    #expect((after.sampledErrorPercent ?? 100) < 20 && after.errorPercent < 20)
    #expect(record.validationErrorPercent < 20)
  }

  @Test("one, two and three threads give the same bytes", arguments: [2, 3])
  func threads(count: Int) throws {
    let (alone, together) = (makeTrainer(threads: 1), makeTrainer(threads: count))
    for _ in 0..<6 {
      let (first, second) = (try alone.trainStep(), try together.trainStep())
      #expect(first.tally == second.tally && first.gradientNorm == second.gradientNorm)
    }
    #expect(numbers(alone) == numbers(together))
  }

  @Test("a checkpoint, resumed, goes on with the same bytes")
  func resumes() throws {
    let whole = makeTrainer(threads: 1)
    for _ in 0..<3 { _ = try whole.trainStep() }
    let checkpoint = whole.checkpoint(metadata: [:])
    for _ in 0..<3 { _ = try whole.trainStep() }
    let resumed = makeTrainer(threads: 2)
    try resumed.restore(checkpoint, from: "memory")
    for _ in 0..<3 { _ = try resumed.trainStep() }
    #expect(numbers(whole) == numbers(resumed))
    #expect(numbers(whole) != numbers(makeTrainer(threads: 1)))
  }

  @Test("training, validation and test games are three sets; the last two are the same for every seed")
  func sets() {
    func places(_ set: Int, seed: UInt64) -> [Int] {
      (0..<64).map { Pointing(set: set, index: $0, seed: seed).place }
    }
    #expect(places(1, seed: 1) == places(1, seed: 2))
    #expect(places(2, seed: 1) == places(2, seed: 2))
    #expect(places(0, seed: 1) != places(0, seed: 2))
    #expect(places(1, seed: 1) != places(2, seed: 1) && places(0, seed: 1) != places(1, seed: 1))
  }

  @Test("the entropy's weight falls in a straight line to 0 and stays there")
  func entropySchedule() {
    var settings = tinySettings()
    settings.entropyWeight = 0.5
    #expect(settings.entropyWeight(afterGames: 1_000_000) == 0.5)
    settings.entropyGames = 800
    let weights = [0, 200, 400, 800, 900].map { settings.entropyWeight(afterGames: $0) }
    #expect(weights == [0.5, 0.375, 0.25, 0, 0])
  }

  @Test("entropy is worth nothing after its games, and the same in every shard of a batch before")
  func entropyOfBatches() throws {
    var settings = tinySettings()
    (settings.entropyWeight, settings.entropyGames) = (0.5, 256)
    let with = GameAgent<Pointing>(settings, seed: 5).makeWorker(games: 32)
    settings.entropyWeight = 0
    let without = GameAgent<Pointing>(settings, seed: 5).makeWorker(games: 32)
    #expect(
      gradient("action.bias", with, firstExample: 128) != gradient("action.bias", without, firstExample: 128))
    #expect(with.play.entropyWeight == 0.25)
    _ = gradient("action.bias", with, firstExample: 160)
    #expect(with.play.entropyWeight == 0.25)
    #expect(
      gradient("action.bias", with, firstExample: 256) == gradient("action.bias", without, firstExample: 256))
  }

  @Test(
    "the location scale is a change of units: a head 4 times as large at a quarter of it looks at the same places"
  )
  func locationScale() throws {
    // Powers of two, so that every product is exact. A weight in units c has the derivative c dL/dw.
    var settings = tinySettings()
    settings.locationScale = 1
    let plain = GameAgent<Pointing>(settings, seed: 5)
    settings.locationScale = 0.25
    let scaled = GameAgent<Pointing>(settings, seed: 5)
    for tensor in plain.parameters.tensors {
      let isHead = tensor.name == "location.weight" || tensor.name == "location.bias"
      for i in 0..<tensor.count {
        scaled.parameters[tensor].pointer[i] = (isHead ? 4 : 1) * plain.parameters[tensor].pointer[i]
      }
    }
    scaled.parameters.refreshCopies()
    let (first, second) = (plain.makeWorker(games: 32), scaled.makeWorker(games: 32))
    let (here, there) = (gradient("location.weight", first), gradient("location.weight", second))
    #expect(here.contains { $0 != 0 } && there == here.map { 0.25 * $0 })
    #expect(gradient("action.weight", first) == gradient("action.weight", second))
    for step in 0..<Pointing.decisions {
      let (a, b) = (first.locations.value(at: step), second.locations.value(at: step))
      for row in 0..<32 { #expect(a[row, 0] == b[row, 0] && a[row, 1] == b[row, 1]) }
    }
  }

  @Test("a step against the action head's gradient wins as many more games as the gradient says")
  func unbiasedGradient() throws {
    // The derivative of the expected return along its gradient g is |g|²: a step of ε against the gradient of
    // the loss changes E[R] by ε |g|², measured by playing the same games with the same random numbers at
    // both ends.
    let trainer = makeTrainer(threads: 1)
    for _ in 0..<20 { _ = try trainer.trainStep() }
    let agent = try #require(trainer.learner as? GameAgent<Pointing>)
    let games = 2_000
    let worker = agent.makeWorker(games: games)
    worker.batch.count = games
    let gradients = GradientBuffer(for: agent.parameters)
    _ = worker.train(
      TrainingStep(seed: 9, firstExample: 0, batchSize: games, standardDeviation: 0.2), into: gradients)
    gradients.clearUnwritten()
    // Only the action head, which the baseline's error does not reach.
    let action = try #require(agent.parameters.tensors.first { $0.name == "action.weight" })
    let (weight, gradient) = (agent.parameters[action], gradients[action])
    var square = 0.0
    for i in 0..<action.count { square += Double(gradient.pointer[i]) * Double(gradient.pointer[i]) }
    let step = Float(1.5 / square.squareRoot())

    func meanReturn() -> Double {
      var wins = 0
      for rollout in 0..<10 {
        _ = worker.evaluate(Rollout(seed: 9, index: rollout, firstExample: 0, standardDeviation: 0.2))
        for row in 0..<games { wins += worker.probabilities[row, 1] > 0 ? 1 : 0 }
      }
      return Double(wins) / Double(10 * games)
    }
    for i in 0..<action.count { weight.pointer[i] -= step * gradient.pointer[i] }
    let better = meanReturn()
    for i in 0..<action.count { weight.pointer[i] += 2 * step * gradient.pointer[i] }
    let worse = meanReturn()
    let expected = 2 * Double(step) * square
    // 20,000 games at each end: a standard deviation of 0.005 on the difference without common numbers.
    #expect(expected > 0.03)
    #expect(abs((better - worse) - expected) < 0.25 * expected + 0.015, "\(better - worse) where \(expected)")
  }
}
