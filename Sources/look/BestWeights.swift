import Foundation
import Learning
import StudyKit

/// The committed weights of the best attention model on cluttered digits: from preset `paper` if it has any, else from
/// `quick`.
///
/// The best has the lowest validation error at the end of training. The test error must not choose, or it would no longer
/// be a test.
struct BestWeights {
  let path: String

  init(results: String) throws {
    for preset in [Preset.paper, .quick] {
      let folder = "\(results)/cluttered/\(preset.rawValue)"
      guard FileManager.default.fileExists(atPath: folder + "/weights") else { continue }
      guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder + "/weights") else {
        throw FileError(
          path: folder + "/weights", reason: "cannot be read",
          cure: "make sure that you may read it, or name weights with --weights")
      }
      let rows = try files.sorted().compactMap { file -> (path: String, error: Double, side: Int)? in
        let record = "\(folder)/runs/\((file as NSString).deletingPathExtension).json"
        guard file.hasSuffix(".safetensors"), FileManager.default.fileExists(atPath: record) else {
          return nil
        }
        let run = try RunRecord(reading: record)
        guard
          let error = run.curve.last?.validationErrorPercent,
          let world: Configuration = try? run.configuration.value("world"),
          let side: Int = try? world.value("side")
        else { return nil }
        let path = "\(folder)/weights/\(file)"
        _ = try run.weights(at: path)
        return (path, error, side)
      }
      // Errors at 60x60 and at 100x100 cannot be compared: the tasks differ.
      let smallest = rows.map(\.side).min()
      if let best = rows.filter({ $0.side == smallest }).min(by: { $0.error < $1.error }) {
        path = best.path
        print("Weights: \(best.path), the lowest validation error of its task, \(best.error.fixed(2)) %.")
        return
      }
    }
    throw FileError(
      path: results + "/cluttered", reason: "has no weights with their records",
      cure: "name some with --weights, or the folder of the results with --results")
  }
}
