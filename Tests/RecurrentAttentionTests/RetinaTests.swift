import Numerics
import Testing

@testable import RecurrentAttention

@Suite("Retina")
struct RetinaTests {
  private struct Scene {
    let side: Int
    var pixels: [UInt8]

    init(side: Int, seed: UInt64) {
      self.side = side
      var stream = RandomStream(seed: seed, .analysis)
      pixels = (0..<(side * side)).map { _ in UInt8(stream.integer(below: 256)) }
    }

    init(side: Int, value: UInt8) {
      self.side = side
      pixels = Array(repeating: value, count: side * side)
    }

    func glimpse(_ retina: Retina, _ x: Float, _ y: Float) -> [Float] {
      var table = [Int32](repeating: 0, count: SummedAreaTable.count(side: side))
      SummedAreaTable.fill(&table, pixels: pixels, side: side)
      var output = [Float](repeating: .nan, count: retina.columns)
      var scratch = [Int32](repeating: 0, count: retina.scratchCount)
      retina.read(
        pixels: pixels, table: table, side: side, x: x, y: y, scratch: &scratch, into: &output)
      return output
    }

    /// The same by plain loops: every cell the mean of its pixels, those outside of the image zero.
    func reference(_ retina: Retina, _ x: Float, _ y: Float) -> [Double] {
      let column = Int(((Double(x) + 1) / 2 * Double(side) + 0.5).rounded(.down))
      let row = Int(((Double(y) + 1) / 2 * Double(side) + 0.5).rounded(.down))
      var output: [Double] = []
      for scale in 0..<retina.scales {
        let pool = 1 << scale
        let half = retina.patchSide * pool / 2
        for i in 0..<retina.patchSide {
          for j in 0..<retina.patchSide {
            var sum = 0
            for r in (row - half + i * pool)..<(row - half + (i + 1) * pool) where r >= 0 && r < side {
              for c in (column - half + j * pool)..<(column - half + (j + 1) * pool) where c >= 0 && c < side
              {
                sum += Int(pixels[r * side + c])
              }
            }
            output.append(Double(sum) / Double(255 * pool * pool))
          }
        }
      }
      return output
    }
  }

  @Test("a patch shows the pixels that its outline covers")
  func outlines() {
    // One white pixel a time in 8x8: the first scale sees it exactly where the outline of the first scale is.
    let retina = Retina(patchSide: 4, scales: 2)
    for (x, y) in [(0, 0), (0.4, -0.3), (-1, 1)] as [(Float, Float)] {
      let outlines = retina.outlines(at: [x, y], frameSide: 8)
      #expect(outlines.map(\.side) == [4, 8])
      for pixel in 0..<64 {
        var scene = Scene(side: 8, value: 0)
        scene.pixels[pixel] = 255
        let glimpse = scene.glimpse(retina, x, y)
        for (scale, outline) in outlines.enumerated() {
          let isSeen = glimpse[(scale * 16)..<((scale + 1) * 16)].contains { $0 > 0 }
          let (column, row) = (Float(pixel % 8) + 0.5, Float(pixel / 8) + 0.5)
          let isCovered =
            abs(column - outline.left - outline.side / 2) < outline.side / 2
            && abs(row - outline.top - outline.side / 2) < outline.side / 2
          #expect(isSeen == isCovered, "pixel \(pixel), scale \(scale)")
        }
      }
    }
  }

  @Test(
    "a glimpse is the plain loop's, for random images and locations in and far outside",
    arguments: [2, 4, 6, 12], [1, 2, 3, 4])
  func plainLoop(patchSide: Int, scales: Int) {
    let retina = Retina(patchSide: patchSide, scales: scales)
    for side in [7, 28, 60] {
      let scene = Scene(side: side, seed: UInt64(side))
      var stream = RandomStream(seed: 3, .analysis, example: side)
      for index in 0..<40 {
        let reach: Float = index % 4 == 0 ? 3.5 : 1.2
        let (x, y) = (stream.uniform(from: -reach, to: reach), stream.uniform(from: -reach, to: reach))
        // Sums are whole numbers below 2^24, so two roundings of a number up to 1 are all.
        for (value, expected) in zip(scene.glimpse(retina, x, y), scene.reference(retina, x, y)) {
          #expect(abs(Double(value) - expected) <= 0x1p-23)
        }
      }
    }
  }

  @Test("(0, 0) is the image's centre, (-1, -1) its top left corner, x goes right and y goes down")
  func frame() {
    var scene = Scene(side: 8, value: 0)
    for i in 0..<64 { scene.pixels[i] = UInt8(i) }
    let retina = Retina(patchSide: 2, scales: 1)
    func seen(_ x: Float, _ y: Float) -> [Float] { scene.glimpse(retina, x, y).map { ($0 * 255).rounded() } }
    #expect(seen(0, 0) == [27, 28, 35, 36])  // rows 3 and 4, columns 3 and 4
    #expect(seen(-1, -1) == [0, 0, 0, 0])  // three quarters outside, and pixel 0 is black
    #expect(seen(1, 1) == [63, 0, 0, 0])
    #expect(seen(1, -1) == [0, 0, 7, 0])
    #expect(seen(-1, 1) == [0, 56, 0, 0])
    #expect(seen(0.25, 0) == [28, 29, 36, 37])  // one pixel is 2 / side
    #expect(seen(0, 0.25) == [35, 36, 43, 44])
  }

  @Test("a location moves to the nearest corner between pixels, halves up")
  func halfPixels() {
    #expect(Retina.corner(-0.875, side: 8) == 1)  // 0.5
    _ = Retina.corner(.nan, side: 8)  // some corner; a diverging run ends with its own sentence
    #expect(Retina.corner(Float(-0.875).nextDown, side: 8) == 0)
    #expect(Retina.corner(-0.625, side: 8) == 2)  // 1.5
    #expect(Retina.corner(0, side: 7) == 4)  // 3.5
    #expect(Retina.corner(-1, side: 7) == 0 && Retina.corner(1, side: 7) == 7)
    #expect(Retina.corner(-1.125, side: 8) == 0)  // -0.5
    #expect(Retina.corner(-1.25, side: 8) == -1)
  }

  @Test(
    "a patch that lies wholly outside the image is zero, and so is one at a location that is not a number",
    arguments: [(3, 0), (0, -3), (1e30, 1e30), (-.infinity, 0), (.nan, 0), (0, .nan)] as [(Float, Float)])
  func outside(x: Float, y: Float) {
    let scene = Scene(side: 8, value: 255)
    #expect(scene.glimpse(Retina(patchSide: 4, scales: 2), x, y).allSatisfy { $0 == 0 })
  }

  @Test("pooling a constant image gives that constant at every scale", arguments: [0, 51, 255] as [UInt8])
  func constant(value: UInt8) {
    let retina = Retina(patchSide: 4, scales: 4)  // the coarsest patch is 32 x 32
    let scene = Scene(side: 40, value: value)
    for (x, y) in [(0, 0), (0.2, -0.2), (-0.1, 0.15)] as [(Float, Float)] {
      #expect(scene.glimpse(retina, x, y).allSatisfy { abs($0 - Float(value) / 255) < 1e-6 })
    }
  }

  /// What a model's sensor sees.
  private func look(_ sensor: any Sensor, _ scene: Scene, at place: (x: Float, y: Float)) -> [Float] {
    let reader = sensor.makeReader(frames: 1, side: scene.side)
    reader.prepare(scene.pixels, count: 1)
    let arena = Arena()
    let location = Matrix(arena.take(count: 2), rows: 1, columns: 2)
    (location[0, 0], location[0, 1]) = (place.x, place.y)
    let glimpse = Matrix(arena.take(count: sensor.columns), rows: 1, columns: sensor.columns)
    reader.look(scene.pixels, at: location, rowsPerFrame: 1, into: glimpse)
    return (0..<sensor.columns).map { glimpse[0, $0] }
  }

  @Test("by sum, a lit pixel is worth the gain at every scale; by mean, less at coarser ones")
  func litPixel() {
    var scene = Scene(side: 16, seed: 9)
    for i in scene.pixels.indices { scene.pixels[i] = i == 8 * 16 + 8 ? 255 : 0 }
    func greatest(_ retina: Retina) -> [Float] {
      let glimpse = look(retina, scene, at: (0, 0))
      return (0..<3).map { glimpse[(4 * $0)..<(4 * $0 + 4)].max() ?? 0 }
    }
    #expect(greatest(Retina(patchSide: 2, scales: 3, coarsePixels: .sum, gain: 8)) == [8, 8, 8])
    #expect(greatest(Retina(patchSide: 2, scales: 3, gain: 8)) == [8, 2, 0.5])
  }

  @Test("the picture of a glimpse has the coarsest scale around and the pixels themselves in its middle")
  func picture() {
    let scene = Scene(side: 16, seed: 9)
    let retina = Retina(patchSide: 2, scales: 3)
    let glimpse = scene.glimpse(retina, 0, 0)
    let picture = retina.picture(of: glimpse)
    #expect(retina.pictureSide == 8 && picture.count == 64)
    #expect(picture[3 * 8 + 3] == glimpse[0] && picture[4 * 8 + 4] == glimpse[3])
    #expect(picture[2 * 8 + 2] == glimpse[4] && picture[0] == glimpse[8] && picture[63] == glimpse[11])
  }

  @Test("the picture of a glimpse does not depend on gain and coarse pixels, and lies in [0, 1]")
  func weightedPicture() {
    func picture(_ sensor: any Sensor, _ seed: UInt64) -> [Float] {
      sensor.picture(of: look(sensor, Scene(side: 28, seed: seed), at: (0, 0)))
    }
    for seed in 1...20 as ClosedRange<UInt64> {
      let plain = picture(Retina(patchSide: 4, scales: 3), seed)
      // Powers of two, which are multiplied and divided without a rounding.
      #expect(picture(Retina(patchSide: 4, scales: 3, coarsePixels: .sum, gain: 8), seed) == plain)
      #expect(plain.allSatisfy { (0...1).contains($0) })
      #expect(picture(WholeFrame(cells: 12), seed).allSatisfy { (0...1).contains($0) })
    }
  }
}
