// Results whose figures or report are not what their tables, scripts and study make of them now.

import Foundation
import StudyKit
import Training

/// Draws a study again from a copy of its tables, in a temporary folder, and compares.
///
/// The report must be the same bytes, and every figure must have been drawn from the same script, style, tables
/// and variables, by the fingerprints in `figures/inputs.json`. An SVG must be the same bytes too if the same
/// version of gnuplot drew it, which it names itself; another one's lines may differ and mean the same.
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

    let cure = "swift run \(study.name) --preset \(preset.rawValue) --figures-only"
      + (results == "Results" ? "" : " --results \(results)")
    let status = try study.run(
      ["--preset", preset.rawValue, "--figures-only", "--results", temporary], quietly: true)
    guard status == 0 else {
      sentences = ["\(folder): could not be drawn again (status \(status)); run '\(cure)' and mend what it says."]
      return
    }
    sentences = Self.differences(of: folder, from: again).map { file, reason in
      "\(folder)/\(file): \(reason); run '\(cure)' and commit the change."
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

  // MARK: - Comparing

  private static func differences(of folder: String, from again: String) -> [(file: String, reason: String)] {
    func pictures(_ folder: String) -> Set<String> {
      Set(((try? FileManager.default.contentsOfDirectory(atPath: folder + "/figures")) ?? []).filter {
        ["svg", "png", "gif"].contains(($0 as NSString).pathExtension)
      })
    }
    let (recorded, now) = (FigureInputs.read(from: folder), FigureInputs.read(from: again))
    let (there, drawn) = (pictures(folder), pictures(again))
    var found = there.subtracting(drawn).map { ("figures/" + $0, "the study no longer draws this; remove it, or") }
    found += drawn.subtracting(there).map { ("figures/" + $0, "is not there") }
    for picture in drawn.intersection(there) {
      let figure = (picture as NSString).deletingPathExtension
      if recorded[figure] != now[figure] {
        found.append(("figures/" + picture, "its tables, its script or its study changed after it was drawn"))
      } else if isChanged(picture, folder, again) {
        found.append(("figures/" + picture, "is not what its script draws from its tables"))
      }
    }
    if bytes(folder + "/report.md") != bytes(again + "/report.md") {
      found.append(("report.md", "is not what the tables and the study make it"))
    }
    return found.sorted { $0.0 < $1.0 }
  }

  /// Whether an SVG differs though one version of gnuplot drew both.
  private static func isChanged(_ picture: String, _ folder: String, _ again: String) -> Bool {
    guard picture.hasSuffix(".svg") else { return false }
    let pair = [folder, again].map { bytes("\($0)/figures/\(picture)") }
    guard pair[0] != pair[1] else { return false }
    func producer(_ svg: Data) -> Substring? {
      String(decoding: svg, as: UTF8.self).split(separator: "\n").first { $0.contains("Produced by GNUPLOT") }
    }
    return producer(pair[0]) == producer(pair[1])
  }

  private static func bytes(_ path: String) -> Data { FileManager.default.contents(atPath: path) ?? Data() }
}
