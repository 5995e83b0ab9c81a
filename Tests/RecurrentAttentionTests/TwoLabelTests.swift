import Foundation
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

@Suite("A world with two labels")
struct TwoLabelTests {
  private func replica(seed: UInt64 = 1, _ change: (inout Tiny) -> Void = { _ in }) -> AttentionReplica {
    Tiny {
      $0.classCounts = [3, 5]
      change(&$0)
    }.replica(pictures: 15, seed: seed)
  }

  @Test("its cross entropy is the sum of both, and its probabilities are two distributions side by side")
  func crossEntropy() throws {
    let replica = replica()
    let loss = try replica.evaluate()
    #expect(replica.scores.columns == 8)
    var expected = 0.0
    for row in 0..<15 {
      let p = (0..<8).map { Double(replica.scores[row, $0]) }
      #expect(abs(p[..<3].reduce(0, +) - 1) < 1e-6 && abs(p[3...].reduce(0, +) - 1) < 1e-6)
      expected -= log(p[replica.agent.stage.label(row, 0)]) + log(p[3 + replica.agent.stage.label(row, 1)])
    }
    // Thirty logarithms of numbers that carry 3e-7.
    #expect(abs(Double(loss) - expected) < 2e-5)
  }

  @Test("an answer is right when both labels are, and its probability is the product")
  func rightness() throws {
    let replica = replica()
    try replica.evaluate()
    let classifier = try #require(replica.agent.classifier)
    var (both, one) = (0, 0)
    for row in 0..<15 {
      let (first, second) = (replica.agent.stage.label(row, 0), replica.agent.stage.label(row, 1))
      for (isFirstRight, isSecondRight) in [(true, true), (true, false), (false, true), (false, false)] {
        var scores = [Float](repeating: 0, count: 8)
        scores[isFirstRight ? first : (first + 1) % 3] = 0.9
        scores[3 + (isSecondRight ? second : (second + 1) % 5)] = 0.1
        #expect(replica.isRight(row, scores: scores) == (isFirstRight && isSecondRight))
      }
      let p = replica.scores.row(row)
      let answer = classifier.answer(row)
      #expect(abs(answer.probability - p[first] * p[3 + second]) < 1e-7)
      #expect(answer.isRight == (argmax(p, 3) == first && argmax(p + 3, 5) == second))
      #expect(answer.isRight == replica.isRight(row, scores: p))
      both += answer.isRight ? 1 : 0
      one += argmax(p, 3) == first || argmax(p + 3, 5) == second ? 1 : 0
    }
    #expect(both < one, "no answer is right in one label alone: the claim is empty")
  }

  @Test(
    "its gradient is central differences of the sum",
    arguments: Tiny.CoreKind.allCases)
  func gradient(core: Tiny.CoreKind) throws {
    let replica = replica(seed: 5) { ($0.core, $0.fixedGaze) = (core, RandomGaze()) }
    let (metrics, gradients) = try replica.gradients()
    #expect(metrics.errors > 0 && metrics.examples == 15)
    try expectGradients(gradients, of: replica.model.parameters) { try replica.gradients().metrics.mean(0) }
  }

  @Test("figures read both labels after every glimpse")
  func paths() throws {
    let replica = replica()
    try replica.evaluate()
    let paths = try replica.model.paths(on: replica.agent.stage.world, .test, examples: 0..<15, seed: 1)
    for (row, path) in paths.enumerated() {
      #expect(path.glimpses.allSatisfy { $0.probabilities.count == 8 })
      #expect(path.glimpses[2].probabilities == (0..<8).map { replica.scores[row, $0] })
    }
  }
}
