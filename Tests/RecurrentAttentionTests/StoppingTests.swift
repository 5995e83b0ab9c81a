import Foundation
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

@Suite("Stopping")
struct StoppingTests {
  @Test(
    "the gradient is that of the loss with weights, rewards and targets held fixed, by central differences",
    arguments: Tiny.CoreKind.allCases)
  func gradient(core: Tiny.CoreKind) throws {
    let replica = Tiny(glimpses: 4) {
      ($0.core, $0.fixedGaze, $0.stop, $0.evenShare) = (core, RandomGaze(), StopAction(), 0.25)
      ($0.objective.reward, $0.objective.reinforceWeight) = (RightProbability(), .constant(0.5))
      $0.trainCore()
    }.replica(pictures: 6, seed: 5)
    let agent = replica.agent
    let (stopper, classifier) = (try #require(agent.stopper), try #require(agent.classifier))
    let layer = try #require((replica.model.objective as? StoppingObjective.Layer)?.baseline)
    let gradients = try replica.gradients().byName
    func s(_ row: Int, _ t: Int) -> Double { Double(stopper.probability(row, step: t)) }
    /// q_t.
    func share(_ row: Int, _ t: Int) -> Double { (0..<t).reduce(s(row, t)) { $0 * (1 - s(row, $1)) } }
    let (rows, steps) = (0..<6, 0..<4)
    let weights = rows.map { row in steps.map { 0.75 * share(row, $0) + 0.25 / 4 } }
    let rewards = rows.map { row in
      steps.map { Double(classifier.answer(row, step: $0).probability) - 0.1 * Double($0 + 1) }
    }
    /// G_t.
    let targets = rows.map { row in
      steps.reversed().reduce(into: [Double]()) { g, t in
        g.insert(s(row, t) * rewards[row][t] + (1 - s(row, t)) * (g.first ?? 0), at: 0)
      }
    }
    // b reads the state by itself here.
    let (w, b) = (replica.parameter("baseline.weight"), replica.parameter("baseline.bias"))
    #expect(layer.layer.weight.columns == 1)
    try expectGradients(gradients, of: replica.model.parameters) {
      try replica.assignCredit(
        TrainingStep(seed: 1, firstExample: 0, batchSize: 6, progress: Progress(fraction: 0, epoch: 0)))
      return rows.reduce(0.0) { sum, row in
        steps.reduce(sum) { sum, t in
          var loss = weights[row][t] * Double(classifier.crossEntropy(row, step: t))
          loss -= 0.5 * share(row, t) * rewards[row][t]
          if t < 3 {
            let h = agent.states.state.value(at: t)
            let expected = (0..<h.columns).reduce(Double(b[0, 0])) {
              $0 + Double(h[row, $1]) * Double(w[$1, 0])
            }
            loss += pow(expected - targets[row][t + 1], 2) / 3
          }
          return sum + loss / 6
        }
      }
    }
  }

  /// As in the tests of advantages: the baseline's weights are single precision.
  private let tolerance = 1e-4 / 0.4

  @Test(
    "the gradients of stopping and of both places are unbiased: their means are the enumerated ones, also by the look-ahead where its values are exact",
    arguments: [ReturnMinusBaseline(), LambdaReturns(0.5), LookAhead(lambda: 0.5)] as [any Advantage],
    [Correctness(), RightProbability()] as [any Reward])
  func unbiased(advantage: any Advantage, reward: any Reward) throws {
    let decisions = try TwoDecisions(reward: reward, advantage, price: 0.05)
    if advantage.lambda < 1 { decisions.makeValuesExact() }
    let estimate = try Estimate(of: TwoDecisions.stoppingNames, by: decisions.replica)
    let gradient = decisions.stoppingGradient()
    #expect(estimate.isUnbiased(gradient, tolerance: tolerance), "\(estimate), enumerated \(gradient)")
    let margins = zip(gradient, estimate.standardError).map { abs($0) / (4 * $1 + tolerance) }
    let places = gradient.count - 33
    for range in [0..<2, 2..<places, places..<gradient.count] {
      #expect(margins[range].max() ?? 0 > 2, "\(range): \(margins)")
    }
    // The comparison itself can fail: for free, glimpses have another gradient.
    let free = try TwoDecisions(reward: reward, advantage, price: 0).stoppingGradient()
    #expect(!estimate.isUnbiased(free, tolerance: tolerance))
  }

  @Test("where it never stops and glimpses are free, every gradient is that of a model that looks T times")
  func neverStops() throws {
    for advantage in [ReturnMinusBaseline(), LambdaReturns(0.5), LookAhead(lambda: 0.5)] as [any Advantage] {
      func tiny(stop: StopAction?) -> Tiny {
        Tiny(glimpses: 4) {
          ($0.stop, $0.price, $0.evenShare, $0.gaze.first) = (stop, 0, 0, .learned)
          ($0.objective.advantage, $0.objective.baseline) = (advantage, ClassBaseline())
          $0.objective.reward = RightProbability()
          $0.trainCore()
        }
      }
      let world = tiny(stop: nil).pictures(6)
      let plain = tiny(stop: nil).model(on: world, seed: 3)
      var head = StopAction()
      head.bound = .infinity
      let stopping = plain.copy(as: tiny(stop: head).network, for: world)
      let (weight, bias) = (stopping.parameter("stop.weight"), stopping.parameter("stop.bias"))
      weight.pointer.update(repeating: 0, count: weight.rows)
      bias[0, 0] = -100
      let expected = try AttentionReplica(plain, on: world, examples: 6).gradients().byName
      let found = try AttentionReplica(stopping, on: world, examples: 6).gradients().byName
      for (name, values) in expected {
        for (a, b) in zip(values, found[name] ?? []) { #expect(abs(a - b) < 1e-5, "\(name)") }
        #expect(found[name]?.count == values.count, "\(name)")
        // The learned first place is a layer whose input is nothing: its bias alone is learned.
        if name != "location.first.weight" { #expect(values.contains { abs($0) > 1e-3 }, "\(name)") }
      }
    }
  }

  /// One that stops after every glimpse with the same probability.
  private func replica(probability: Float, pictures: Int = 6) throws -> AttentionReplica {
    let replica = Tiny(glimpses: 4) { ($0.stop, $0.fixedGaze) = (StopAction(), CenterGaze()) }
      .replica(pictures: pictures, seed: 7)
    let weight = replica.parameter("stop.weight")
    weight.pointer.update(repeating: 0, count: weight.rows)
    replica.parameter("stop.bias")[0, 0] = log(probability / (1 - probability))
    return replica
  }

  @Test(
    "at its mean it stops where the probability is above one half, and answers by what it has seen until then"
  )
  func mean() throws {
    for (probability, step) in [(0.4, 3), (0.6, 0)] as [(Float, Int)] {
      let replica = try replica(probability: probability)
      let loss = try replica.evaluate()
      let classifier = try #require(replica.agent.classifier)
      var entropy: Float = 0
      for row in 0..<6 {
        #expect(replica.agent.answerStep(row) == step)
        var answers = [Float](repeating: 0, count: 3)
        classifier.writeProbabilities(row, step: step, into: &answers)
        #expect((0..<3).allSatisfy { replica.scores[row, $0] == answers[$0] })
        let other = classifier.answer(row, step: 3 - step).probability
        #expect(classifier.answer(row, step: step).probability != other, "the steps tell nothing apart")
        entropy += classifier.crossEntropy(row, step: step)
      }
      #expect(loss == entropy)
    }
  }

  @Test("sampled, it stops after glimpse t with the probability q_t, and paths say so")
  func sampled() throws {
    let (s, rows) = (0.3, 4_000)
    let replica = try replica(probability: Float(s), pictures: rows)
    try replica.evaluate(isSampled: true)
    var counts = [0, 0, 0, 0]
    for row in 0..<rows { counts[replica.agent.answerStep(row)] += 1 }
    let shares = [s, s * (1 - s), s * pow(1 - s, 2), pow(1 - s, 3)]
    for (count, share) in zip(counts, shares) {
      #expect(
        abs(Double(count) / Double(rows) - share) < 4 * (share * (1 - share) / Double(rows)).squareRoot())
    }
    let path = try replica.model.paths(on: replica.agent.stage.world, .test, examples: 0..<1, seed: 1)[0]
    let mean = shares.enumerated().reduce(0) { $0 + $1.element * Double($1.offset + 1) }
    var (expected, goesOn) = (0.0, 1.0)
    for glimpse in path.glimpses {
      expected += goesOn
      goesOn *= 1 - Double(glimpse.stopProbability)
    }
    #expect(path.answerIndex == 3 && abs(expected - mean) < 1e-5)
    #expect(path.glimpses.map(\.stopProbability).last == 1 && path.glimpses.count == 4)
  }

  @Test("the metrics of a model that can stop are expectations over where it stops")
  func metrics() throws {
    let replica = try replica(probability: 0.3)
    let classifier = try #require(replica.agent.classifier)
    let metrics = try replica.gradients().metrics
    #expect(abs(metrics.mean(3) - (1 + 0.7 + 0.49 + 0.343)) < 1e-5)  // glimpses
    let shares = [0.3, 0.7 * 0.3, 0.49 * 0.3, 0.343]
    let rewards = (0..<6).reduce(0.0) { sum, row in
      shares.indices.reduce(sum) { sum, t in
        let reward: Double = classifier.answer(row, step: t).isRight ? 1 : 0
        return sum + shares[t] * (reward - 0.1 * Double(t + 1))
      }
    }
    #expect(abs(metrics.mean(2) - rewards / 6) < 1e-5)
  }

  @Test("the gradient of stopping is scaled by one over the batch, not the shard")
  func scale() throws {
    func gradients(batchSize: Int) throws -> [String: [Float]] {
      try Tiny(glimpses: 4) { $0.stop = StopAction() }.replica(pictures: 8, seed: 14)
        .gradients(batchSize: batchSize).byName
    }
    let (one, quarter) = (try gradients(batchSize: 8), try gradients(batchSize: 32))
    for name in ["stop.weight", "location.weight", "action.weight", "baseline.weight"] {
      #expect(quarter[name] == one[name]?.map { $0 / 4 }, "\(name)")  // powers of two are exact
      #expect(one[name]?.contains { $0 != 0 } == true, "\(name)")
    }
  }

  @Test("where the stop action does not train the core, the price of a glimpse leaves no gradient in it")
  func trainsCore() throws {
    func core(_ trains: Bool, price: Float) throws -> [Float]? {
      try Tiny(glimpses: 4) {
        ($0.stop, $0.fixedGaze, $0.price, $0.evenShare) = (StopAction(), CenterGaze(), price, 1)
        $0.stop?.trainsCore = trains
      }.replica(pictures: 6, seed: 5).gradients().byName["core.weight"]
    }
    #expect(try core(false, price: 0.1) == core(false, price: 0.4))
    #expect(try core(true, price: 0.1) != core(true, price: 0.4))
  }

  @Test("however sure it is, it stops with no more than the bound's probability")
  func bound() throws {
    let replica = try replica(probability: 0.5)
    replica.parameter("stop.bias")[0, 0] = 100
    try replica.evaluate()
    let stopper = try #require(replica.agent.stopper)
    #expect(abs(stopper.probability(0, step: 0) - Elementary.sigmoid(StopAction().bound)) < 1e-6)
  }

  @Test("stopping has random numbers of its own")
  func stream() throws {
    // Stops where u < 1/2. If u were the place's own first uniform, the first of the two that its noise is made of, it would
    // say how long the noise is.
    let rows = 4_000
    let replica = Tiny(glimpses: 3) { ($0.stop, $0.gaze.deviation) = (StopAction(), .constant(0.1)) }
      .replica(pictures: rows, seed: 7)
    for name in ["stop.weight", "stop.bias", "location.weight", "location.bias"] {
      let matrix = replica.parameter(name)
      for row in 0..<matrix.rows { for column in 0..<matrix.columns { matrix[row, column] = 0 } }
    }
    try replica.evaluate(isSampled: true)
    let places = replica.looked[1]
    func meanLength(_ rows: [Int]) -> Double {
      let lengths = rows.map { Double(abs(places[2 * $0]) + abs(places[2 * $0 + 1])) }
      return lengths.reduce(0, +) / Double(lengths.count)
    }
    let stopped = (0..<rows).filter { replica.agent.answerStep($0) == 0 }
    let others = (0..<rows).filter { replica.agent.answerStep($0) > 0 }
    #expect(abs(stopped.count - rows / 2) < 130)  // four standard deviations
    // |x| + |y| has the standard deviation 0.1 √(2 (1 - 2/π)) = 0.085; the difference of two means, 0.0027.
    #expect(abs(meanLength(stopped) - meanLength(others)) < 4 * 0.0027)
  }

  @Test("cross entropy after earlier glimpses is added with its weight")
  func earlierAnswers() throws {
    let replica = Tiny(glimpses: 3) {
      ($0.fixedGaze, $0.objective.earlierAnswersWeight) = (RandomGaze(), 0.5)
    }.replica(pictures: 6, seed: 5)
    let gradients = try replica.gradients().byName
    let classifier = try #require(replica.agent.classifier)
    try expectGradients(gradients, of: replica.model.parameters) {
      _ = try replica.gradients()
      return (0..<6).reduce(0) { sum, row in
        (0..<3).reduce(sum) {
          $0 + Double(classifier.crossEntropy(row, step: $1)) * ($1 < 2 ? 0.5 : 1) / 6
        }
      }
    }
  }

  @Test(
    "errors of a model that can stop are of the answers where it stopped; the baseline's error is a mean over glimpses"
  )
  func stoppingMetrics() throws {
    var isTold = false
    for seed in 1...12 as ClosedRange<UInt64> {
      let replica = Tiny(glimpses: 4) { $0.stop = StopAction() }.replica(pictures: 30, seed: seed)
      replica.parameter("stop.bias")[0, 0] = 0
      let metrics = try replica.gradients().metrics
      let agent = replica.agent
      let (classifier, stopper) = (try #require(agent.classifier), try #require(agent.stopper))
      let wrong = (0..<30).map { row in (0..<4).map { classifier.answer(row, step: $0).isRight ? 0 : 1 } }
      let errors = (0..<30).map { wrong[$0][stopper.step(of: $0)] }.reduce(0, +)
      #expect(metrics.errors == errors)
      isTold = isTold || errors != wrong.map { $0[3] }.reduce(0, +)
      let (w, b) = (replica.parameter("baseline.weight"), replica.parameter("baseline.bias"))
      var squares = 0.0
      for row in 0..<30 {
        var target = 0.0
        for t in (0..<4).reversed() {
          if t < 3 {
            let h = agent.states.state.value(at: t)
            let expected = (0..<h.columns).reduce(Double(b[0, 0])) { $0 + Double(h[row, $1] * w[$1, 0]) }
            squares += (expected - target) * (expected - target)
          }
          let s = Double(stopper.probability(row, step: t))
          target = s * (Double(1 - wrong[row][t]) - 0.1 * Double(t + 1)) + (1 - s) * target
        }
      }
      #expect(abs(metrics.mean(1) / (squares / (3 * 30)) - 1) < 1e-4)
    }
    #expect(isTold, "the glimpses tell nothing apart")
  }

  @Test("a path ends where the model has stopped")
  func stoppedPath() throws {
    let tiny = Tiny(glimpses: 4) { ($0.stop, $0.fixedGaze) = (StopAction(), CenterGaze()) }
    let world = tiny.pictures(6)
    let model = tiny.model(on: world, seed: 7)
    let weight = model.parameter("stop.weight")
    weight.pointer.update(repeating: 0, count: weight.rows)
    model.parameter("stop.bias")[0, 0] = 1
    let path = try model.paths(on: world, .test, examples: 0..<1, seed: 1)[0]
    #expect(path.answerIndex == 0 && path.glimpses.count == 4)
    #expect(path.answer.probabilities == path.glimpses[0].probabilities)
  }
}
