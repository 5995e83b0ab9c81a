import RecurrentAttention
import Testing
import Worlds

@testable import benchmark

@Test(
  "training an image takes 6.9, 8.0 and 11.4 MFLOP, and 7.3, 8.4 and 11.8 where the zero state is multiplied too",
  arguments: [("ram-28", 6.918, 7.311), ("ram-60", 8.049, 8.442), ("ram-100", 11.448, 11.842)])
func trainingArithmetic(name: String, needed: Double, withInitialState: Double) throws {
  let subject = try #require(Subject.named(name))
  let counted = Arithmetic(of: subject.network, side: subject.side)
  let more = Arithmetic(of: subject.network, side: subject.side, countsInitialState: true)
  #expect(abs(counted.training / 1e6 - needed) < 0.001)
  #expect(abs(more.training / 1e6 - withInitialState) < 0.001)
}

@Test("the products of a forward pass are the multiply-adds that the networks themselves count")
func forwardArithmetic() throws {
  for subject in Subject.all {
    let world = try subject.world()
    let counted = Arithmetic(of: subject.network, side: subject.side).evaluation
    #expect(counted == 2 * Double(try #require(subject.network.multiplyAdds(on: world))))
  }
}

@Test("heads whose gradients enter the core need two products more: 5 (2 + 1) 256 multiply-adds")
func headGradients() throws {
  let subject = try #require(Subject.named("ram-28"))
  let heads = try #require(subject.network as? RecurrentAttention)
  var gaze = try #require(heads.gaze as? GaussianGaze)
  gaze.trainsCore = true
  let core = heads.with { ($0.gaze, $0.objective) = (gaze, ClassificationObjective()) }
  let more = Arithmetic(of: core, side: 28).training - Arithmetic(of: heads, side: 28).training
  #expect(more == 2 * 5 * 3 * 256)
}

@Test("looking twice takes a forward pass of every decision and a baseline of ten numbers more")
func lookAhead() throws {
  let subject = try #require(Subject.named("ram-60"))
  let more = subject.arithmetic(of: .lookAhead) - subject.arithmetic(of: .training)
  let glimpse = 432 * 128 + 2 * 128 + 256 * 256
  let shadow = 5 * (glimpse + 2 * 256 * 256) + 256 * 10 + 4 * 256 * 10
  #expect(more == 2 * Double(shadow + 2 * 5 * 256 * 9))
}

@Test("a layer on pixels needs no gradient of its input: 2 (2 784 256 + 3 256 256 + 3 256 10)")
func referenceArithmetic() throws {
  let subject = try #require(Subject.named("fc-256-28"))
  #expect(subject.arithmetic(of: .training) == 2 * Double(2 * 784 * 256 + 3 * 256 * 256 + 3 * 2560))
}
