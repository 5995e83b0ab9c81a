import Foundation
import Learning

/// `figures/inputs.json`: a checksum of what every figure of a study was drawn from, which finds figures that are older
/// than their tables or their script. Pictures themselves differ between versions of gnuplot.
enum FigureInputs {
  /// CRC-32 of everything that decides what is drawn: variables, script, style and tables.
  static func fingerprint(of drawing: FigureDrawing, script: String, variables: [(String, String)]) -> String
  {
    let suffix = variables.first { $0.0 == "suffix" }?.1 ?? ""
    let files = drawing.sources(of: script) + [drawing.style] + drawing.tables(of: script, suffix: suffix)
    // Lengths and names first, so that no byte can move from one part to the next unnoticed.
    let bytes = files.reduce(into: Array(variables.map { "\($0.0)=\($0.1)\n" }.joined().utf8)) {
      bytes, file in
      let content = FileManager.default.contents(atPath: file) ?? Data()
      bytes += Array("\((file as NSString).lastPathComponent) \(content.count)\n".utf8) + content
    }
    return Checksum.crc32(bytes)
  }

  static func write(_ fingerprints: [String: String], to folder: String) throws {
    guard !fingerprints.isEmpty else { return }
    try AtomicFile.write(RecordFile.text(of: fingerprints), to: folder + "/figures/inputs.json")
  }

  /// The checksums of the results in `folder`; empty when none were written.
  static func read(from folder: String) -> [String: String] {
    let data = FileManager.default.contents(atPath: folder + "/figures/inputs.json") ?? Data()
    return (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
  }
}
