import Learning
import RecurrentAttention
import StudyKit

/// How a model looked at one picture, as tables for figures: the picture, the glimpses with their patches and what they
/// saw, the class probabilities, and the value map of every glimpse.
public enum PictureTables {
  /// The longest side in `scenes.csv`; a larger picture is shrunk.
  private static let longestSide = 400

  /// What their columns mean.
  public static var descriptions: [TableDescription] {
    [
      Table.scenes.description, Table.glimpses.description, Table.patches.description,
      Table.crops.description, Table.answers.description, Table.values.description,
    ]
  }

  /// Writes `scenes.csv`, `glimpses.csv`, `patches.csv`, `crops.csv`, `answers.csv` and `values.csv`.
  ///
  /// - Parameters:
  ///   - maps: one for each glimpse.
  ///   - valued: the class whose probability is the value of a place.
  ///   - frame: the picture, [side, side].
  ///   - scene: its number, counted from 1.
  /// - Returns: the side of the square that one pixel of `scenes.csv` is the mean of, in pixels of the picture.
  public static func write(
    _ path: GlimpsePath, maps: [ValueMap], valued: Int, frame: UnsafePointer<UInt8>, side: Int, scene: Int,
    to folder: String
  ) throws -> Int {
    let looks = Look.all(of: path, scene: scene - 1, side: side)
    let cell = (side + longestSide - 1) / longestSide
    let pixels = stride(from: 0, to: side, by: cell).flatMap { row in
      stride(from: 0, to: side, by: cell).map { column in
        let (rows, columns) = (row..<min(row + cell, side), column..<min(column + cell, side))
        let sum = rows.reduce(0) { sum, row in columns.reduce(sum) { $0 + Int(frame[row * side + $1]) } }
        return Pixel(
          scene: scene, label: path.label, row: row, column: column,
          value: Double(sum) / Double(255 * rows.count * columns.count))
      }
    }
    try Table.scenes.write(pixels, to: folder + "/scenes.csv")
    try Table.glimpses.write(looks, to: folder + "/glimpses.csv")
    try Table.patches.write(looks.flatMap(\.patches), to: folder + "/patches.csv")
    try Table.crops.write(looks.flatMap(\.crop), to: folder + "/crops.csv")
    try Table.answers.write(looks.flatMap(\.answers), to: folder + "/answers.csv")
    let values = maps.flatMap { Value.all(of: $0, label: valued, scene: scene, side: side) }
    try Table.values.write(values, to: folder + "/values.csv")
    return cell
  }
}

/// The value of a place for one glimpse.
struct Value {
  /// Counted from 1, as are glimpses.
  let scene: Int
  let glimpse: Int
  let label: Int
  let location: Location
  let probability: Float
  /// Width and height of the picture, pixels.
  let side: Int

  var column: Double { location.pixel(on: side).column }
  var row: Double { location.pixel(on: side).row }

  /// One for each place of a map.
  ///
  /// - Parameter label: the class whose probability is the value.
  static func all(of map: ValueMap, label: Int, scene: Int, side: Int) -> [Value] {
    zip(map.locations, map.values(of: label)).map { location, probability in
      Value(
        scene: scene, glimpse: map.glimpse + 1, label: label, location: location, probability: probability,
        side: side)
    }
  }
}
