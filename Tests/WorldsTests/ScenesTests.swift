import Learning
import Numerics
import Testing

@testable import Worlds

/// Scene `index`, and its label.
func drawn(
  _ world: some StillWorld, _ split: Split, _ index: Int, seed: UInt64 = 1
) -> (pixels: [UInt8], label: UInt8) {
  var pixels = [UInt8](repeating: 77, count: world.side * world.side)  // what an earlier scene left there
  var span = pixels.mutableSpan
  let label = world.draw(split, index: index, seed: seed, into: &span)
  return (pixels, label)
}

private func scene(_ world: some StillWorld, _ split: Split, _ index: Int, seed: UInt64 = 1) -> [UInt8] {
  drawn(world, split, index, seed: seed).pixels
}

private func digit(_ digits: DigitImages, _ split: Split, _ index: Int) -> [UInt8] {
  Array(UnsafeBufferPointer(start: digits.pixels(split, index), count: 784))
}

@Suite("Scenes")
struct ScenesTests {
  let digits: DigitImages
  let centered: CenteredDigits
  let translated: TranslatedDigits
  let cluttered: ClutteredDigits

  init() throws {
    digits = try DigitImages.bundled()
    centered = CenteredDigits(digits: digits)
    translated = try TranslatedDigits(side: 60, digits: digits)
    cluttered = try ClutteredDigits(side: 60, pieces: 4, digits: digits)
  }

  var worlds: [any StillWorld] { [centered, translated, cluttered] }

  // MARK: - Which digit

  @Test("validation and test keep the file's order; training shows every digit once a pass")
  func order() {
    for index in [0, 1, 9_999, 10_000, 25_003] {
      #expect(scene(centered, .test, index) == digit(digits, .test, index % 10_000))
      #expect(scene(centered, .validation, index) == digit(digits, .validation, index % 10_000))
    }
    for pass in 0..<2 {
      var shown = Set<Int>()
      for index in 0..<50_000 {
        shown.insert(SceneKey(.training, index: pass * 50_000 + index, seed: 4, count: 50_000).digit)
      }
      #expect(shown.count == 50_000)
    }
    let key = SceneKey(.training, index: 50_123, seed: 4, count: 50_000)
    for world in worlds {
      #expect(drawn(world, .training, 50_123, seed: 4).label == digits.label(.training, key.digit))
    }
  }

  // MARK: - Translated

  @Test("a translated digit is whole and alone", arguments: [28, 29, 60, 100])
  func whole(side: Int) throws {
    let world = try TranslatedDigits(side: side, digits: digits)
    for index in 0..<200 {
      let pixels = scene(world, .test, index)
      let original = digit(digits, .test, index)
      let places = (0...side - 28).flatMap { y in (0...side - 28).map { x in (x, y) } }
      #expect(
        places.contains { x, y in
          (0..<28).allSatisfy { row in
            pixels[(y + row) * side + x..<(y + row) * side + x + 28] == original[row * 28..<row * 28 + 28]
          }
        })
      #expect(pixels.reduce(0) { $0 + Int($1) } == original.reduce(0) { $0 + Int($1) })
    }
  }

  @Test("places are uniform over 0...32 by 0...32 at 60x60")
  func places() throws {
    // Digits that are 1 everywhere show their place by their first pixel.
    let ones = try digitSet(training: uniformImages(12) { _ in 1 })
    let world = try TranslatedDigits(side: 60, digits: ones)
    var cells = [Int](repeating: 0, count: 33 * 33)
    for index in 0..<40_000 {
      let first = try #require(scene(world, .training, index).firstIndex(of: 1))
      try #require(first / 60 < 33 && first % 60 < 33)
      cells[first / 60 * 33 + first % 60] += 1
    }
    #expect(chiSquare(cells) < chiSquareLimit(degrees: 33 * 33 - 1))
    #expect(cells.allSatisfy { $0 > 0 })  // 36.7 each on average: an empty one has probability 1e-13
  }

  @Test("a scene smaller than a digit, and pieces below 0, are refused in words")
  func refusals() throws {
    for side in [-1, 0, 27, 5_000] {
      let error = #expect(throws: DefinitionError.self) { try TranslatedDigits(side: side, digits: digits) }
      let sentence = try #require(error).description
      #expect(sentence.hasPrefix("the side of a scene is \(side): "), "\(sentence)")
      #expect(sentence.contains("a side of 28 to 4096 pixels"), "\(sentence)")
    }
    let error = #expect(throws: DefinitionError.self) {
      try ClutteredDigits(side: 60, pieces: -1, digits: digits)
    }
    #expect(error?.description.contains("pieces is -1: it must not be negative") == true)
  }

  // MARK: - Cluttered

  @Test(
    "clutter is added and clipped, as a plain implementation does it",
    arguments: [(60, 4), (100, 8), (28, 40)])
  func addAndClip(side: Int, pieces: Int) throws {
    let world = try ClutteredDigits(side: side, pieces: pieces, digits: digits)
    var clipped = 0
    for split in Split.allCases {
      for index in 0..<100 {
        let count = digits.count(of: split)
        var key = SceneKey(split, index: index, seed: 9, count: count)
        var expected = [Int](repeating: 0, count: side * side)
        func add(_ source: [UInt8], cropX: Int, cropY: Int, size: Int, x: Int, y: Int) {
          for row in 0..<size {
            for column in 0..<size {
              expected[(y + row) * side + x + column] += Int(source[(cropY + row) * 28 + cropX + column])
            }
          }
        }
        let x = key.stream.integer(below: side - 27)
        let y = key.stream.integer(below: side - 27)
        add(digit(digits, split, key.digit), cropX: 0, cropY: 0, size: 28, x: x, y: y)
        for _ in 0..<pieces {
          var other = key.stream.integer(below: count - 1)
          if other >= key.digit { other += 1 }
          let cropX = key.stream.integer(below: 21)
          let cropY = key.stream.integer(below: 21)
          let x = key.stream.integer(below: side - 7)
          let y = key.stream.integer(below: side - 7)
          add(digit(digits, split, other), cropX: cropX, cropY: cropY, size: 8, x: x, y: y)
        }
        clipped += expected.count { $0 > 255 }
        #expect(scene(world, split, index, seed: 9) == expected.map { UInt8(min($0, 255)) })
      }
    }
    #expect(clipped > 0, "nothing was clipped, so nothing was tested")
  }

  @Test("without its clutter, a cluttered scene is the translated one")
  func sameDigitUnderClutter() throws {
    let clean = try ClutteredDigits(side: 60, pieces: 0, digits: digits)
    for index in 0..<100 {
      let bare = scene(translated, .training, index)
      #expect(scene(clean, .training, index) == bare)
      #expect(zip(scene(cluttered, .training, index), bare).allSatisfy { $0 >= $1 })
    }
  }

  @Test("clutter comes from the same split and never from the digit itself")
  func clutterSource() throws {
    // Twelve images of the training file and two test images, told apart by their grey: 0...9 are training,
    // 10 and 11 validation. A scene's pixels are then sums of its own split's greys; with one piece only, the
    // other digit shows.
    let greys = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 16, 16]
    let set = try digitSet(training: uniformImages(12) { greys[$0] }, test: uniformImages(2) { _ in 60 })
    let world = try ClutteredDigits(side: 60, pieces: 3, digits: set)
    for index in 0..<500 {
      #expect(scene(world, .training, index).allSatisfy { $0 <= 4 })
      #expect(scene(world, .validation, index).allSatisfy { $0 % 16 == 0 && $0 <= 64 })
      #expect(scene(world, .test, index).allSatisfy { $0 % 60 == 0 && $0 <= 240 })
    }
    // Two test digits, black and white: the black one's scene has white clutter, the white one's has none.
    let pair = try digitSet(training: uniformImages(12), test: uniformImages(2) { $0 * 255 })
    let single = try ClutteredDigits(side: 60, pieces: 1, digits: pair)
    for pass in 0..<100 {
      #expect(scene(single, .test, 2 * pass).count { $0 == 255 } == 64)
      #expect(scene(single, .test, 2 * pass + 1).count { $0 == 255 } == 784)
    }
  }

  // MARK: - Keys

  @Test("the scenes are those that the published results were made from")
  func golden() {
    // CRC-32 over 1,000 scenes, by a separate implementation in Python (Philox, shuffle and scenes written
    // anew from the descriptions). To change a number here is to change every result.
    func checksum(_ world: some StillWorld, _ split: Split) -> String {
      Checksum.crc32((0..<1000).flatMap { scene(world, split, $0, seed: 1) })
    }
    #expect(Split.allCases.map { checksum(translated, $0) } == ["13d827e2", "55a5eae9", "50efba06"])
    #expect(Split.allCases.map { checksum(cluttered, $0) } == ["8cce7ddb", "e0ea1716", "393ef188"])
  }

  @Test("the same key gives the same bytes in any order and from several threads")
  func sameBytes() async {
    let world = cluttered
    let forward = (0..<200).map { scene(world, .training, $0, seed: 5) }
    let backward = (0..<200).reversed().map { scene(world, .training, $0, seed: 5) }
    #expect(forward == backward.reversed())
    let parallel = await withTaskGroup(of: (Int, [UInt8]).self) { group in
      for index in 0..<200 { group.addTask { (index, scene(world, .training, index, seed: 5)) } }
      return await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
    }
    #expect((0..<200).allSatisfy { parallel[$0] == forward[$0] })
  }

  @Test("training scenes differ between seeds and passes; validation and test scenes only between passes")
  func differences() {
    let others: [(seed: UInt64, index: Int)] = [(2, 17), (1, 50_017), (Split.fixedSeed, 17)]
    for world in [translated, cluttered] as [any StillWorld] {
      for other in others {
        let changed = scene(world, .training, other.index, seed: other.seed)
        #expect(changed != scene(world, .training, 17, seed: 1))
      }
      for split in [Split.validation, .test] {
        #expect(scene(world, split, 17, seed: 1) == scene(world, split, 17, seed: 2))
        #expect(scene(world, split, 10_017, seed: 1) != scene(world, split, 17, seed: 1))
      }
    }
  }

  @Test("no seed makes training draw the numbers of a validation or test scene")
  func separateStreams() {
    let keys = Split.allCases.map { SceneKey($0, index: 17, seed: Split.fixedSeed, count: 10_000) }
    let drawn = keys.map { key in
      var stream = key.stream
      return (0..<4).map { _ in stream.nextBits() }
    }
    #expect(Set(drawn).count == 3)
  }
}
