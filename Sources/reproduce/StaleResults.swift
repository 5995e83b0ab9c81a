// Results whose figures or report are not what their tables, scripts and study make of them now.

import Foundation
import StudyKit
import Training

/// Draws a study again from a copy of its tables, in a temporary folder, and compares.
struct StaleResults {
  /// One sentence for each stale file: which it is, why, and what cures it.
  let sentences: [String]

  init(of study: BuiltStudy, _ preset: Preset, in results: String) throws {
    let name = String(study.name.dropFirst(BuiltStudy.prefix.count))
    let folder = "\(results)/\(name)/\(preset.rawValue)"
    let temporary = NSTemporaryDirectory() + "reproduce-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    let again = "\(temporary)/\(name)/\(preset.rawValue)"
    try Self.copyTables(from: folder, to: again)

    let cure =
      "swift run \(study.name) --preset \(preset.rawValue) --figures-only"
      + (results == "Results" ? "" : " --results \(results)")
    let status = try study.run(
      ["--preset", preset.rawValue, "--figures-only", "--results", temporary], quietly: true)
    guard status == 0 else {
      sentences = [
        "\(folder): could not be drawn again (status \(status)); run '\(cure)' and mend what it says."
      ]
      return
    }
    sentences = StaleFile.all(in: folder, comparedWith: again).map {
      "\(folder)/\($0.name): \($0.reason); run '\(cure)' and commit the change."
    }
  }

  private static func copyTables(from folder: String, to copy: String) throws {
    let manager = FileManager.default
    try AtomicFile.makeFolder(copy)
    for name in try manager.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".csv") || name == "provenance.json" {
      try manager.copyItem(atPath: "\(folder)/\(name)", toPath: "\(copy)/\(name)")
    }
  }
}
