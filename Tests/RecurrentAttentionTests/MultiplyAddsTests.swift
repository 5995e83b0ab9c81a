import Learning
import RecurrentAttention
import Testing
import Worlds

/// Widths of two digits that share no factor, so that no two products are confused.
private func network(glimpses: Int) -> RecurrentAttention {
  // 12 numbers a glimpse
  RecurrentAttention(glimpses: glimpses, sensor: Retina(patchSide: 2, scales: 3)).with {
    $0.glimpseNetwork = GlimpseNetwork.Widths(patch: 5, location: 7, output: 11)
    $0.core = RectifierCore(units: 13)
  }
}

private func multiplyAdds(_ network: RecurrentAttention, classCounts: [Int] = [10]) -> Int? {
  network.multiplyAdds(on: Pictures(side: 8, classCounts: classCounts, pictures: [], labels: []))
}

@Suite("Multiply-adds")
struct MultiplyAddsTests {
  /// Glimpse network: 12 5 + 2 7 + (5 + 7) 11 = 206. Core: 11 13 = 143 from the glimpse, 13 13 = 169 from the
  /// state.
  @Test("one glimpse decides nothing and has no state before it: 206 + 143 + 13 10")
  func oneGlimpse() { #expect(multiplyAdds(network(glimpses: 1)) == 206 + 143 + 130) }

  @Test("three glimpses: three times 206 + 143, two states, two decisions, one answer")
  func threeGlimpses() {
    #expect(multiplyAdds(network(glimpses: 3)) == 3 * (206 + 143) + 2 * 169 + 2 * 26 + 130)
  }

  @Test("an LSTM core has four times the rectifier core's arithmetic")
  func longShortTermMemory() throws {
    let plain = try #require(multiplyAdds(network(glimpses: 3)))
    #expect(
      multiplyAdds(network(glimpses: 3).with { $0.core = LSTMCore(units: 13) })
        == plain + 3 * (3 * 143 + 2 * 169))
  }

  @Test(
    "random glimpses cost no decisions, a hidden layer costs more of them, and a second label its own answer")
  func headsOfOtherKinds() throws {
    let plain = try #require(multiplyAdds(network(glimpses: 3)))
    #expect(multiplyAdds(network(glimpses: 3).with { $0.gaze = RandomGaze() }) == plain - 2 * 26)
    var hidden = GaussianGaze(deviation: .constant(0.1))
    hidden.hiddenUnits = 17
    #expect(
      multiplyAdds(network(glimpses: 3).with { $0.gaze = hidden }) == plain + 2 * (13 * 17 + 17 * 2 - 26))
    #expect(multiplyAdds(network(glimpses: 3), classCounts: [10, 7]) == plain + 13 * 7)
  }

  /// 1,567 as above; every place has a third number, and so has every decision.
  @Test(
    "a stop action costs two decisions of its own, and a chosen width a third column of places and decisions")
  func stopAndZoom() throws {
    let stopping = network(glimpses: 3).with { $0.actions = [StopAction()] }
    #expect(multiplyAdds(stopping) == 1_567 + 2 * 13)
    var zooming = network(glimpses: 3)
    zooming.sensor = ZoomRetina(patchSide: 2, scales: 3, narrowest: 2, widest: 4)
    zooming.gaze = ZoomGaze(GaussianGaze(deviation: .constant(0.1)))
    #expect(multiplyAdds(zooming) == 1_567 + 3 * 7 + 2 * 13)
  }

  @Test("a game of 23 glimpses answers with one of three actions after each: 23 349 + 22 169 + 22 26 + 23 39")
  func game() { #expect(network(glimpses: 23).multiplyAdds(on: Catch()) == 13_214) }

  @Test("the paper's model of six glimpses of 12x12 in three scales: 1.45 million multiply-adds")
  func paperModel() {
    let glimpse = 432 * 128 + 2 * 128 + 256 * 256
    let expected = 6 * (glimpse + 256 * 256) + 5 * 256 * 256 + 5 * 2 * 256 + 2560
    #expect(
      multiplyAdds(RecurrentAttention(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3))) == expected)
  }
}
