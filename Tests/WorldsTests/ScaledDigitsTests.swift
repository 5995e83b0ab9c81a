import Learning
import Testing

@testable import Worlds

@Suite("ScaledDigits")
struct ScaledDigitsTests {
  let digits: DigitImages
  let world: ScaledDigits

  init() throws {
    digits = try DigitImages.bundled()
    world = try ScaledDigits(side: 100, sizes: 28...56, pieces: 0, digits: digits)
  }

  private func digit(_ split: Split, _ index: Int) -> [Double] {
    (0..<784).map { Double(digits.pixels(split, index)[$0]) }
  }

  /// Bilinear interpolation in double precision, by the formula of its comment.
  private func enlarged(_ digit: [Double], to n: Int) -> [Double] {
    func place(_ i: Int) -> Double { min(max(Double((2 * i + 1) * 28) / Double(2 * n) - 0.5, 0), 27) }
    return (0..<(n * n)).map { pixel in
      let (v, u) = (place(pixel / n), place(pixel % n))
      let (row, column) = (min(Int(v), 26), min(Int(u), 26))
      let (y, x) = (v - Double(row), u - Double(column))
      func at(_ i: Int, _ j: Int) -> Double { digit[(row + i) * 28 + column + j] }
      return (1 - y) * ((1 - x) * at(0, 0) + x * at(0, 1)) + y * ((1 - x) * at(1, 0) + x * at(1, 1))
    }
  }

  @Test("a scene is its digit, enlarged by the formula, in the box it says, and black around it")
  func digitInBox() throws {
    var sizes = Set<Int>()
    for index in 0..<60 {
      let (pixels, label) = drawn(world, .test, index)
      #expect(label == digits.label(.test, index))
      let box = world.digitBox(.test, index: index, seed: 1)
      sizes.insert(box.side)
      try #require(box.x >= 0 && box.y >= 0 && box.x + box.side <= 100 && box.y + box.side <= 100)
      let expected = enlarged(digit(.test, index), to: box.side)
      for row in 0..<100 {
        for column in 0..<100 {
          let (y, x) = (row - box.y, column - box.x)
          let isInside = y >= 0 && y < box.side && x >= 0 && x < box.side
          let value = isInside ? expected[y * box.side + x] : 0
          #expect(abs(Double(pixels[row * 100 + column]) - value) <= 0.5001)
        }
      }
    }
    #expect(sizes.count > 15 && sizes.allSatisfy { 28...56 ~= $0 })
  }

  @Test("the scenes are those that the published results were made from")
  func golden() throws {
    // CRC-32 over 300 scenes, by a separate implementation in Python (Philox, shuffle, sizes and clutter written anew from
    // the descriptions, interpolation in whole numbers).
    let cluttered = try ScaledDigits(side: 100, sizes: 28...56, pieces: 8, digits: digits)
    let checksums = Split.allCases.map { split in
      Checksum.crc32((0..<300).flatMap { drawn(cluttered, split, $0).pixels })
    }
    #expect(checksums == ["442bf6d7", "daa62e51", "5df0c684"])
  }

  @Test(
    "a digit of 28 pixels is the digit itself, and one of 56 shows three parts of one pixel and one of the next"
  )
  func sizes() throws {
    let same = try ScaledDigits(side: 60, sizes: 28...28, pieces: 0, digits: digits)
    let twice = try ScaledDigits(side: 56, sizes: 56...56, pieces: 0, digits: digits)
    for index in 0..<20 {
      let box = same.digitBox(.validation, index: index, seed: 1)
      let pixels = drawn(same, .validation, index).pixels
      for i in 0..<784 {
        #expect(pixels[(box.y + i / 28) * 60 + box.x + i % 28] == digits.pixels(.validation, index)[i])
      }
      let large = drawn(twice, .validation, index).pixels
      let a = digit(.validation, index)
      // Column 29 of 56 lies a quarter from the centre of column 14 of 28, towards column 15; so do rows.
      let byHand = (9 * a[14 * 28 + 14] + 3 * a[14 * 28 + 15] + 3 * a[15 * 28 + 14] + a[15 * 28 + 15]) / 16
      #expect(abs(Double(large[29 * 56 + 29]) - byHand) <= 0.5001)
    }
  }

  @Test("sizes are uniform over 28...56, and drawn anew for every pass of the training digits")
  func uniformSizes() {
    var counts = [Int](repeating: 0, count: 29)
    for index in 0..<29_000 { counts[world.digitBox(.training, index: index, seed: 3).side - 28] += 1 }
    #expect(chiSquare(counts) < chiSquareLimit(degrees: 28))
    let passes = (0..<20).map { world.digitBox(.test, index: 7 + 10_000 * $0, seed: 3).side }
    #expect(Set(passes).count > 5)
  }

  @Test(
    "clutter is added to it as to a digit of one size: nothing gets darker, and eight pieces are at most eight squares"
  )
  func clutter() throws {
    let cluttered = try ScaledDigits(side: 100, sizes: 28...56, pieces: 8, digits: digits)
    var changed = 0
    for index in 0..<50 {
      let (with, without) = (drawn(cluttered, .training, index).pixels, drawn(world, .training, index).pixels)
      #expect(zip(with, without).allSatisfy { $0 >= $1 })
      let differing = zip(with, without).count { $0 != $1 }
      #expect(differing <= 8 * 64)
      changed += differing
    }
    #expect(changed > 1_000)
  }

  @Test("sizes that cannot be are refused in words", arguments: [20...40, 28...101])
  func refusals(sizes: ClosedRange<Int>) {
    let error = #expect(throws: DefinitionError.self) {
      try ScaledDigits(side: 100, sizes: sizes, pieces: 8, digits: digits)
    }
    #expect(error?.description.contains("choose sizes from 28 to 100 pixels") == true)
    let large = #expect(throws: DefinitionError.self) {
      try ScaledDigits(side: 200, sizes: 28...129, pieces: 8, digits: digits)
    }
    #expect(large?.description.contains("at most 128 pixels") == true)
  }
}
