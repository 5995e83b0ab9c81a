import Foundation
import Learning
import RecurrentAttention
import StudyKit
import Worlds

/// What the model looks at: the user's picture, or a test scene.
struct Subject {
  let world: any World
  /// Counted from 0.
  let example: Int
  /// The name of the folder that is written.
  let name: String
  /// The title of the figures.
  let title: String
  /// A sentence on what is shown to which model, and how a picture was scaled.
  let summary: String

  /// A test scene of the task that the weights were trained on.
  init(scene number: Int, mnist: String?, _ weights: TrainedWeights) throws {
    world = try weights.world().makeWorld(mnist: mnist)
    // Where scenes never run out, the streams of random numbers that draw them do.
    let count = world.isEndless ? world.count(of: .test) << 32 : world.count(of: .test)
    guard number <= count else {
      throw DefinitionError(
        "--scene", number, "the test scenes of \(world.summary) are numbered 1 to \(count)",
        cure: "choose one of these")
    }
    (example, name, title) = (number - 1, "scene-\(number)", "test scene \(number)")
    summary = "Test scene \(number) of \(world.summary), shown to \(weights.name)."
  }

  /// The user's picture, at the scale of the scenes that the weights were trained on.
  init(picture path: String, invert: Bool, fit chosen: Look.FitChoice?, _ weights: TrainedWeights) throws {
    let image = try GrayImage(reading: path, inverted: invert)
    let sceneSide = try weights.world().value("side", default: DigitImages.side)
    let isScene = image.width == sceneSide && image.height == sceneSide
    let choice = chosen ?? (isScene ? .none : .drawing)
    // A model names a digit even where there is none, which would look like an answer.
    guard Set(image.pixels).count > 1, choice != .drawing || image.drawn != nil else {
      throw FileError(
        path: path, reason: "nothing is drawn on this picture of \(image.width)x\(image.height)",
        cure: "draw in white on black, or in black with --invert; what is transparent counts as background")
    }
    let size = "\(image.width)x\(image.height)"
    let (fit, made): (Fit, String) =
      switch choice {
      case .none: (.none, "not scaled; the model was trained on scenes of \(sceneSide)x\(sceneSide)")
      case .frame: (.frame(side: sceneSide), "scaled to \(sceneSide)x\(sceneSide)")
      case .drawing:
        (
          .drawing(side: sceneSide),
          "the drawing, \(image.drawn.map { "\($0.width)x\($0.height)" } ?? size), scaled to a digit's "
            + "\(GrayImage.digitExtent) pixels in a scene of \(sceneSide)x\(sceneSide) (--fit none leaves it as it is)"
        )
      }
    let file = URL(fileURLWithPath: path)
    world = try Picture(image, of: path, fit: fit)
    example = 0
    name = file.deletingPathExtension().lastPathComponent
    title = file.lastPathComponent
    let isBright = image.pixels.reduce(0) { $0 + Int($1) } > 128 * image.pixels.count
    summary =
      "\(path), \(size), shown to \(weights.name): \(made)."
      + (isBright && !invert
        ? "\nMost of it is bright, but the model expects white on black: --invert swaps the two." : "")
  }
}

extension TrainedWeights {
  /// "cluttered, preset paper, ram-6-seed1", or just the name of a file in another place.
  var name: String {
    let parts = URL(fileURLWithPath: path).standardizedFileURL.deletingPathExtension().pathComponents.suffix(
      4)
    guard parts.count == 4, parts[parts.endIndex - 2] == "weights" else { return parts.last ?? path }
    return "\(parts[parts.startIndex]), preset \(parts[parts.startIndex + 1]), \(parts[parts.endIndex - 1])"
  }
}
