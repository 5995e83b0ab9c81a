import StudyKit

/// When no right class is known.
private let unlabelled = "for a user's own picture"

extension Table where Row == Pixel {
  static var scenes: Table {
    Table(
      "scenes",
      "One row for each pixel of the first test scenes. A picture of your own with more than 400 pixels a side has one "
        + "row for each square that is drawn as a pixel.",
      [scene, .count("label", "The right class, counted from 0.", empty: unlabelled, \.label)]
        + place(valuePlaces: 3))
  }

  static var crops: Table {
    Table(
      "crops", "One row for each pixel of what each glimpse saw, finer scales drawn over coarser ones.",
      [scene, .count("glimpse", "Counted from 1.", in: .ordinal, \.glimpse)] + place(valuePlaces: 2))
  }

  private static var scene: Column<Pixel> {
    .count("scene", "Counted from 1, in the order of the test split.", in: .ordinal, \.scene)
  }

  private static func place(valuePlaces: Int) -> [Column<Pixel>] {
    [
      .count("row", "Row of the pixel, counted from 0 at the top.", in: .pixels, \.row),
      .count("column", "Column of the pixel, counted from 0 at the left.", in: .pixels, \.column),
      .number("value", "Brightness: 0 is black, 1 is white.", in: .fraction, places: valuePlaces, \.value),
    ]
  }
}

extension Table where Row == Look {
  static var glimpses: Table {
    Table(
      "glimpses", "One row for each glimpse at each of the first test scenes.",
      [
        .count("scene", "Counted from 1, as in `scenes.csv`.", in: .ordinal) { $0.scene + 1 },
        .count("label", "The right class, counted from 0.", empty: unlabelled, \.label),
        .count("glimpse", "Counted from 1.", in: .ordinal, \.number),
        .number("x", "Centre of the glimpse: -1 is the left edge, 1 the right.", in: .halfWidths, places: 5) {
          Double($0.glimpse.x)
        },
        .number("y", "Centre of the glimpse: -1 is the top edge, 1 the bottom.", in: .halfWidths, places: 5) {
          Double($0.glimpse.y)
        },
        .number(
          "column", "The same as `x`, from the left edge.", in: Quantity("pixels"), places: 3, \.column),
        .number("row", "The same as `y`, from the top edge.", in: Quantity("pixels"), places: 3, \.row),
        .count("prediction", "The answer after this glimpse.", \.glimpse.prediction),
        .number("probability", "Probability of that answer.", in: .fraction, places: 4) {
          Double($0.glimpse.probability)
        },
      ])
  }
}

extension Table where Row == Patch {
  static var patches: Table {
    Table(
      "patches", "One row for each patch of each glimpse at each of the first test scenes.",
      [
        .count("scene", "Counted from 1, as in `scenes.csv`.", in: .ordinal) { $0.look.scene + 1 },
        .count("glimpse", "Counted from 1.", in: .ordinal, \.look.number),
        .count("scale", "Counted from 1, the finest.", in: .ordinal, \.scale),
        .number("left", "Left edge of the patch, from that of the scene.", in: Quantity("pixels"), places: 2)
        { Double($0.outline.left) },
        .number("top", "Upper edge of the patch, from that of the scene.", in: Quantity("pixels"), places: 2)
        { Double($0.outline.top) },
        .number("side", "Width and height of the patch.", in: .pixels, places: 2) { Double($0.outline.side) },
      ])
  }
}

extension Table where Row == Answer {
  static var answers: Table {
    Table(
      "answers", "One row for each class after each glimpse at each of the first test scenes.",
      [
        .count("scene", "Counted from 1, as in `scenes.csv`.", in: .ordinal) { $0.look.scene + 1 },
        .count("glimpse", "Counted from 1.", in: .ordinal, \.look.number),
        .count("class", "Counted from 0.", \.number),
        .number("probability", "Probability of that class after the glimpse.", in: .fraction, places: 4) {
          Double($0.probability)
        },
      ])
  }
}

extension Table where Row == Value {
  static var values: Table {
    Table(
      "values",
      "One row for each place on a grid and each glimpse: what would have been answered after looking there.",
      [
        .count("scene", "Counted from 1, as in `scenes.csv`.", in: .ordinal, \.scene),
        .count(
          "glimpse", "Counted from 1; the glimpses before it are as they were.", in: .ordinal, \.glimpse),
        .count("class", "Counted from 0.", \.label),
        .number(
          "x", "Horizontal coordinate of the place: -1 is the left edge, 1 the right.", in: .halfWidths,
          places: 5
        ) {
          Double($0.location.x)
        },
        .number(
          "y", "Vertical coordinate of the place: -1 is the top edge, 1 the bottom.", in: .halfWidths,
          places: 5
        ) {
          Double($0.location.y)
        },
        .number(
          "column", "The same as `x`, from the left edge.", in: Quantity("pixels"), places: 3, \.column),
        .number("row", "The same as `y`, from the top edge.", in: Quantity("pixels"), places: 3, \.row),
        .number("probability", "Probability of that class after looking there.", in: .fraction, places: 4) {
          Double($0.probability)
        },
      ])
  }
}

extension Table where Row == Fixation {
  static var fixations: Table {
    Table(
      "fixations", "One row for each glimpse at each of many test scenes.",
      [
        .text("condition", "Name of the model's condition.", \.condition),
        .count("scene", "Counted from 1, in the order of the test split.", in: .ordinal) {
          $0.look.scene + 1
        },
        .count("glimpse", "Counted from 1.", in: .ordinal, \.look.number),
        .number("x", "Centre of the glimpse: -1 is the left edge, 1 the right.", in: .halfWidths, places: 4) {
          Double($0.look.glimpse.x)
        },
        .number("y", "Centre of the glimpse: -1 is the top edge, 1 the bottom.", in: .halfWidths, places: 4) {
          Double($0.look.glimpse.y)
        },
        .count(
          "on_digit", "1 when the centre of the glimpse lies in the digit's box.", in: .flag,
          empty: "where the digit's place is not known"
        ) { $0.isOnDigit.map { $0 ? 1 : 0 } },
      ])
  }
}
