import Autodiff
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

/// A fresh model of 64 units, with as many numbers as statistics need.
private func fresh(_ change: (inout Tiny) -> Void = { _ in }) -> RecurrentAttentionModel {
  let tiny = Tiny {
    ($0.units, $0.sensor) = (64, Retina(patchSide: 8, scales: 2))
    $0.widths = GlimpseNetwork.Widths(patch: 32, location: 32, output: 48)
    change(&$0)
  }
  return RecurrentAttentionModel(tiny.network, for: tiny.pictures(), seed: 3)
}

extension RecurrentAttentionModel {
  /// A copy of one tensor, row by row, which outlives the model.
  fileprivate func rows(of name: String) -> [[Float]] {
    withExtendedLifetime(self) {
      let matrix = parameter(name)
      return (0..<matrix.rows).map { row in (0..<matrix.columns).map { matrix[row, $0] } }
    }
  }
}

private func isIdentity(_ rows: ArraySlice<[Float]>) -> Bool {
  zip(rows, 0...).allSatisfy { row, place in
    row == (0..<rows.count).map { $0 == place ? 1 : 0 }
  }
}

@Suite("Fresh weights")
struct FreshWeightsTests {
  /// A uniform variable of variance v has E[x⁴] = 1.8 v², so a mean of n squares has the variance 0.8 v² / n.
  private func expectVariance(
    _ values: [Float], fanIn: Int, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let n = Float(values.count)
    let ratio = values.reduce(0) { $0 + $1 * $1 } / n * Float(fanIn)
    #expect(
      abs(ratio - 1) < 4 * (0.8 / n).squareRoot(), "\(name): \(ratio)", sourceLocation: sourceLocation)
  }

  @Test("weights have the variance 1 / fan in, for each linear map by itself; biases are zero")
  func variance() {
    let model = fresh()
    func rows(_ name: String, _ range: Range<Int>) -> [Float] { model.rows(of: name)[range].flatMap { $0 } }
    expectVariance(rows("glimpse.patch.weight", 0..<128), fanIn: 128, "patch")
    expectVariance(rows("glimpse.location.weight", 0..<2), fanIn: 2, "location")
    expectVariance(rows("glimpse.joint.weight", 0..<32), fanIn: 32, "joint, patch")
    expectVariance(rows("glimpse.joint.weight", 32..<64), fanIn: 32, "joint, location")
    expectVariance(rows("core.weight", 0..<48), fanIn: 48, "core, glimpse")
    expectVariance(rows("action.weight", 0..<64), fanIn: 64, "action")
    expectVariance(rows("location.weight", 0..<64), fanIn: 64, "place")
    // The two maps of g have numbers of their own.
    #expect(rows("glimpse.joint.weight", 0..<1) != rows("glimpse.joint.weight", 32..<33))
    for tensor in model.parameters.tensors where tensor.name.hasSuffix(".bias") {
      #expect((0..<tensor.count).allSatisfy { model.parameters[tensor].pointer[$0] == 0 }, "\(tensor.name)")
    }
  }

  @Test("the rectifier core remembers by the identity, and a random start has numbers of its own")
  func rectifierCore() {
    #expect(isIdentity(fresh().rows(of: "core.weight")[48...]))
    let tiny = Tiny { $0.units = 64 }
    let network = tiny.network.with { $0.core = RectifierCore(units: 64, start: .random) }
    let weight = RecurrentAttentionModel(network, for: tiny.pictures(), seed: 3).rows(of: "core.weight")
    expectVariance(weight[5..<69].flatMap { $0 }, fanIn: 64, "state")
    #expect(weight[0] != weight[5])
  }

  @Test("the LSTM's forget gate starts open, and no other gate does")
  func lstm() {
    let bias = fresh { $0.core = .lstm }.rows(of: "core.bias")[0]
    #expect(bias == (0..<256).map { (64..<128).contains($0) ? 1 : 0 })
  }

  @Test("a hidden layer before the place starts alive")
  func hiddenLayer() {
    let weight = fresh { $0.gaze.hiddenUnits = 32 }.rows(of: "location.hidden.weight")
    expectVariance(weight.flatMap { $0 }, fanIn: 64, "hidden")
  }

  @Test("the memory of places starts as a copy of the core's state")
  func memoryOfPlaces() {
    let weight = fresh {
      $0.fixedGaze = ContextGaze(
        GaussianGaze(deviation: .constant(0.1)), context: WholeFrame(cells: 2), remembers: true)
    }.rows(of: "location.memory.weight")
    #expect(isIdentity(weight[..<64]))
    #expect(weight[64..<128].allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  @Test("a model that can stop begins by going on: it stops with the head's first probability")
  func stopHead() {
    var head = StopAction()
    head.firstProbability = 0.1
    let bias = fresh { $0.stop = head }.rows(of: "stop.bias")[0][0]
    #expect(abs(Elementary.sigmoid(bias) - 0.1) < 1e-6)
  }
}
