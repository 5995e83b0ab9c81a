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
    let changed = try Set(AnalysedTables(reading: folder).changed)
    return files(in: folder).union(files(in: now)).sorted().compactMap { name in
      let (old, new) = (bytes(name, folder), bytes(name, now))
      func stale(if isStale: Bool, _ reason: String) -> StaleFile? {
        isStale ? StaleFile(name: name, reason: reason) : nil
      }
      guard name.hasPrefix("figures/") else {
        return stale(
          if: old != new || changed.contains(name), "is not what the records and the study make it")
      }
      let figure = ((name as NSString).lastPathComponent as NSString).deletingPathExtension
      return stale(if: new == nil, "is no longer drawn; remove it")
        ?? stale(if: old == nil, "is not there")
        ?? stale(
          if: recorded[figure] != current[figure],
          "its tables, its script or its study changed after it was drawn")
        ?? stale(
          if: name.hasSuffix(".svg") && old != new && producer(old) == producer(new),
          "is not what its script draws from its tables")
    }
  }

  /// The report, the tables and the figures of a folder.
  private static func files(in folder: String) -> Set<String> {
    func names(_ folder: String) -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
    let pictures = names(folder + "/figures").filter {
      FigureFormat(rawValue: ($0 as NSString).pathExtension) != nil
    }
    return Set(
      names(folder).filter { $0.hasSuffix(".csv") } + pictures.map { "figures/" + $0 } + ["report.md"])
  }

  private static func bytes(_ name: String, _ folder: String) -> Data? {
    FileManager.default.contents(atPath: folder + "/" + name)
  }

  /// The line in which gnuplot names its version.
  private static func producer(_ svg: Data?) -> Substring? {
    String(decoding: svg ?? Data(), as: UTF8.self).split(separator: "\n").first {
      $0.contains("Produced by GNUPLOT")
    }
  }
}
