import Foundation
import Learning
import Numerics
import RecurrentAttention

/// A sensor laid out like a retina: rings around the place, each wider than the one before, cut into wedges
/// (Schwartz 1977, "Spatial mapping in the primate sensory projection").
///
///     ρ(x, l)[ring, wedge] = mean of the pixels of the cell, in [0, 1]; 0 outside the frame
///
/// Ring i ends at a radius of r growth^i pixels. Pixels beyond the last one are not seen.
public struct LogPolarSensor: Sensor, Equatable {
  public var rings: Int
  public var wedges: Int
  /// r, pixels.
  public var innerRadius: Float
  public var growth: Float

  public init(rings: Int = 8, wedges: Int = 16, innerRadius: Float = 3, growth: Float = 1.35) {
    self.rings = rings
    self.wedges = wedges
    self.innerRadius = innerRadius
    self.growth = growth
  }

  public static let kind = "log_polar"
  public var configuration: Configuration {
    Configuration(Self.kind).with("rings", rings).with("wedges", wedges).with("inner_radius", innerRadius)
      .with("growth", growth)
  }

  /// Reads a configuration back, so that a model with this sensor can be made again from its weights.
  public init(_ configuration: Configuration) throws {
    rings = try configuration.value("rings")
    wedges = try configuration.value("wedges")
    innerRadius = try configuration.value("inner_radius")
    growth = try configuration.value("growth")
  }

  public var columns: Int { rings * wedges }

  public func check() throws {
    guard rings > 0, wedges > 0, innerRadius > 0, growth > 1, (0...512).contains(radius) else {
      throw DefinitionError(
        "the log-polar sensor", configuration.text,
        "it must have rings, wedges, a growth above 1 and a radius of at most 512",
        cure: "choose 8 rings of 16 wedges, an inner radius of 3 and a growth of 1.35")
    }
    let seen = Set(cells.map(\.cell))
    guard seen.count == columns else {
      throw DefinitionError(
        "the log-polar sensor's wedges", wedges, "\(columns - seen.count) of \(columns) cells hold no pixel",
        cure: "choose fewer wedges or a larger inner radius")
    }
  }

  /// The radius of the last ring, pixels.
  var radius: Float { innerRadius * pow(growth, Float(rings - 1)) }

  /// Every visible pixel, by its place relative to the corner that is looked at.
  var cells: [(x: Int, y: Int, cell: Int)] {
    let reach = Int(radius.rounded(.up))
    return (-reach..<reach).flatMap { y in
      (-reach..<reach).compactMap { x in
        let (u, v) = (Float(x) + 0.5, Float(y) + 0.5)
        let distance = (u * u + v * v).squareRoot()
        guard distance < radius else { return nil }
        let ring = max(0, Int((log(distance / innerRadius) / log(growth)).rounded(.up)))
        let turn = (atan2(v, u) / (2 * .pi) + 1).truncatingRemainder(dividingBy: 1)
        return (x, y, min(ring, rings - 1) * wedges + min(Int(turn * Float(wedges)), wedges - 1))
      }
    }
  }

  public func makeReader(frames: Int, side: Int) -> any SensorReader { LogPolarReader(self, side: side) }

  public var pictureSide: Int { 2 * Int(radius.rounded(.up)) }

  public func picture(of glimpse: UnsafePointer<Float>) -> [Float] {
    let side = pictureSide
    var picture = [Float](repeating: 0, count: side * side)
    for (x, y, cell) in cells { picture[(y + side / 2) * side + x + side / 2] = glimpse[cell] }
    return picture
  }
}

final class LogPolarReader: SensorReader {
  private let side: Int
  private let cells: [(x: Int, y: Int, cell: Int)]
  /// For each cell, one over the sum of a completely white cell.
  private let scales: [Float]

  init(_ sensor: LogPolarSensor, side: Int) {
    self.side = side
    cells = sensor.cells
    let counts = cells.reduce(into: [Int](repeating: 0, count: sensor.columns)) { $0[$1.cell] += 1 }
    scales = counts.map { 1 / (255 * Float(max($0, 1))) }
  }

  func prepare(_ frames: UnsafePointer<UInt8>, count: Int) {}

  func look(_ frames: UnsafePointer<UInt8>, at locations: Matrix, rowsPerFrame: Int, into glimpses: Matrix) {
    for row in 0..<glimpses.rows {
      let frame = frames + row / rowsPerFrame * side * side
      let column = Retina.corner(locations[row, 0], side: side)
      let line = Retina.corner(locations[row, 1], side: side)
      let glimpse = glimpses.row(row)
      glimpse.update(repeating: 0, count: glimpses.columns)
      for (x, y, cell) in cells {
        let (i, j) = (line + y, column + x)
        if i >= 0 && i < side && j >= 0 && j < side { glimpse[cell] += Float(frame[i * side + j]) }
      }
      for cell in 0..<glimpses.columns { glimpse[cell] *= scales[cell] }
    }
  }
}
