import AttentionStudies
import Learning
import Numerics
import RecurrentAttention
import Testing
import Worlds

@testable import study_bounds

@Suite("Regret")
struct RegretTests {
  private let world: ClutteredDigits
  private let gaze = LatticeGaze(reach: 0.6)
  private let model: RecurrentAttentionModel

  init() throws {
    world = try ClutteredDigits(side: 60, pieces: 4, digits: DigitImages.bundled())
    let network = RecurrentAttention(glimpses: 2, sensor: Retina(patchSide: 4, scales: 2), gaze: gaze)
    try network.check(on: world)
    model = RecurrentAttentionModel(network, for: world, seed: 1)
  }

  /// Two pieces and a half of those that the scenes are read in.
  private let scenes = 50

  private func values(_ locations: [Location]) throws -> [GlimpseValues] {
    prepareThreadForArithmetic()
    return try GlimpseValues.all(of: model, on: world, locations: locations, scenes: scenes, threads: 2)
  }

  /// p(y) after each glimpse at each scene, [scenes][glimpses], by the paths that the model takes.
  private func probabilities() throws -> [[Double]] {
    prepareThreadForArithmetic()
    return try model.readPaths(on: world, scenes: 0..<scenes, seed: 7, threads: 1) { _, path in
      path.glimpses.map { glimpse in path.label.map { Double(glimpse.probabilities[$0]) } ?? .nan }
    }
  }

  @Test("the chosen value is the mean probability of the right class along the model's own path")
  func chosen() throws {
    let (values, paths) = (try values(gaze.locations(2)), try probabilities())
    for glimpse in 0..<2 {
      let mean = paths.map { $0[glimpse] }.reduce(0, +) / Double(scenes)
      #expect(abs(values[glimpse].chosen - mean) < 1e-6)
    }
  }

  @Test("of a grid with one place, the best and the random value are those of that place", arguments: [0, 1])
  func singlePlace(glimpse: Int) throws {
    let values = try values([gaze.locations(2)[glimpse]])[glimpse]
    #expect(abs(values.random - values.chosen) < 1e-6)
    // The best is taken scene by scene, and map and path may differ in the last bit.
    #expect(abs(values.best - values.chosen) < 1e-6)
  }

  @Test("with more places, the best value rises above their mean, and the mean is that of single places")
  func twoPlaces() throws {
    let locations = gaze.locations(2)
    let (both, each) = (try values(locations), try locations.map { try values([$0]) })
    for glimpse in 0..<2 {
      #expect(abs(both[glimpse].random - (each[0][glimpse].random + each[1][glimpse].random) / 2) < 1e-6)
      #expect(both[glimpse].best > max(both[glimpse].random, both[glimpse].chosen))
    }
  }
}
