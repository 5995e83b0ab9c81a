import Learning
import Numerics
import RecurrentAttention
import Testing

@testable import Extensions

@Suite("LogPolarSensor")
struct LogPolarSensorTests {
  private let sensor = LogPolarSensor(rings: 4, wedges: 8, innerRadius: 3, growth: 1.5)

  private func look(_ frame: [UInt8], side: Int, at x: Float, _ y: Float) -> [Float] {
    let arena = Arena()
    let place = Matrix(arena.take(count: 2), rows: 1, columns: 2)
    (place[0, 0], place[0, 1]) = (x, y)
    let glimpse = Matrix(arena.take(count: sensor.columns), rows: 1, columns: sensor.columns)
    sensor.makeReader(frames: 1, side: side).look(frame, at: place, rowsPerFrame: 1, into: glimpse)
    return (0..<sensor.columns).map { glimpse[0, $0] }
  }

  @Test("every pixel of the disc is in one cell, and every cell has a pixel")
  func partition() throws {
    try sensor.check()
    let places = sensor.cells.map { [$0.x, $0.y] }
    #expect(Set(places).count == places.count && Set(sensor.cells.map(\.cell)).count == sensor.columns)
    // A disc of radius 3 × 1.5³ = 10.1 pixels, to the pixels of its edge.
    #expect(abs(Double(places.count) - 3.1416 * 10.125 * 10.125) < 64)
  }

  @Test("a constant frame gives that constant in every cell; what lies outside is black")
  func constant() {
    let frame = [UInt8](repeating: 51, count: 40 * 40)
    #expect(look(frame, side: 40, at: 0, 0).allSatisfy { abs($0 - 0.2) < 1e-6 })
    #expect(look(frame, side: 40, at: 3, 3).allSatisfy { $0 == 0 })
  }

  @Test("a quarter turn of the frame moves every ring by a quarter of its wedges")
  func rotation() {
    let side = 30
    var stream = RandomStream(seed: 1, .analysis)
    let frame = (0..<(side * side)).map { _ in UInt8(stream.integer(below: 256)) }
    // The pixel at (x, y) from the centre goes to (-y, x).
    let turned = (0..<(side * side)).map { frame[(side - 1 - $0 % side) * side + $0 / side] }
    let (before, after) = (look(frame, side: side, at: 0, 0), look(turned, side: side, at: 0, 0))
    for ring in 0..<sensor.rings {
      for wedge in 0..<8 {
        // Pixels on a diagonal lie on a border of wedges, where a rounding decides.
        #expect(abs(after[ring * 8 + (wedge + 2) % 8] - before[ring * 8 + wedge]) < 1e-5)
      }
    }
  }

  @Test("the picture of a glimpse shows every cell in its place, and impossible layouts are refused")
  func pictureAndCheck() {
    let glimpse = (0..<sensor.columns).map { Float($0) }
    let picture = sensor.picture(of: glimpse)
    #expect(picture.count == sensor.pictureSide * sensor.pictureSide)
    #expect(Set(picture) == Set(glimpse))
    #expect(throws: DefinitionError.self) { try LogPolarSensor(wedges: 500).check() }
    #expect(throws: DefinitionError.self) { try LogPolarSensor(growth: 1).check() }
  }

  @Test("a model with a sensor, a core and a gaze of this package is read back, once they are known")
  func readBack() throws {
    let network = RecurrentAttention(
      glimpses: 3, sensor: LogPolarSensor(rings: 5, wedges: 8),
      gaze: SaccadeGaze(deviation: .linear(from: 0.2, to: 0.1), reach: 0.5)
    ).with { $0.core = GRUCore(units: 7) }
    #expect(throws: DefinitionError.self) {
      try RecurrentAttention(lookingWith: network.configuration)
    }
    var parts = KnownParts()
    parts.sensors[LogPolarSensor.kind] = { try LogPolarSensor($0) }
    parts.cores[GRUCore.kind] = { try GRUCore($0) }
    parts.gazes[SaccadeGaze.kind] = { try SaccadeGaze($0) }
    let read = try RecurrentAttention(lookingWith: network.configuration, parts: parts)
    #expect(read.sensor as? LogPolarSensor == LogPolarSensor(rings: 5, wedges: 8))
    #expect(read.core as? GRUCore == GRUCore(units: 7))
    #expect(read.gaze as? SaccadeGaze == SaccadeGaze(deviation: .linear(from: 0.2, to: 0.1), reach: 0.5))
  }
}
