import Learning
import Numerics

/// A retina that is told how wide to look: l = (x, y, z).
///
///     w(z) = narrowest (widest / narrowest)^((z + 1) / 2)         the width of the finest patch, pixels
///
/// Patch k is w 2^k pixels wide. Every patch is mean-pooled to g × g numbers, and everything outside the frame is black. With
/// w = g, at a corner between pixels, it is the paper's retina. The edge of a patch may cut through pixels, which then count
/// by the area that is covered.
public struct ZoomRetina: Sensor, Equatable {
  /// g, cells along a side of a patch.
  public var patchSide: Int
  /// Number of patches; each is twice as wide as the one before.
  public var scales: Int
  /// w(-1), pixels.
  public var narrowest: Float
  /// w(1), pixels.
  public var widest: Float

  public init(patchSide: Int, scales: Int, narrowest: Float, widest: Float) {
    self.patchSide = patchSide
    self.scales = scales
    self.narrowest = narrowest
    self.widest = widest
  }

  public static let kind = "zoom_retina"

  public var configuration: Configuration {
    Configuration(Self.kind).with("patch_side", patchSide).with("scales", scales)
      .with("narrowest", narrowest).with("widest", widest)
  }

  public init(_ configuration: Configuration) throws {
    try self.init(
      patchSide: configuration.value("patch_side"), scales: configuration.value("scales"),
      narrowest: configuration.value("narrowest"), widest: configuration.value("widest"))
  }

  public var columns: Int { scales * patchSide * patchSide }
  public var locationColumns: Int { 3 }

  public var openChoices: [String] {
    [
      "The \(scales == 1 ? "patch" : "finest of \(scales) patches") is \(narrowest) to \(widest) pixels wide, on a "
        + "logarithmic scale, and pooled by area."
    ]
  }

  public func check() throws {
    guard (1...AreaMean.mostCells).contains(patchSide) else {
      throw DefinitionError(
        "the zoom retina's patch side", patchSide, "a patch has 1 to \(AreaMean.mostCells) numbers a side",
        cure: "choose one such as 12")
    }
    guard (1...8).contains(scales) else {
      throw DefinitionError(
        "the zoom retina's number of scales", scales, "it must be 1 to 8", cure: "choose a number such as 3")
    }
    // ours: the means of a narrower patch are lost in rounding
    guard narrowest >= 0.01, narrowest <= widest, widest <= Float(WorldLimits.mostSide) else {
      throw DefinitionError(
        "the zoom retina's range of widths", "\(narrowest) to \(widest)",
        "it must lie between 0.01 and \(WorldLimits.mostSide) pixels", cure: "choose widths such as 12 to 96")
    }
  }

  /// w(z), pixels.
  public func width(at zoom: Float) -> Float {
    narrowest * Elementary.exp((bounded(zoom) + 1) / 2 * Elementary.log(widest / narrowest))
  }

  public func makeReader(frames: Int, side: Int) -> any SensorReader {
    ZoomRetinaReader(self, frames: frames, side: side)
  }

  public func outlines(at location: [Float], frameSide: Int) -> [PatchOutline] {
    let (x, y) = (
      (bounded(location[0]) + 1) / 2 * Float(frameSide), (bounded(location[1]) + 1) / 2 * Float(frameSide)
    )
    return (0..<scales).map { scale in
      let side = width(at: location[2]) * Float(1 << scale)
      return PatchOutline(left: x - side / 2, top: y - side / 2, side: side)
    }
  }

  public var pictureSide: Int { patchSide << (scales - 1) }

  /// Drawn in cells of the finest patch, whatever their width.
  public func picture(of glimpse: UnsafePointer<Float>) -> [Float] {
    Retina(patchSide: patchSide, scales: scales).picture(of: glimpse)
  }
}

/// A zooming retina with the summed-area tables of the frames that it looks at.
final class ZoomRetinaReader: SensorReader {
  private let retina: ZoomRetina
  private let tables: FrameTables

  init(_ retina: ZoomRetina, frames: Int, side: Int) {
    self.retina = retina
    tables = FrameTables(frames: frames, side: side)
  }

  func prepare(_ frames: UnsafePointer<UInt8>, count: Int) { tables.fill(frames, count: count) }

  func look(_ frames: UnsafePointer<UInt8>, at locations: Matrix, rowsPerFrame: Int, into glimpses: Matrix) {
    let half = Float(tables.side) / 2
    for row in 0..<glimpses.rows {
      let (x, y) = ((bounded(locations[row, 0]) + 1) * half, (bounded(locations[row, 1]) + 1) * half)
      var width = retina.width(at: locations[row, 2])
      for scale in 0..<retina.scales {
        AreaMean.read(
          tables[row / rowsPerFrame], side: tables.side, left: x - width / 2, top: y - width / 2,
          width: width,
          cells: retina.patchSide, into: glimpses.row(row) + scale * retina.patchSide * retina.patchSide)
        width *= 2
      }
    }
  }
}
