import Learning
import RecurrentAttention
import StudyKit

/// How a model looked at one picture, as tables for figures: the picture, the glimpses with their patches and what they
/// saw, the class probabilities, and the value map of every glimpse.
public struct PictureTables {
  private let looks: [Look]
  private let values: [Value]
  private let pixels: [Pixel]
  /// Width and height, in pixels of the picture, of the square that one pixel of the table is the mean of.
  public let pixelsPerCell: Int

  /// The longest side in `scenes.csv`; a larger picture is shrunk.
  private static let longestSide = 400

  /// - Parameters:
  ///   - maps: one for each glimpse.
  ///   - valued: the class whose probability is the value of a place.
  ///   - frame: the picture, [side, side].
  ///   - scene: its number, counted from 1.
  public init(
    _ path: GlimpsePath, maps: [ValueMap], valued: Int, frame: UnsafePointer<UInt8>, side: Int, scene: Int = 1
  ) {
    looks = path.glimpses.enumerated().map {
      Look(scene: scene - 1, label: path.label, number: $0 + 1, glimpse: $1, side: side)
    }
    values = maps.flatMap { Value.all(of: $0, label: valued, scene: scene, side: side) }
    let cell = (side + Self.longestSide - 1) / Self.longestSide
    pixelsPerCell = cell
    pixels = stride(from: 0, to: side, by: cell).flatMap { row in
      stride(from: 0, to: side, by: cell).map { column in
        let rows = row..<min(row + cell, side)
        let columns = column..<min(column + cell, side)
        let sum = rows.reduce(0) { sum, row in columns.reduce(sum) { $0 + Int(frame[row * side + $1]) } }
        return Pixel(
          scene: scene, label: path.label, row: row, column: column,
          value: Double(sum) / Double(255 * rows.count * columns.count))
      }
    }
  }

  /// What their columns mean.
  public static var descriptions: [TableDescription] {
    [
      Table.scenes.description, Table.glimpses.description, Table.patches.description,
      Table.crops.description,
      Table.answers.description, Table.values.description,
    ]
  }

  /// Writes `scenes.csv`, `glimpses.csv`, `patches.csv`, `crops.csv`, `answers.csv` and `values.csv`.
  public func write(to folder: String) throws {
    try Table.scenes.write(pixels, to: folder + "/scenes.csv")
    try Table.glimpses.write(looks, to: folder + "/glimpses.csv")
    try Table.patches.write(looks.flatMap(\.patches), to: folder + "/patches.csv")
    try Table.crops.write(looks.flatMap(\.crop), to: folder + "/crops.csv")
    try Table.answers.write(looks.flatMap(\.answers), to: folder + "/answers.csv")
    try Table.values.write(values, to: folder + "/values.csv")
  }
}

/// The value of a place for one glimpse.
struct Value {
  /// Counted from 1, as are glimpses.
  let scene: Int
  let glimpse: Int
  let label: Int
  let place: Place
  let probability: Float
  /// Width and height of the picture, pixels.
  let side: Int

  var column: Double { place.pixel(on: side).column }
  var row: Double { place.pixel(on: side).row }

  /// One for each place of a map.
  ///
  /// - Parameter label: the class whose probability is the value.
  static func all(of map: ValueMap, label: Int, scene: Int, side: Int) -> [Value] {
    zip(map.places, map.values(of: label)).map { place, probability in
      Value(
        scene: scene, glimpse: map.glimpse + 1, label: label, place: place, probability: probability,
        side: side)
    }
  }
}
