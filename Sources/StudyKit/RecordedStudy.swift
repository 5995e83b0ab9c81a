// Results that somebody wrote, perhaps elsewhere and long ago, as `--verify` finds them.

import Foundation
import Training

/// One folder of results with the provenance in it.
struct RecordedStudy {
  /// `Results/<name>/<preset>`.
  let folder: String
  let preset: Preset
  let provenance: Provenance

  /// - Parameter place: `Results/<name>/<preset>`, or `Results/<name>` when it holds one preset only.
  /// - Throws: `FileError` when there is none, when there are several, or when it is another study's.
  init(at place: String, study: String) throws {
    func isRecorded(_ folder: String) -> Bool {
      FileManager.default.fileExists(atPath: folder + "/provenance.json")
    }
    let place = place.count > 1 && place.hasSuffix("/") ? String(place.dropLast()) : place
    let folders =
      isRecorded(place) ? [place] : Preset.allCases.map { "\(place)/\($0.rawValue)" }.filter(isRecorded)
    guard let folder = folders.first else {
      throw FileError(
        path: place, reason: "holds no provenance.json to verify",
        cure: "name the folder that a study wrote, such as Results/\(study)/quick")
    }
    guard folders.count == 1 else {
      throw FileError(
        path: place, reason: "holds the results of several presets",
        cure: "name one: " + folders.joined(separator: ", "))
    }
    provenance = try Provenance(reading: folder + "/provenance.json")
    guard provenance.study == study else {
      throw FileError(
        path: folder, reason: "was written by study-\(provenance.study), not by study-\(study)",
        cure: "give it to study-\(provenance.study) --verify")
    }
    guard let preset = Preset(rawValue: provenance.preset) else {
      throw FileError(
        path: folder + "/provenance.json", reason: "there is no preset '\(provenance.preset)'",
        cure: "build the commit that stands in it")
    }
    self.folder = folder
    self.preset = preset
  }

  /// What trained a run: as its checkpoint had it, else what wrote the tables.
  func origin(of run: String) -> RunOrigin {
    provenance.origins?.last { $0.runs.contains(run) }?.origin ?? RunOrigin(provenance)
  }
}
