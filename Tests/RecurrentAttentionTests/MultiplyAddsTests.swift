import RecurrentAttention
import Testing

/// Widths of two digits that share no factor, so that no two products are confused.
private func settings(glimpses: Int, core: AttentionSettings.Core = .rectifier) -> AttentionSettings {
  var settings = AttentionSettings(glimpses: glimpses, patchSide: 2, scales: 3)  // 12 numbers a glimpse
  (settings.patchUnits, settings.locationUnits, settings.glimpseUnits, settings.coreUnits) = (5, 7, 11, 13)
  settings.core = core
  return settings
}

private func multiplyAdds(_ settings: AttentionSettings) -> Int {
  RecurrentAttentionModel(settings, seed: 1).multiplyAddsPerImage
}

/// Glimpse network: 12 5 + 2 7 + (5 + 7) 11 = 206. Core: 11 13 = 143 from the glimpse, 13 13 = 169 from the state.
@Test("one glimpse decides nothing and has no state before it: 206 + 143 + 13 10")
func oneGlimpse() { #expect(multiplyAdds(settings(glimpses: 1)) == 206 + 143 + 130) }

@Test("three glimpses: three times 206 + 143, two states, two decisions, one answer")
func threeGlimpses() {
  #expect(multiplyAdds(settings(glimpses: 3)) == 3 * (206 + 143) + 2 * 169 + 2 * 26 + 130)
}

@Test("an LSTM core has four times the rectifier core's arithmetic")
func longShortTermMemory() {
  let more = multiplyAdds(settings(glimpses: 3, core: .lstm)) - multiplyAdds(settings(glimpses: 3))
  #expect(more == 3 * (3 * 143 + 2 * 169))
}

@Test(
  "random glimpses cost no decisions, a hidden layer costs more of them, and answers may be given at every glimpse"
)
func headsOfOtherKinds() {
  let plain = multiplyAdds(settings(glimpses: 3))
  var other = settings(glimpses: 3)
  other.policy = .random
  #expect(multiplyAdds(other) == plain - 2 * 26)
  other = settings(glimpses: 3)
  other.locationHiddenUnits = 17
  #expect(multiplyAdds(other) == plain + 2 * (13 * 17 + 17 * 2 - 26))
  other = settings(glimpses: 3)
  other.readout = .every
  #expect(multiplyAdds(other) == plain + 2 * 130)
}

@Test("the paper's model of six glimpses of 12x12 in three scales: 1.45 million multiply-adds")
func paperModel() {
  let glimpse = 432 * 128 + 2 * 128 + 256 * 256
  let expected = 6 * (glimpse + 256 * 256) + 5 * 256 * 256 + 5 * 2 * 256 + 2560
  #expect(multiplyAdds(AttentionSettings(glimpses: 6, patchSide: 12, scales: 3)) == expected)
}
