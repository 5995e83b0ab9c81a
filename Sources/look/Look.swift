// Shows how a trained model looks at a picture: where, what it sees there, what it makes of it, and what it would have
// made of any other place.

import ArgumentParser
import AttentionStudies
import Foundation
import Learning
import RecurrentAttention
import StudyKit
import Worlds

@main
struct Look: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "look",
    abstract: "Shows how a trained model looks at a picture of yours, or at a scene that it was tested on.",
    discussion: """
      The picture is a PNG or PGM of any size, white on black as digits are in MNIST; colours become grey, and what is \
      transparent becomes background. The model was trained on digits 20 pixels long in scenes of a certain size, such as \
      60x60. A picture of that size is looked at as it is. In any other, what is drawn is scaled to 20 pixels and put in the \
      middle of such a scene; --fit says otherwise.

      Writes look.png, look.svg, look.gif and the numbers as CSV (Documentation/columns.md). In a value map, a place is as \
      bright as the class of --label, or without it the model's final answer, would be probable after looking there.

      Examples:
        look my.png
        look --invert --label 7 scan.png
        look --scene 17
        look --weights Results/cluttered/paper/weights/ram-6-seed1.safetensors my.png
      """)

  @Argument(help: .init("A PNG or PGM.", valueName: "picture"))
  var picture: String?

  @Option(
    help: .init(
      "Trained weights (default: those with the lowest validation error on cluttered digits).",
      valueName: "file"))
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: .init(
      "In place of a picture: a test scene of the weights' task, counted from 1.", valueName: "number"))
  var scene: Int?

  @Option(
    parsing: .unconditional,
    help: .init("Whose probability the value maps show (default: the final answer's).", valueName: "class"))
  var label: Int?

  @Flag(help: "The picture is black on white.")
  var invert = false

  @Option(
    help: .init(
      "none: look at the picture as it is. frame: scale all of it to the size of a scene. drawing: scale what is drawn to "
        + "the size of a digit (default: none for a picture of a scene's size, else drawing).",
      valueName: "how"))
  var fit: FitChoice?

  @Option(parsing: .unconditional, help: .init("Places along a side of a value map.", valueName: "count"))
  var grid = 41

  @Option(help: .init("Folder for what is written (default: Looks/<picture>).", valueName: "folder"))
  var output: String?

  @Option(help: .init("MNIST's four files, for --scene (default: the package's).", valueName: "folder"))
  var mnist: String?

  @Flag(help: "Describe the columns of the tables and stop.")
  var columns = false

  @Option(help: .init("Where the studies' results are.", valueName: "folder"))
  var results = StudyOptions.usualResults

  enum FitChoice: String, ExpressibleByArgument, CaseIterable { case none, frame, drawing }

  func validate() throws {
    if columns { return }
    switch (picture, scene) {
    case (nil, nil): throw ValidationError("Nothing to look at: give a picture, or --scene and a number.")
    case (_?, _?): throw ValidationError("Give a picture or --scene, not both.")
    case (_, let scene?) where scene < 1: throw ValidationError("--scene counts from 1, and is not \(scene).")
    default: break
    }
    if scene != nil, invert || fit != nil {
      throw ValidationError("--invert and --fit are for pictures, not scenes.")
    }
    if scene == nil, mnist != nil { throw ValidationError("--mnist is for --scene.") }
    guard (2...200).contains(grid) else { throw ValidationError("--grid is 2 to 200, not \(grid).") }
    if let label, label < 0 { throw ValidationError("--label is a class, counted from 0, not \(label).") }
  }

  func run() throws {
    if columns {
      return print(PictureTables.descriptions.map(\.markdown).joined(separator: "\n"), terminator: "")
    }
    do {
      try look()
    } catch {
      FileHandle.standardError.write(Data("look: \(error)\n".utf8))
      throw ExitCode(1)
    }
  }

  private func look() throws {
    let weights = try TrainedWeights(reading: self.weights ?? BestWeights(results: results).path)
    let model = try RecurrentAttentionModel(weights)
    let subject =
      try picture.map { try Subject(picture: $0, invert: invert, fit: fit, weights) }
      ?? Subject(scene: scene ?? 1, mnist: mnist, weights)
    let mapper = try ValueMapper(model, on: subject.world)
    try mapper.look(Rollout(.test, firstExample: subject.example, count: 1, seed: 1))
    let path = mapper.path(of: 0)
    let valued = label ?? path.answer.prediction
    let classes = path.glimpses.first?.probabilities.count ?? 0
    guard valued < classes else {
      throw DefinitionError(
        "--label", valued, "the model knows \(classes) classes", cure: "choose 0 to \(classes - 1)")
    }
    let maps = path.glimpses.indices.map { mapper.map(of: 0, glimpse: $0, at: Place.grid(grid)) }

    let folder = output ?? "Looks/\(subject.name)"
    try AtomicFile.makeFolder(folder)
    let side = subject.world.side
    let tables = PictureTables(
      path, maps: maps, valued: valued, frame: mapper.stage.frame(0), side: side, scene: subject.example + 1)
    try tables.write(to: folder)
    print(subject.summary)
    print(text(path, maps, valued), terminator: "")
    let variables: [(String, Any)] = [
      ("title", subject.title), ("model", weights.name), ("side", side), ("cell", tables.pixelsPerCell),
      ("steps", path.glimpses.count), ("classes", classes), ("valued", valued), ("label", path.label ?? -1),
      ("grid", grid), ("scales", path.glimpses.first?.outlines.count ?? 0),
      ("crop", model.network.sensor.pictureSide),
    ]
    let drawing = FigureDrawing(data: folder)
    for (script, figure) in [("look", "look"), ("look-animation", "look")] {
      try drawing.draw(
        script: "\(drawing.scripts)/\(script).gp", variables: variables.map { ($0, "\($1)") },
        to: "\(folder)/\(figure)")
    }
    print("\(folder): look.png, look.svg, look.gif, and the numbers as CSV")
  }

  /// What was made of the picture, glimpse by glimpse, and the best that another place would have done.
  private func text(_ path: GlimpsePath, _ maps: [ValueMap], _ valued: Int) -> String {
    var table = TextTable(
      header: ["glimpse", "x", "y", "answer", "probability", "of \(valued)", "at the best place"])
    for (index, (glimpse, map)) in zip(path.glimpses, maps).enumerated() {
      table.append(
        [
          String(index + 1), Double(glimpse.x).fixed(2), Double(glimpse.y).fixed(2),
          String(glimpse.prediction),
        ]
          + [glimpse.probability, glimpse.probabilities[valued], map.values(of: valued).max() ?? 0].map {
            Double($0).fixed(3)
          })
    }
    return table.terminal
  }
}
