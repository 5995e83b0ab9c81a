import Foundation

/// A table, figure or report that differs from what the records, the scripts and the study give now.
///
/// Found by comparing two folders with the same records: one written some time ago, and one written now. Tables and
/// reports must be the same bytes, and every figure must have been drawn from the same inputs. An SVG must also be the
/// same bytes if the same version of gnuplot drew it, which it names itself; another version may write other lines that
/// mean the same. A table made with trained models must be as it was made.
public struct StaleFile: Equatable, Sendable {
  /// In the folder: "figures/learning-curves.svg".
  public let name: String
  public let reason: String

  /// - Throws: `FileError` about a file that was changed so that it cannot be read.
  public static func all(in folder: String, comparedWith now: String) throws -> [StaleFile] {
    let (recorded, current) = (FigureInputs.read(from: folder), FigureInputs.read(from: now))
    let (there, drawn) = (pictures(in: folder), pictures(in: now))
    var found = there.subtracting(drawn).map { StaleFile(name: $0, reason: "is no longer drawn; remove it") }
    found += drawn.subtracting(there).map { StaleFile(name: $0, reason: "is not there") }
    for picture in drawn.intersection(there) {
      let figure = ((picture as NSString).lastPathComponent as NSString).deletingPathExtension
      if recorded[figure] != current[figure] {
        found.append(
          StaleFile(name: picture, reason: "its tables, its script or its study changed after it was drawn"))
      } else if isRedrawnOtherwise(bytes(picture, folder), bytes(picture, now), picture) {
        found.append(StaleFile(name: picture, reason: "is not what its script draws from its tables"))
      }
    }
    let changed = try Set(AnalysedTables(reading: folder).changed)
    for name in tables(in: folder).union(tables(in: now)).union(["report.md"])
    where changed.contains(name) || bytes(name, folder) != bytes(name, now) {
      found.append(StaleFile(name: name, reason: "is not what the records and the study make it"))
    }
    return found.sorted { $0.name < $1.name }
  }

  private static func pictures(in folder: String) -> Set<String> {
    let names = names(in: folder + "/figures").filter {
      FigureFormat(rawValue: ($0 as NSString).pathExtension) != nil
    }
    return Set(names.map { "figures/" + $0 })
  }

  private static func tables(in folder: String) -> Set<String> {
    Set(names(in: folder).filter { $0.hasSuffix(".csv") })
  }

  private static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// Whether an SVG differs though one version of gnuplot drew both.
  private static func isRedrawnOtherwise(_ old: Data, _ new: Data, _ picture: String) -> Bool {
    func producer(_ svg: Data) -> Substring? {
      String(decoding: svg, as: UTF8.self).split(separator: "\n").first { $0.contains("Produced by GNUPLOT") }
    }
    return picture.hasSuffix(".svg") && old != new && producer(old) == producer(new)
  }

  private static func bytes(_ name: String, _ folder: String) -> Data {
    FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
  }
}
