import Testing

@testable import Numerics

@Suite("AreaMean")
struct AreaMeanTests {
  /// Means by area, a pixel at a time: every pixel counts by how much of it a cell covers.
  private func plain(
    _ pixels: [UInt8], side: Int, left: Double, top: Double, width: Double, cells: Int
  ) -> [Double] {
    let pitch = width / Double(cells)
    func covered(_ pixel: Int, _ start: Double) -> Double {
      max(0, min(Double(pixel + 1), start + pitch) - max(Double(pixel), start))
    }
    return (0..<(cells * cells)).map { cell in
      let (x, y) = (left + Double(cell % cells) * pitch, top + Double(cell / cells) * pitch)
      var sum = 0.0
      for row in 0..<side {
        for column in 0..<side {
          sum += covered(column, x) * covered(row, y) * Double(pixels[row * side + column])
        }
      }
      return sum / (255 * pitch * pitch)
    }
  }

  private func read(
    _ pixels: [UInt8], side: Int, left: Float, top: Float, width: Float, cells: Int
  ) -> [Float] {
    var table = [Int32](repeating: 0, count: SummedAreaTable.count(side: side))
    SummedAreaTable.fill(&table, pixels: pixels, side: side)
    var output = [Float](repeating: .nan, count: cells * cells)
    AreaMean.read(table, side: side, left: left, top: top, width: width, cells: cells, into: &output)
    return output
  }

  @Test("by hand: a cell of one and a half pixels takes the second by half")
  func byHand() {
    // 2 × 2 pixels of 255, 0 / 51, 102; from the left edge 1.5 wide, one cell.
    let value = read([255, 0, 51, 102], side: 2, left: 0, top: 0, width: 1.5, cells: 1)[0]
    // 255 + ½ 0 + ½ 51 + ¼ 102 = 306, over 255 × 2.25
    #expect(abs(value - 306 / (255 * 2.25)) < 1e-6)
  }

  @Test(
    "sums beyond 32 bits are told apart: a white picture of nine million pixels is white everywhere",
    arguments: [1, 2, 3, 7])
  func large(cells: Int) {
    let side = 3_000
    let pixels = [UInt8](repeating: 255, count: side * side)
    let means = read(pixels, side: side, left: 0.5, top: 0.25, width: 2_999, cells: cells)
    #expect(means.allSatisfy { abs($0 - 1) < 1e-6 }, "\(means)")
  }

  @Test(
    "it is the plain sum over covered areas, for places in and outside of the image and any width",
    arguments: [1, 3, 12], [7, 20])
  func plainSum(cells: Int, side: Int) {
    var stream = RandomStream(seed: 1, .analysis, example: cells)
    let pixels = (0..<(side * side)).map { _ in UInt8(stream.integer(below: 256)) }
    for _ in 0..<60 {
      let reach = Float(side)
      let (left, top) = (
        stream.uniform(from: -reach, to: 1.5 * reach), stream.uniform(from: -reach, to: 1.5 * reach)
      )
      let width = stream.uniform(from: 0.5, to: 2.5 * reach)
      let expected = plain(
        pixels, side: side, left: Double(left), top: Double(top), width: Double(width), cells: cells)
      let values = read(pixels, side: side, left: left, top: top, width: width, cells: cells)
      // Sums up to side² × 255 in double precision, divided by a cell of at least (½ / 12)².
      for (value, mean) in zip(values, expected) { #expect(abs(Double(value) - mean) < 1e-6) }
    }
  }
}
