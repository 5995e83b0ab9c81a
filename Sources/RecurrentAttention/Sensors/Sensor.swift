import Learning
import Numerics

/// The glimpse sensor ρ(x, l): what the model sees of a frame when it looks at a location (section 3, figure 1A).
///
/// Coordinates: l = (x, y), (0, 0) is the frame's centre, (-1, -1) its top left corner, (1, 1) its bottom right corner.
public protocol Sensor: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }
  /// Numbers in one glimpse.
  var columns: Int { get }
  /// Numbers in a location: x and y, and what else it can be told, such as the width of a look.
  var locationColumns: Int { get }
  /// - Throws: `DefinitionError` when a setting is impossible.
  func check() throws
  /// Makes a reader for this number of frames of `side` × `side` pixels.
  func makeReader(frames: Int, side: Int) -> any SensorReader
  /// A glimpse as one square picture for figures, row by row, [pictureSide, pictureSide] in [0, 1].
  func picture(of glimpse: UnsafePointer<Float>) -> [Float]
  var pictureSide: Int { get }
  /// The areas that the patches of a glimpse cover, for figures, the finest first; none where they are not squares.
  ///
  /// - Parameters:
  ///   - location: the location that is looked at, x and y first.
  ///   - frameSide: width and height of the frame, pixels.
  func outlines(at location: [Float], frameSide: Int) -> [PatchOutline]
  /// What it decides where the paper is silent, one sentence each.
  var openChoices: [String] { get }
}

extension Sensor {
  public var locationColumns: Int { 2 }
  public func check() throws {}
  public func outlines(at location: [Float], frameSide: Int) -> [PatchOutline] { [] }
  public var openChoices: [String] { [] }
}

/// A sensor at work, with what it computes from the frames, such as summed-area tables.
public protocol SensorReader: AnyObject {
  /// Prepares the look-ups after the frames have changed.
  ///
  /// - Parameter frames: [count, side, side].
  func prepare(_ frames: UnsafePointer<UInt8>, count: Int)
  /// Writes the glimpses of all rows. Row r looks at frame r / rowsPerFrame.
  ///
  ///     locations [B, location columns]   glimpses [B, columns]
  func look(_ frames: UnsafePointer<UInt8>, at locations: Matrix, rowsPerFrame: Int, into glimpses: Matrix)
}
