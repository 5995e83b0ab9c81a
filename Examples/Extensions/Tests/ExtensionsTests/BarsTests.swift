import Learning
import Testing

@testable import Extensions

@Suite("Bars")
struct BarsTests {
  private func stage(_ split: Split, seed: UInt64) throws -> Stage {
    let stage = Stage(Bars(), capacity: 50)
    try stage.begin(split, first: 0, count: 50, seed: seed)
    return stage
  }

  @Test("a scene is one bar, upright for the label 0 and flat for 1, and nothing of the scene before")
  func bars() throws {
    let stage = try stage(.training, seed: 3)
    try stage.begin(.training, first: 50, count: 50, seed: 3)
    for scene in 0..<50 {
      let frame = (0..<32).map { row in (0..<32).map { stage.frame(scene)[32 * row + $0] } }
      let isFlat = stage.label(scene) == 1
      let rows = isFlat ? frame : (0..<32).map { column in frame.map { $0[column] } }
      #expect(
        rows.count { $0.allSatisfy { $0 == 255 } } == 1 && rows.count { $0.allSatisfy { $0 == 0 } } == 31)
    }
    #expect(Set((0..<50).map { stage.label($0) }) == [0, 1])
  }

  @Test("training scenes change with the seed, test scenes do not")
  func keys() throws {
    func pixels(_ split: Split, _ seed: UInt64) throws -> [UInt8] {
      let stage = try stage(split, seed: seed)
      return (0..<(50 * 32 * 32)).map { stage.frames[$0] }
    }
    #expect(try pixels(.training, 1) != pixels(.training, 2))
    #expect(try pixels(.test, 1) == pixels(.test, 2))
    #expect(try pixels(.validation, 1) != pixels(.test, 1))
  }
}
