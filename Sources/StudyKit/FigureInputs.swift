// What a figure was drawn from, so that one which is older than its tables or its script can be told from one
// that is not: pictures themselves differ from one version of gnuplot to the next.

import Foundation
import Training

/// `figures/inputs.json`: a fingerprint for every figure of a study.
public enum FigureInputs {
  public static let file = "figures/inputs.json"

  /// CRC-32 of everything that decides what is drawn: script, style, tables and variables.
  static func fingerprint(
    of drawing: FigureDrawing, script: String, variables: [(String, String)]
  ) -> String {
    let suffix = variables.first { $0.0 == "suffix" }?.1 ?? ""
    let files = [script, drawing.style] + drawing.tables(of: script, suffix: suffix)
    // Lengths and names first, so that nothing can move from one part to the next unseen.
    var bytes = Array(variables.map { "\($0.0)=\($0.1)\n" }.joined().utf8)
    for file in files {
      let content = FileManager.default.contents(atPath: file) ?? Data()
      bytes += Array("\((file as NSString).lastPathComponent) \(content.count)\n".utf8) + content
    }
    return CRC32.digits(of: bytes[...])
  }

  static func write(_ fingerprints: [String: String], to folder: String) throws {
    guard !fingerprints.isEmpty else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let text = String(decoding: try encoder.encode(fingerprints), as: UTF8.self)
    try AtomicFile.write(text + "\n", to: folder + "/" + file)
  }

  /// Of the results in `folder`; empty when none were written.
  public static func read(from folder: String) -> [String: String] {
    FileManager.default.contents(atPath: folder + "/" + file).flatMap {
      try? JSONDecoder().decode([String: String].self, from: $0)
    } ?? [:]
  }
}
