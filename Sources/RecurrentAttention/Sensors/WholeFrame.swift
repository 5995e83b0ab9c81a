import Learning
import Numerics

/// The whole frame at once, coarsely, whatever the location: cells × cells means over equal areas.
public struct WholeFrame: Sensor, Equatable {
  /// Number of cells along a side.
  public var cells: Int

  public init(cells: Int) { self.cells = cells }

  public static let kind = "whole_frame"
  public var configuration: Configuration { Configuration(Self.kind).with("cells", cells) }
  public init(_ configuration: Configuration) throws { cells = try configuration.value("cells") }

  public var columns: Int { cells * cells }

  public func check() throws {
    guard (1...AreaMean.mostCells).contains(cells) else {
      throw DefinitionError(
        "the number of cells of a whole frame", cells, "it must be 1 to \(AreaMean.mostCells) along a side",
        cure: "choose a number such as 12")
    }
  }

  public func makeReader(frames: Int, side: Int) -> any SensorReader {
    WholeFrameReader(self, frames: frames, side: side)
  }

  public var pictureSide: Int { cells }

  public func picture(of glimpse: UnsafePointer<Float>) -> [Float] {
    (0..<columns).map { min(max(glimpse[$0], 0), 1) }  // a mean by area may miss 0 or 1 by a rounding
  }
}

final class WholeFrameReader: SensorReader {
  private let cells: Int
  private let tables: FrameTables

  init(_ sensor: WholeFrame, frames: Int, side: Int) {
    cells = sensor.cells
    tables = FrameTables(frames: frames, side: side)
  }

  func prepare(_ frames: UnsafePointer<UInt8>, count: Int) { tables.fill(frames, count: count) }

  func look(_ frames: UnsafePointer<UInt8>, at locations: Matrix, rowsPerFrame: Int, into glimpses: Matrix) {
    for row in 0..<glimpses.rows {
      AreaMean.read(
        tables[row / rowsPerFrame], side: tables.side, left: 0, top: 0, width: Float(tables.side),
        cells: cells,
        into: glimpses.row(row))
    }
  }
}
