import AttentionStudies
import Learning
import RecurrentAttention
import Testing
import Worlds

@testable import study_baseline

@Test("an epoch of every estimator has as many multiply-adds: 3, or with a second look 4, for each episode")
func equalMultiplyAdds() throws {
  let world = try ClutteredDigits(side: 60, pieces: 4, digits: DigitImages.load(nil))
  let network = Recipe.network(glimpses: 6, sensor: Retina(patchSide: 12, scales: 3))
  let settings = Recipe.training(epochs: 1, examplesPerEpoch: 1_200)
  let reward = Correctness()
  for estimator in [
    Estimator("one", "one", reward, StateBaseline()),
    Estimator("four", "four", reward, LeaveOneOut(), episodes: 4),
    Estimator("critic", "critic", reward, SelfCritical()),
    Estimator("ahead", "ahead", reward, ClassBaseline(), LookAhead(lambda: 0.5)),
  ] {
    // 1,200 scenes at 4 passes, as 1,600 at 3, as 400 of four episodes at 3.
    let forward = Double(try #require(network.multiplyAdds(on: world)))
    #expect(
      estimator.multiplyAddsPerEpoch(network, on: world, settings) == 4_800 * forward, "\(estimator.name)")
  }
}
