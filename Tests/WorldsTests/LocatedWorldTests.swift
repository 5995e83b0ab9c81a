import HostileInput
import Learning
import Testing

@testable import Worlds

@Suite("Where the digit lies")
struct LocatedWorldTests {
  let white: DigitImages

  init() throws {
    // Digits that are white everywhere show their box; their clutter adds nothing to it.
    white = try digitSet(training: uniformImages(12) { _ in 255 }, test: uniformImages(2) { _ in 255 })
  }

  @Test("the place that is told is the place where the digit is drawn")
  func place() throws {
    let worlds: [any LocatedWorld] = [
      CenteredDigits(digits: white), try TranslatedDigits(side: 60, digits: white),
      try ClutteredDigits(side: 60, pieces: 0, digits: white),
    ]
    for world in worlds {
      for split in Split.allCases {
        for index in 0..<200 {
          let pixels = drawn(world, split, index, seed: 3).pixels
          let box = world.digitBox(split, index: index, seed: 3)
          #expect(pixels.firstIndex(of: 255) == box.y * world.side + box.x && box.side == 28)
        }
      }
    }
  }

  @Test("a box of 6 pixels from column 3 and row 0 holds what lies within its edges")
  func holds() {
    let box = DigitBox(x: 3, y: 0, side: 6)
    for (column, row) in [(6, 3), (3, 0), (9, 6)] as [(Double, Double)] {
      #expect(box.holds(column: column, row: row))
    }
    for (column, row) in [(2.9, 3), (9.1, 3), (6, -0.1), (6, 6.1)] as [(Double, Double)] {
      #expect(!box.holds(column: column, row: row))
    }
  }

  @Test("clutter leaves the digit at its place")
  func sameUnderClutter() throws {
    let bare = try TranslatedDigits(side: 100, digits: white)
    let cluttered = try ClutteredDigits(side: 100, pieces: 8, digits: white)
    for index in 0..<200 {
      let box = bare.digitBox(.test, index: index, seed: 1)
      #expect(cluttered.digitBox(.test, index: index, seed: 1) == box)
    }
  }

  @Test("the pieces on the digit are those that change its box")
  func pieces() throws {
    // Two test digits of greys 1 and 100: the scene of the first has the digit at 1, and one piece at 100.
    let pair = try digitSet(training: uniformImages(12), test: uniformImages(2) { [1, 100][$0] })
    let world = try ClutteredDigits(side: 60, pieces: 1, digits: pair)
    var touching = 0
    for pass in 0..<1_000 {
      let pixels = drawn(world, .test, 2 * pass).pixels
      let isTouched = pixels.contains(101)
      #expect(world.piecesOnDigit(.test, index: 2 * pass, seed: 1) == (isTouched ? 1 : 0))
      touching += isTouched ? 1 : 0
    }
    #expect(touching > 100 && touching < 900)
    let crowded = try ClutteredDigits(side: 28, pieces: 7, digits: pair)
    #expect(crowded.piecesOnDigit(.test, index: 0, seed: 1) == 7, "where the digit fills the scene, all")
  }

  @Test("worlds that draw other scenes have other configurations; a fresh copy has the same")
  func configurations() throws {
    let other = try digitSet(training: uniformImages(12))
    func worlds(_ digits: DigitImages) throws -> [any World] {
      [
        CenteredDigits(digits: digits), try TranslatedDigits(side: 60, digits: digits),
        try TranslatedDigits(side: 28, digits: digits),
        try ClutteredDigits(side: 60, pieces: 4, digits: digits),
        try ClutteredDigits(side: 60, pieces: 0, digits: digits),
        try ClutteredDigits(side: 100, pieces: 4, digits: digits),
      ]
    }
    let all = try worlds(white) + worlds(other) + [Catch()]
    #expect(Set(all.map(\.configuration.key)).count == all.count)
    #expect(try worlds(white).map(\.configuration) == worlds(white).map(\.configuration))
    #expect(
      try ClutteredDigits(side: 60, pieces: 4, digits: DigitImages.load()).configuration.text
        == """
        {"digits":{"kind":"digits","t10k-images-idx3-ubyte":"91373bdf","t10k-labels-idx1-ubyte":"4ab9eff9",\
        "train-images-idx3-ubyte":"e9f4d8b3","train-labels-idx1-ubyte":"e0cb4ad2"},\
        "kind":"cluttered_digits","pieces":4,"side":60}
        """)
  }
}
