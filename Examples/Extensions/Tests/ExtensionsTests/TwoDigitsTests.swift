import Learning
import Testing
import Worlds

@testable import Extensions

@Suite("TwoDigits")
struct TwoDigitsTests {
  private func world() throws -> TwoDigits { try TwoDigits(side: 60, digits: DigitImages.load()) }

  private func stage(_ split: Split, first: Int = 0, seed: UInt64) throws -> Stage {
    let stage = Stage(try world(), capacity: 20)
    try stage.begin(split, first: first, count: 20, seed: seed)
    return stage
  }

  private func pixels(_ stage: Stage) -> [UInt8] { (0..<(20 * 60 * 60)).map { stage.frames[$0] } }

  @Test("each half shows the digit that its label names, and nothing else")
  func halves() throws {
    let world = try world()
    let stage = try stage(.training, seed: 3)
    for scene in 0..<20 {
      let digits = world.digits(.training, index: scene, seed: 3)
      var expected = [UInt8](repeating: 0, count: 60 * 60)
      for (half, digit) in digits.enumerated() {
        #expect(digit.x >= 30 * half && digit.x + 28 <= 30 * (half + 1) && (0...32).contains(digit.y))
        #expect(stage.label(scene, half) == Int(world.digits.label(.training, digit.index)))
        for place in 0..<(28 * 28) {
          expected[(digit.y + place / 28) * 60 + digit.x + place % 28] =
            world.digits.pixels(.training, digit.index)[place]
        }
      }
      #expect((0..<3600).allSatisfy { stage.frame(scene)[$0] == expected[$0] })
    }
  }

  @Test("training scenes change with the seed and the index, test scenes with the index alone")
  func keys() throws {
    #expect(try pixels(stage(.training, seed: 1)) == pixels(stage(.training, seed: 1)))
    #expect(try pixels(stage(.training, seed: 1)) != pixels(stage(.training, seed: 2)))
    #expect(try pixels(stage(.test, seed: 1)) == pixels(stage(.test, seed: 2)))
    #expect(try pixels(stage(.test, first: 20, seed: 1)) != pixels(stage(.test, seed: 1)))
    #expect(try pixels(stage(.validation, seed: 1)) != pixels(stage(.test, seed: 1)))
  }

  @Test("two digits need 56 pixels")
  func tooSmall() throws {
    #expect(throws: DefinitionError.self) { try TwoDigits(side: 55, digits: DigitImages.load()) }
  }
}
