import Foundation
import HostileInput
import Learning
import Testing

@testable import Worlds

@Suite("Pictures from files")
struct GrayImageTests {
  private func read(_ bytes: [UInt8], inverted: Bool = false) throws -> GrayImage {
    try GrayImage(bytes: bytes, name: "my.png", inverted: inverted)
  }

  // MARK: - PNG

  @Test("grey of any depth becomes bytes, black 0 and white 255")
  func depths() throws {
    #expect(
      try read(png(width: 3, height: 2, rows: [[0, 128, 255], [1, 2, 3]])).pixels == [0, 128, 255, 1, 2, 3])
    #expect(
      try read(png(width: 9, height: 1, depth: 1, rows: [[0xA5, 0x80]])).pixels
        == [255, 0, 255, 0, 0, 255, 0, 255, 255])
    #expect(try read(png(width: 2, height: 1, depth: 4, rows: [[0x0F]])).pixels == [0, 255])
    #expect(
      try read(png(width: 4, height: 1, depth: 16, rows: [[0, 0, 5, 5, 128, 128, 255, 255]])).pixels
        == [0, 5, 128, 255])
  }

  @Test("a colour has the grey of its luminance: 0.2126 R + 0.7152 G + 0.0722 B in linear light, as sRGB")
  func luminance() throws {
    let rows: [[UInt8]] = [[255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 90, 90, 90]]
    let pixels = try read(png(width: 5, height: 1, colour: 2, rows: rows)).pixels
    for (pixel, linear) in zip(pixels, [0.2126, 0.7152, 0.0722]) {
      let encoded = 255 * (1.055 * pow(linear, 1 / 2.4) - 0.055)  // IEC 61966-2-1
      // libpng goes through tables of gamma and rounds on the way.
      #expect(abs(Double(pixel) - encoded) <= 2, "\(pixel), not \(encoded)")
    }
    #expect(pixels[3] == 255 && pixels[4] == 90)
  }

  @Test(
    "what is transparent is background: black, and in a drawing of black on white the white that becomes black"
  )
  func transparency() throws {
    let file = png(width: 4, height: 1, colour: 4, rows: [[255, 0, 255, 128, 0, 255, 0, 0]])
    #expect(try read(file).pixels == [0, 128, 0, 0])
    // White, mixed with the white behind it, is white; black ink stays; all turned over.
    #expect(try read(file, inverted: true).pixels == [0, 0, 255, 0])
  }

  @Test("a palette's colours are looked up")
  func palette() throws {
    let file = png(
      width: 2, height: 1, colour: 3, rows: [[1, 0]], chunks: [("PLTE", [9, 9, 9, 200, 200, 200])])
    #expect(try read(file).pixels == [200, 9])
  }

  // MARK: - PGM

  @Test("PGM, plain and raw, one byte and two, with comments, is scaled to its highest value")
  func pgm() throws {
    func text(_ words: String) -> [UInt8] { Array(words.utf8) }
    #expect(try read(text("P2\n# grey\n3 2 15\n0 1 2\n3 # more\n4 15\n")).pixels == [0, 17, 34, 51, 68, 255])
    #expect(try read(text("P5 2 1 255\n") + [10, 200]).pixels == [10, 200])
    #expect(try read(text("P5 2 1 65535\n") + [0x80, 0x00, 0xFF, 0xFF]).pixels == [128, 255])
    #expect(try read(text("P5 1 2 255\n") + [32, 10]).pixels == [32, 10], "white space among the values")
  }

  @Test("what follows the end of a PNG is left alone")
  func trailingBytes() throws {
    #expect(try read(png(width: 2, height: 1, rows: [[7, 9]]) + [10, 0, 1]).pixels == [7, 9])
  }

  // MARK: - What is refused

  @Test("a picture that is longer than any frame is one sentence")
  func tooLong() throws {
    let path = NSTemporaryDirectory() + "long-\(UUID().uuidString).pgm"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try AtomicFile.write(Array("P5 6000 1 255\n".utf8) + [UInt8](repeating: 9, count: 6_000), to: path)
    let error = try #require(throws: FileError.self) { try Picture(reading: path) }
    #expect("\(error)".hasPrefix(path) && "\(error)".contains("is 6000x1 pixels"), "\(error)")
  }

  @Test("each damage is one sentence with the file and the cure")
  func damages() throws {
    let whole = png(width: 3, height: 2, rows: [[0, 128, 255], [1, 2, 3]])
    var bent = whole
    bent[45] ^= 1
    let cases: [(bytes: [UInt8], says: String)] = [
      ([], "is empty"), (Array("GIF89a".utf8), "is neither a PNG nor a PGM"),
      (Array("P6 1 1 255 abc".utf8), "neither"),
      (Array(whole[..<20]), "this PNG is damaged"), (Array(whole[..<50]), "this PNG is damaged"),
      (bent, "this PNG is damaged"),
      (png(width: 6_000, height: 5_000, rows: [[1]]), "bytes cannot hold"),
      (png(width: 1 << 15, height: 1 << 15, rows: [[1]]), "32768x32768 pixels"),
      (Array("P5 3 3 255 ab".utf8), "do not fit"), (Array("P5 3".utf8), "no width"),
      (Array("P2 1 1 0 0".utf8), "highest value is 0"), (Array("P2 1 1 9 10".utf8), "10 is above"),
      (Array("P2 0 1 9 10".utf8), "0x1 pixels"), (Array("P2 2 1 9 1 x".utf8), "ends after 1 of 2"),
    ]
    for (bytes, says) in cases {
      let error = try #require(throws: FileError.self) { try read(bytes) }
      #expect("\(error)".hasPrefix("my.png: ") && "\(error)".contains(says), "\(error)")
    }
    for path in ["/", "/nowhere/my.png"] {
      let error = try #require(throws: FileError.self) { try GrayImage(reading: path) }
      #expect("\(error)".hasPrefix(path) && "\(error)".contains(path == "/" ? "a folder" : "no such file"))
    }
  }

  // MARK: - Scale

  @Test("a smaller picture's pixels are means of what they cover, parts of pixels included")
  func resizing() throws {
    let image = try GrayImage(width: 3, height: 1, pixels: [30, 60, 90])
    #expect(image.resized(width: 1, height: 1).pixels == [60])
    // The first of two covers a pixel and a half: (30 + 60 / 2) / 1.5.
    #expect(image.resized(width: 2, height: 1).pixels == [40, 80])
    #expect(image.resized(width: 6, height: 2).pixels == [30, 30, 60, 60, 90, 90, 30, 30, 60, 60, 90, 90])
    #expect(image.resized(width: 3, height: 1) == image)
    #expect(
      try GrayImage(width: 200, height: 150, pixels: .init(repeating: 7, count: 30_000)).fitted(
        .frame(side: 60)
      )
      .height == 45)
  }

  @Test(
    "a drawing becomes 20 pixels long, its centre of mass in the middle, wherever and however large it was drawn"
  )
  func drawing() throws {
    // A bar of 12 x 80, the lower half of it brighter, and faint noise in a corner.
    var pixels = [UInt8](repeating: 0, count: 200 * 150)
    for row in 20..<100 { for column in 30..<42 { pixels[row * 200 + column] = row < 60 ? 100 : 200 } }
    pixels[0] = 20
    let fitted = try GrayImage(width: 200, height: 150, pixels: pixels).fitted(.drawing(side: 60))
    #expect(fitted.width == 60 && fitted.height == 60)
    let bar = try #require(fitted.drawn)
    #expect(bar.width == 3 && bar.height == 20)
    // Its centre of mass lies (100 · 5 + 200 · 15) / 300 = 11.67 pixels below its top, so the top lies at 30 - 11.67.
    #expect(fitted.pixels[17 * 60 + 30] == 0 && fitted.pixels[18 * 60 + 30] == 100)
    let nothing = try GrayImage(width: 4, height: 2, pixels: .init(repeating: 0, count: 8))
    #expect(nothing.fitted(.drawing(side: 60)).drawn == nil)
  }

  @Test("pixels that are no picture of the size named are refused in one sentence")
  func wrongCount() {
    for (width, height, count) in [(3, 2, 5), (3, 2, 7), (0, 4, 0), (-1, -1, 1)] {
      let error = #expect(throws: DefinitionError.self) {
        try GrayImage(width: width, height: height, pixels: .init(repeating: 0, count: count))
      }
      #expect(
        error?.description
          == "the number of pixels is \(count): it is not that of a picture of \(width)x\(height); "
          + "give one byte for each pixel, row by row.")
    }
  }

  @Test("a picture that is not square stands in the middle of a black square")
  func square() throws {
    let picture = try Picture(GrayImage(width: 3, height: 1, pixels: [1, 2, 3]))
    #expect(picture.side == 3 && picture.image.pixels == [0, 0, 0, 1, 2, 3, 0, 0, 0])
    let stage = Stage(picture, capacity: 1)
    try stage.begin(.test, first: 0, count: 1, seed: 1)
    #expect(!stage.hasLabels && (0..<9).map { stage.frame(0)[$0] } == picture.image.pixels)
  }

  @Test("a picture is scaled before its side is checked, and is not fitted to an impossible one")
  func impossibleFrames() throws {
    let long = try GrayImage(width: 4097, height: 1, pixels: .init(repeating: 255, count: 4097))
    #expect(throws: FileError.self) { try Picture(long) }
    #expect(try Picture(long, fit: .frame(side: 60)).side == 60)
    for side in [0, -1, 4097] {
      #expect(throws: DefinitionError.self) { try Picture(long, fit: .drawing(side: side)) }
    }
  }
}

@Test("a drawing's shorter side and its place are rounded to the nearest pixel")
func nearestPixel() throws {
  // 16 x 110 becomes 2.9 x 20, three pixels wide.
  let bar = try GrayImage(width: 16, height: 110, pixels: .init(repeating: 255, count: 16 * 110))
  #expect(bar.resized(longerSide: 20).width == 3)
  // The centre of mass of 0, 60, 100 lies 2.125 from the left, so the picture starts at 5 - 2.125 = 2.875.
  let three = try GrayImage(width: 3, height: 1, pixels: [0, 60, 100])
  #expect(three.centred(in: 10).pixels[5 * 10..<6 * 10].map { Int($0) } == [0, 0, 0, 0, 60, 100, 0, 0, 0, 0])
}

@Test("an eighth of white counts as drawn, and less does not")
func faintest() throws {
  #expect(try GrayImage(width: 3, height: 1, pixels: [31, 32, 0]).drawn?.pixels == [32])
  #expect(try GrayImage(width: 3, height: 1, pixels: [31, 31, 0]).drawn == nil)
}
