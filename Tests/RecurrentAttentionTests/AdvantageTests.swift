import Learning
import Numerics
import Testing

@testable import RecurrentAttention

@Suite("Advantages")
struct AdvantageTests {
  @Test(
    "λ-returns with λ = 1 are the return less the baseline, byte for byte",
    arguments: [
      NoBaseline(), MovingAverage(), StateBaseline(), ClassBaseline(), LeaveOneOut(), SelfCritical(),
    ]
      as [any Baseline])
  func lambdaOne(baseline: any Baseline) throws {
    func run(_ advantage: any Advantage) throws -> (Metrics, [String: [Float]]) {
      let result = try Tiny {
        ($0.gaze.first, $0.objective.baseline, $0.objective.advantage) = (.learned, baseline, advantage)
        ($0.objective.reward, $0.objective.episodes) = (RightProbability(), baseline is LeaveOneOut ? 3 : 1)
      }.replica(pictures: 6, seed: 3).gradients()
      return (result.metrics, result.byName)
    }
    let (one, paper) = (try run(LambdaReturns(1)), try run(ReturnMinusBaseline()))
    #expect(one.0 == paper.0 && one.1 == paper.1)
    #expect(one.1["location.weight"]?.contains { $0 != 0 } == true)
    guard baseline is StateBaseline || baseline is ClassBaseline else { return }
    let half = try run(LambdaReturns(0.5))
    #expect(half.1["location.weight"] != paper.1["location.weight"])
    #expect(half.1["location.first.bias"] != paper.1["location.first.bias"])
  }

  /// The baseline's weights are single precision: V is off by less than 10^-4, its gradient by that over σ.
  private let tolerance = 1e-4 / 0.4

  @Test(
    "where the baseline is the expected return given the state, λ and look-ahead change no mean: both decisions' gradients are the enumerated one",
    arguments: [LambdaReturns(0), LambdaReturns(0.5), LookAhead(lambda: 0), LookAhead(lambda: 0.5)]
      as [any Advantage], [Correctness(), RightProbability()] as [any Reward])
  func exactValues(advantage: any Advantage, reward: any Reward) throws {
    try expectEnumerated(advantage, reward, StateBaseline())
  }

  @Test(
    "the same with a baseline that knows the class, as in the recipe",
    arguments: [LambdaReturns(0.5), LookAhead(lambda: 0.5)] as [any Advantage])
  func exactValuesOfClasses(advantage: any Advantage) throws {
    try expectEnumerated(advantage, RightProbability(), ClassBaseline())
  }

  private func expectEnumerated(_ advantage: any Advantage, _ reward: any Reward, _ baseline: any Baseline)
    throws
  {
    let decisions = try TwoDecisions(reward: reward, baseline: baseline, advantage)
    decisions.makeValuesExact()
    let wrongBy = zip(decisions.values, decisions.expectedReturns()).map { abs($0 - $1) }.max() ?? 1
    #expect(wrongBy < 1e-4)
    let estimate = try Estimate(of: TwoDecisions.names, by: decisions.replica)
    let gradient = decisions.trueGradient()
    #expect(estimate.isUnbiased(gradient, tolerance: tolerance), "\(estimate), enumerated \(gradient)")
    let margins = zip(gradient, estimate.standardError).map { abs($0) / (4 * $1 + tolerance) }
    #expect(margins[..<2].max() ?? 0 > 4 && margins[2...].max() ?? 0 > 4, "\(margins)")
  }

  @Test(
    "where it is not, the first decision's gradient is that of what its formula puts in the return's place, and the last one's is unbiased",
    arguments: [0, 0.5] as [Float], [false, true])
  func wrongValues(lambda: Float, looksAhead: Bool) throws {
    let decisions = try TwoDecisions(
      reward: Correctness(), looksAhead ? LookAhead(lambda: lambda) : LambdaReturns(lambda))
    let estimate = try Estimate(of: TwoDecisions.names, by: decisions.replica)
    let weight = Double(lambda)
    let gradient = decisions.gradient(
      first: { reward, value in
        // G_0, and as the noise is symmetric, -E[V(-ε) ε] = E[V(ε) ε].
        let credit = weight * reward + (1 - weight) * value
        return looksAhead ? 0.5 * (credit + value) : credit
      }, second: { reward, _ in reward })
    #expect(estimate.isUnbiased(gradient, tolerance: tolerance), "\(estimate), enumerated \(gradient)")
    // The comparison itself can fail: against the expected return's it does.
    #expect(!estimate.isUnbiased(decisions.trueGradient(), tolerance: tolerance))
  }
}
