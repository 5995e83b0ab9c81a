// Shows how a trained model looks at a picture: where it looks, what it sees there, what it answers, and what it would have
// answered after looking anywhere else.

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
    abstract: "Shows how a trained model looks at your picture, or at a scene that it was tested on.",
    discussion: """
      The picture is a PNG or PGM of any size, white on black like MNIST's digits. Colours become grey, and transparent parts \
      become background. The model was trained on digits 20 pixels long in scenes of a certain size, such as 60x60. It looks at \
      a picture of that size as it is. In a picture of any other size, the drawing is scaled to 20 pixels and put in the middle \
      of such a scene. --fit overrides this.

      Writes look.png, look.svg, look.gif and the numbers as CSV (Documentation/columns.md). A value map shows how probable a \
      class would be after looking at each place: the class of --label, or the model's final answer. Brighter is more \
      probable. Each map has its own scale, and the ends of the scale are written beside the map.

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
      "Trained weights (default: those with the lowest validation error on cluttered 60x60 digits).",
      valueName: "file"))
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Instead of a picture: a test scene of the weights' task, counted from 1; scenes that are drawn at random never run out.",
      valueName: "number"))
  var scene: Int?

  @Option(
    parsing: .unconditional,
    help: .init("The class that the value maps show (default: the final answer).", valueName: "class"))
  var label: Int?

  @Flag(help: "The picture is black on white.")
  var invert = false

  @Option(
    help: .init(
      "none: look at the picture as it is. frame: scale all of it to the size of a scene. drawing: scale the drawing to "
        + "the size of a digit (default: none for a picture of a scene's size, else drawing).",
      valueName: "how"))
  var fit: FitChoice?

  @Option(
    parsing: .unconditional, help: .init("Number of places along a side of a value map.", valueName: "count"))
  var grid = 41

  @Option(help: .init("The folder to write to (default: Looks/<picture>).", valueName: "folder"))
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
    case (_, let scene?) where scene < 1:
      throw ValidationError("--scene counts from 1, so it cannot be \(scene).")
    default: break
    }
    if scene != nil, invert || fit != nil {
      throw ValidationError("--invert and --fit are for pictures, not scenes.")
    }
    if scene == nil, mnist != nil { throw ValidationError("--mnist is for --scene.") }
    if let output, output.hasPrefix("~") { throw ValidationError(StudyOptions.unexpanded("output", output)) }
    guard (2...200).contains(grid) else { throw ValidationError("--grid must be 2 to 200, not \(grid).") }
    if let label, label < 0 { throw ValidationError("--label counts from 0, so it cannot be \(label).") }
  }

  func run() throws {
    try runProgram("look") {
      if columns {
        print(PictureTables.descriptions.map(\.markdown).joined(separator: "\n"), terminator: "")
      } else {
        try look()
      }
    }
  }

  private func look() throws {
    let weights = try TrainedWeights(reading: self.weights ?? BestWeights(results: results).path)
    try weights.checkThatItLooks()
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
    let maps = path.glimpses.indices.map { mapper.map(of: 0, glimpse: $0, at: Location.grid(grid)) }

    let folder = output ?? "Looks/\(subject.name)"
    try AtomicFile.makeFolder(folder)
    try checkThatNothingIsLost(in: folder)
    let side = subject.world.side
    let cell = try PictureTables.write(
      path, maps: maps, valued: valued, frame: mapper.stage.frame(0), side: side, scene: subject.example + 1,
      to: folder)
    print(subject.summary)
    print(text(path, maps, valued), terminator: "")
    let answered = path.answerIndex + 1
    if model.network.actions.contains(where: \.mayAnswerEarly) {
      print("By its stop action, it would answer \(path.answer.prediction) after glimpse \(answered).")
    }
    let variables: [(String, Any)] = [
      ("title", subject.title), ("model", weights.name), ("side", side), ("cell", cell),
      ("steps", path.glimpses.count), ("answered", answered), ("classes", classes), ("valued", valued),
      ("label", path.label ?? -1),
      ("grid", grid), ("scales", path.glimpses.first?.outlines.count ?? 0),
      ("crop", model.network.sensor.pictureSide),
    ]
    let drawing = FigureDrawing(data: folder)
    let scripts = FigureDrawing.scripts(of: "look")
    for script in ["look", "look-animation"] {
      try drawing.draw(
        script: "\(scripts)/\(script).gp", variables: variables.map { ($0, "\($1)") },
        to: "\(folder)/look")
    }
    print("\(folder): look.png, look.svg, look.gif, and the numbers as CSV")
  }

  /// - Throws: `FileError` where a picture would take the place of the user's own, or tables that of a study's.
  private func checkThatNothingIsLost(in folder: String) throws {
    let ours = ["png", "svg", "gif"].map { "\(folder)/look.\($0)".resolvedPath }
    if let picture, ours.contains(picture.resolvedPath) {
      throw FileError(
        path: picture, reason: "would be replaced by what is written",
        cure: "choose another folder with --output, or rename the picture")
    }
    if ["runs", "provenance.json"].contains(where: {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }) {
      throw FileError(
        path: folder, reason: "holds the results of a study, whose tables would be replaced",
        cure: "choose another folder with --output")
    }
  }

  /// The answer after each glimpse, and the highest probability of all places: those of the map, and the chosen one,
  /// which need not be on the map's grid.
  private func text(_ path: GlimpsePath, _ maps: [ValueMap], _ valued: Int) -> String {
    var table = TextTable(
      header: ["glimpse", "x", "y", "answer", "probability", "of \(valued)", "at the best place"])
    for (index, (glimpse, map)) in zip(path.glimpses, maps).enumerated() {
      table.append(
        [
          String(index + 1), Double(glimpse.x).fixed(2), Double(glimpse.y).fixed(2),
          String(glimpse.prediction),
        ]
          + [
            glimpse.probability, glimpse.probabilities[valued],
            map.values(of: valued).reduce(glimpse.probabilities[valued], max),
          ].map { Double($0).fixed(3) })
    }
    return table.terminal
  }
}
