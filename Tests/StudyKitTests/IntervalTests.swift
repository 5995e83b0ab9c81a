import Foundation
import Learning
import Testing

@testable import StudyKit

@Test(
  "the 97.5 % point of Student's t is the published one",
  arguments: [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042), (120, 1.980)])
func publishedQuantiles(degreesOfFreedom: Int, published: Double) {
  // Half a unit in the table's last place.
  #expect(abs(StudentT.quantile(0.975, degreesOfFreedom: degreesOfFreedom) - published) <= 0.0005)
}

@Test("with one degree of freedom, t is Cauchy's: its quantile is a tangent", arguments: [0.6, 0.9, 0.999])
func cauchyQuantile(probability: Double) {
  let expected = tan(Double.pi * (probability - 0.5))
  #expect(abs(StudentT.quantile(probability, degreesOfFreedom: 1) / expected - 1) < 1e-10)
}

@Test(
  "with two degrees of freedom, the quantile has the closed form a √(2 / (1 - a²)), a = 2p - 1",
  arguments: [0.2, 0.75, 0.99])
func quantileOfTwoDegrees(probability: Double) {
  let a = 2 * probability - 1
  let expected = a * (2 / (1 - a * a)).squareRoot()
  #expect(abs(StudentT.quantile(probability, degreesOfFreedom: 2) / expected - 1) < 1e-10)
}

@Test("the interval of 1, 2, 3 is 2 ± 4.303 / √3")
func intervalByHand() throws {
  let interval = try #require(Interval([1, 2, 3]))
  #expect(interval.mean == 2)
  let halfWidth = try #require(interval.halfWidth)
  #expect(abs(halfWidth - 4.302653 / 1.7320508) < 1e-5)
  #expect(interval.formatted() == "2.00 ± 2.48")
  #expect(interval.formatted(places: 1) == "2.0 ± 2.5")
}

@Test("one value has a mean and no interval, none has neither")
func fewValues() {
  #expect(Interval([4.078])?.halfWidth == nil)
  #expect(Interval([4.078])?.formatted() == "4.08")
  #expect(Interval([]) == nil)
}

@Test("of 10,000 examples with 8.31 % errors, 95 % of such samples lie within 0.54 points")
func binomialInterval() {
  #expect(abs(Interval.binomialHalfWidth(percent: 8.31, examples: 10_000) - 0.541) < 0.0005)
  #expect(Interval.binomialHalfWidth(percent: 0, examples: 100) == 0)
}

@Test("the interval over test examples counts each of the split's examples once, however many scenes show it")
func differentExamples() throws {
  var run = try record("a", seed: 1, error: 5)
  let condition = try Condition("a", on: FakeWorld(), FakeNetwork())
  func halfWidth(_ examples: Int) throws -> Double? {
    run.test?.examples = examples
    return ConditionSummary(of: condition, [run], .error)?.examplesHalfWidth
  }
  #expect(FakeWorld().count(of: .test) == 1_000)
  #expect(try halfWidth(400) == Interval.binomialHalfWidth(percent: 5, examples: 400))
  #expect(try halfWidth(100_000) == Interval.binomialHalfWidth(percent: 5, examples: 1_000))
}

@Test("quantiles are interpolated between the two nearest values")
func quantiles() {
  #expect([4.0, 1, 3, 2].quantile(0.5) == 2.5 && [4.0, 1, 3, 2].quantile(0.75) == 3.25)
  #expect([7.0].quantile(0.25) == 7 && [Double]().quantile(0.5) == nil)
  #expect([2.0, 1].quantile(0) == 1 && [2.0, 1].quantile(1) == 2)
}

@Test("a page rounds the digits of its table, not more of them")
func roundedTwice() { #expect(Interval([0.374_999_9])?.formatted() == "0.38") }
