import Learning
import Testing
import Worlds

@Suite("A recorded world")
struct RecordedWorldTests {
  @Test("is made again from its configuration, and no other")
  func again() throws {
    let digits = try DigitImages.load(nil)
    let worlds: [any World] = [
      CenteredDigits(digits: digits), try TranslatedDigits(side: 60, digits: digits),
      try ClutteredDigits(side: 100, pieces: 8, digits: digits),
      try ScaledDigits(side: 100, sizes: 28...56, pieces: 8, digits: digits), Catch(),
    ]
    for world in worlds {
      let again = try world.configuration.makeWorld()
      #expect(type(of: again) == type(of: world) && again.configuration == world.configuration)
    }
  }

  @Test("that cannot be is refused in one sentence")
  func refused() throws {
    let scaled = Configuration("scaled_digits").with("side", 100).with("pieces", 8)
    let wrong = [scaled.with("smallest", 40).with("largest", 30), Configuration("chess"), scaled]
    for configuration in wrong {
      #expect(throws: DefinitionError.self) { try configuration.makeWorld() }
    }
  }
}
