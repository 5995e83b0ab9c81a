import Foundation
import Learning
import Numerics
import RecurrentAttention
import Testing
import Worlds

@testable import study_bounds

@Suite("Gazes of the study of bounds")
struct GazeTests {
  private let world: ClutteredDigits

  init() throws {
    world = try ClutteredDigits(side: 60, pieces: 4, digits: DigitImages.bundled())
  }

  /// Where a gaze looks in some examples, pixels from the digit's centre, [glimpses][rows].
  private func looks(
    _ gaze: any Gaze, _ split: Split, first: Int, count: Int, isSampled: Bool
  ) throws -> [[(x: Float, y: Float)]] {
    prepareThreadForArithmetic()
    let network = RecurrentAttention(glimpses: 6, sensor: Retina(patchSide: 2, scales: 1), gaze: gaze)
    try network.check(on: world)
    let stage = Stage(world, capacity: count)
    try stage.begin(split, first: first, count: count, seed: 3)
    let agent = Agent(RecurrentAttentionModel(network, for: world, seed: 1), on: stage)
    agent.run(AgentRun(Rollout(split, firstExample: first, count: count, seed: 3, isSampled: isSampled)))
    return (0..<6).map { glimpse in
      let location = agent.locations.value(at: glimpse)
      return (0..<count).map { row in
        let box = world.digitBox(split, index: first + row, seed: 3)
        return (
          (location[row, 0] + 1) * 30 - Float(box.x) - 14,
          (location[row, 1] + 1) * 30 - Float(box.y) - 14
        )
      }
    }
  }

  @Test(
    "the oracle looks at the digit's centre and then around it, in every split", arguments: Split.allCases)
  func oracle(split: Split) throws {
    let looks = try looks(OracleGaze(world), split, first: 17, count: 40, isSampled: false)
    for (glimpse, places) in looks.enumerated() {
      for place in places {
        // At the frame's edge a place is clipped; a digit's centre is 14 pixels from it or more.
        let distance = (place.x * place.x + place.y * place.y).squareRoot()
        #expect(abs(distance - (glimpse == 0 ? 0 : 7)) < 1e-3)
      }
    }
    let angles = looks.dropFirst().map { atan2($0[0].x, -$0[0].y) / (2 * .pi) }
    for (index, angle) in angles.enumerated() {
      let expected = Float(index) / 5
      #expect(abs(angle - expected) < 1e-3 || abs(angle + 1 - expected) < 1e-3)
    }
  }

  @Test("sampled, its places are jittered by two pixels in each coordinate")
  func jitter() throws {
    let (mean, sampled) = (
      try looks(OracleGaze(world), .training, first: 0, count: 400, isSampled: false),
      try looks(OracleGaze(world), .training, first: 0, count: 400, isSampled: true)
    )
    let shifts = zip(sampled.joined(), mean.joined()).flatMap { [$0.x - $1.x, $0.y - $1.y] }
    let variance = shifts.reduce(0) { $0 + $1 * $1 } / Float(shifts.count)
    // 4,800 squares of a normal number: four standard errors of their mean, 4 √2 · 4 / √4800.
    #expect(abs(variance - 4) < 0.33)
    #expect(abs(shifts.reduce(0, +) / Float(shifts.count)) < 4 * 2 / Float(4_800).squareRoot())
  }

  @Test("a lattice has the centres of equal cells, the same in every picture")
  func lattice() throws {
    let locations = LatticeGaze(reach: 0.6).locations(6)
    let expected = [(-0.4, -0.3), (0, -0.3), (0.4, -0.3), (-0.4, 0.3), (0, 0.3), (0.4, 0.3)]
    for (place, (x, y)) in zip(locations, expected) {
      #expect(abs(Double(place.x) - x) < 1e-6 && abs(Double(place.y) - y) < 1e-6)
    }
    #expect(LatticeGaze(reach: 0.5).locations(1) == [Location(x: 0, y: 0)])
    #expect(Set(LatticeGaze(reach: 1).locations(7).map { "\($0)" }).count == 7)
  }
}
