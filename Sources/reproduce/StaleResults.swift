import Foundation
import Learning
import StudyKit

extension BuiltStudy {
  /// Makes the study's tables, figures and report again from its records, in a temporary folder, and compares. Returns
  /// one sentence for each stale file: its name, the reason, and the cure.
  func staleResults(_ preset: Preset, in results: String) throws -> [String] {
    let folder = folder(preset, in: results)
    let temporary = NSTemporaryDirectory() + "reproduce-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    let again = self.folder(preset, in: temporary)
    try copySources(from: folder, to: again)
    let command =
      "swift run \(name) --preset \(preset.rawValue) --figures-only"
      + (results == "Results" ? "" : " --results \(results)")
    let status = try run(
      ["--preset", preset.rawValue, "--figures-only", "--results", temporary], output: .nullDevice)
    try StudyFailure.throwIfStopped(self, status)
    guard status == 0 else {
      return [
        "\(folder): could not be drawn again (status \(status)); run '\(command)' and correct what it says."
      ]
    }
    return try StaleFile.all(in: folder, comparedWith: again).map {
      "\(folder)/\($0.name): \($0.reason); run '\(command)' and commit the change."
    }
  }

  /// Copies the records, the weights, the provenance and all tables. The study then writes the tables made from records
  /// alone again, and those that need trained models only if they were changed or are out of date.
  private func copySources(from folder: String, to copy: String) throws {
    let manager = FileManager.default
    try AtomicFile.makeFolder(copy)
    for name in try manager.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".csv") || ["analyses.json", "provenance.json", "runs", "weights"].contains(name) {
      do {
        try manager.copyItem(atPath: "\(folder)/\(name)", toPath: "\(copy)/\(name)")
      } catch {
        throw FileError(
          path: "\(folder)/\(name)", reason: "could not be copied to \(copy)",
          cure: "check the permissions, and that the disk of TMPDIR has space")
      }
    }
  }
}
