// A figure or report that is not what its tables, its script and its study make of it now.

import Foundation

/// What differs between the figures and the report of two folders that have the same tables: one with what was
/// drawn some time ago, and one with what is drawn now.
///
/// The reports must be the same bytes, and every figure must have been drawn from the same script, style, tables
/// and variables, by the fingerprints in `figures/inputs.json`. An SVG must be the same bytes too if the same
/// version of gnuplot drew it, which it names itself; another one's lines may differ and mean the same.
public struct StaleFile: Equatable, Sendable {
  /// In the folder: "figures/learning-curves.svg".
  public let name: String
  public let reason: String

  public static func all(in folder: String, comparedWith now: String) -> [StaleFile] {
    let (recorded, current) = (FigureInputs.read(from: folder), FigureInputs.read(from: now))
    let (there, drawn) = (pictures(in: folder), pictures(in: now))
    var found = there.subtracting(drawn).map { StaleFile(name: $0, reason: "is no longer drawn; remove it") }
    found += drawn.subtracting(there).map { StaleFile(name: $0, reason: "is not there") }
    for picture in drawn.intersection(there) {
      let figure = ((picture as NSString).lastPathComponent as NSString).deletingPathExtension
      if recorded[figure] != current[figure] {
        found.append(
          StaleFile(name: picture, reason: "its tables, its script or its study changed after it was drawn"))
      } else if isRedrawnOtherwise(picture, folder, now) {
        found.append(StaleFile(name: picture, reason: "is not what its script draws from its tables"))
      }
    }
    if bytes("report.md", folder) != bytes("report.md", now) {
      found.append(StaleFile(name: "report.md", reason: "is not what the tables and the study make it"))
    }
    return found.sorted { $0.name < $1.name }
  }

  private static func pictures(in folder: String) -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/figures")) ?? []
    return Set(
      names.filter { ["svg", "png", "gif"].contains(($0 as NSString).pathExtension) }.map { "figures/" + $0 })
  }

  /// Whether an SVG differs though one version of gnuplot drew both.
  private static func isRedrawnOtherwise(_ picture: String, _ folder: String, _ now: String) -> Bool {
    guard picture.hasSuffix(".svg") else { return false }
    let (old, new) = (bytes(picture, folder), bytes(picture, now))
    guard old != new else { return false }
    func producer(_ svg: Data) -> Substring? {
      String(decoding: svg, as: UTF8.self).split(separator: "\n").first { $0.contains("Produced by GNUPLOT") }
    }
    return producer(old) == producer(new)
  }

  private static func bytes(_ name: String, _ folder: String) -> Data {
    FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
  }
}
