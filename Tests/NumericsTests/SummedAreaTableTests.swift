import Numerics
import Testing

@Suite("SummedAreaTable")
struct SummedAreaTableTests {
  @Test("four look-ups are the plain sum, for every rectangle of a random image", arguments: [5, 8, 19])
  func rectangles(side: Int) {
    var stream = RandomStream(seed: 8, .analysis)
    let pixels = (0..<(side * side)).map { _ in UInt8(stream.integer(below: 256)) }
    var table = [Int32](repeating: 0, count: SummedAreaTable.count(side: side))
    SummedAreaTable.fill(&table, pixels: pixels, side: side)
    func entry(_ row: Int, _ column: Int) -> Int { Int(table[row * (side + 1) + column]) }
    for top in 0..<side {
      for bottom in top...side {
        for left in 0..<side {
          for right in left...side {
            var sum = 0
            for row in top..<bottom { for column in left..<right { sum += Int(pixels[row * side + column]) } }
            #expect(entry(bottom, right) - entry(top, right) - entry(bottom, left) + entry(top, left) == sum)
          }
        }
      }
    }
  }

  @Test("a white image of 200 x 200 does not overflow, and filling again gives the same")
  func white() {
    var table = [Int32](repeating: 0, count: SummedAreaTable.count(side: 200))
    let pixels = [UInt8](repeating: 255, count: 200 * 200)
    for _ in 0..<2 {
      SummedAreaTable.fill(&table, pixels: pixels, side: 200)
      #expect(table.last == Int32(255 * 200 * 200))
    }
  }
}
