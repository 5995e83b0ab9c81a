import StudyKit

extension Table where Row == Pixel {
  static var scenes: Table {
    Table(
      "scenes", "One row for each pixel of the first test scenes.",
      [scene, .count("label", "The right class.", \.label)] + place(valuePlaces: 3))
  }

  static var crops: Table {
    Table(
      "crops", "One row for each pixel of what was seen at each glimpse, finer scales over coarser ones.",
      [scene, .count("glimpse", "Counted from 1.", \.glimpse)] + place(valuePlaces: 2))
  }

  private static var scene: Column<Pixel> {
    .count("scene", "Counted from 1, in the test split's order.", \.scene)
  }

  private static func place(valuePlaces: Int) -> [Column<Pixel>] {
    [
      .count("row", "Of the pixel, counted from 0 at the top.", \.row),
      .count("column", "Of the pixel, counted from 0 at the left.", \.column),
      .number("value", "Brightness, 0 black to 1 white.", places: valuePlaces, \.value),
    ]
  }
}

extension Table where Row == Look {
  static var glimpses: Table {
    Table(
      "glimpses", "One row for each glimpse at each of the first test scenes.",
      [
        .count("scene", "Counted from 1, as in scenes.csv.") { $0.scene + 1 },
        .count("label", "The right class.", \.label),
        .count("glimpse", "Counted from 1.", \.number),
        .number("x", "Of its centre, half-widths, -1 left to 1 right.", places: 5) { Double($0.glimpse.x) },
        .number("y", "Of its centre, half-widths, -1 top to 1 bottom.", places: 5) { Double($0.glimpse.y) },
        .number("column", "The same as x, in pixels from the left edge.", places: 3, \.column),
        .number("row", "The same as y, in pixels from the top edge.", places: 3, \.row),
        .count("prediction", "The class that would be answered after it.", \.glimpse.prediction),
        .number("probability", "That class's, 0 to 1.", places: 4) { Double($0.glimpse.probability) },
      ])
  }
}

extension Table where Row == Fixation {
  static var fixations: Table {
    Table(
      "fixations", "One row for each glimpse at each of many test scenes.",
      [
        .text("condition", "Name of the condition whose model looks.", \.condition),
        .count("scene", "Counted from 1, in the test split's order.") { $0.look.scene + 1 },
        .count("glimpse", "Counted from 1.", \.look.number),
        .number("x", "Of its centre, half-widths, -1 left to 1 right.", places: 4) {
          Double($0.look.glimpse.x)
        },
        .number("y", "Of its centre, half-widths, -1 top to 1 bottom.", places: 4) {
          Double($0.look.glimpse.y)
        },
        .count("on_digit", "1 when the centre of the finest patch lies in the digit's box, else 0.") {
          $0.isOnDigit ? 1 : 0
        },
      ])
  }
}
