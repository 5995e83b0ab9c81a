import Foundation
import Learning

/// The two pictures of every figure, and the one of an animation.
enum FigureFormat: String {
  case svg, png, gif

  /// The function `resize`, which gives the commands that open this picture; until something is plotted it may
  /// be opened again. The PNG has twice the width and height in pixels, for high-density screens.
  ///
  /// - Parameter animation: what gnuplot is told of how it runs.
  func resizing(output path: String, animation: String? = nil) -> String {
    let (terminal, pixels) =
      switch self {
      case .svg: ("svg size %d,%d font \"Helvetica,13\" background \"#ffffff\"", 1)
      case .png:
        (
          // A font that every Debian with fontconfig has; what "Helvetica" stands for differs between machines.
          "pngcairo size %d,%d font \"DejaVu Sans,13\" fontscale 1.8 linewidth 2 pointscale 2 "
            + "background \"#ffffff\"", 2
        )
      case .gif: ("gif animate \(animation ?? "") loop 0 size %d,%d font \"DejaVu Sans,10\"", 1)
      }
    return """
      picture = \(Gnuplot.quoted(path: path))
      resize(w, h) = sprintf(\(Gnuplot.quoted("unset output; set terminal \(terminal); set output picture")), \
      \(pixels) * w, \(pixels) * h)
      """
  }

  /// Whether the file is complete: gnuplot exits with 0 even when the disk is full.
  func isWhole(_ bytes: [UInt8]) -> Bool {
    switch self {
    case .svg: String(decoding: bytes.suffix(16), as: UTF8.self).contains("</svg>")
    case .png: bytes.count > 8 && Array(bytes.suffix(8).prefix(4)) == Array("IEND".utf8)
    case .gif: bytes.starts(with: Array("GIF89a".utf8)) && bytes.last == UInt8(ascii: ";")
    }
  }
}

/// How large a figure is, in pixels of the SVG.
struct FigureSize: Equatable {
  var width = 760
  var height = 460
  /// What gnuplot is told of how an animation runs: "delay 12", or "delay 12 optimize".
  var animation: String?

  init(script path: String) throws {
    let data = try Data(
      ofFile: path, otherwise: "this figure's script cannot be read",
      cure: "check its name and that it is there")
    let comments = String(decoding: data, as: UTF8.self).components(separatedBy: "\n").prefix {
      $0.hasPrefix("#")
    }
    for (index, line) in comments.enumerated() where line.hasPrefix("# animated") {
      let words = line.split(separator: " ").dropFirst(2)
      guard let delay = words.first.flatMap({ Int($0) }), delay > 0,
        ["", "changes"].contains(words.dropFirst().joined(separator: " "))
      else {
        throw FileError(
          path: "\(path):\(index + 1)", reason: "'\(line)' does not say how to animate",
          cure: "write it as '# animated 12' or '# animated 12 changes', in hundredths of a second")
      }
      animation = "delay \(delay)" + (words.count == 2 ? " optimize" : "")
    }
    for (index, line) in comments.enumerated() where line.hasPrefix("# size ") {
      let sides = line.dropFirst("# size ".count).split(separator: "x", omittingEmptySubsequences: false)
        .map { Int($0.trimmingCharacters(in: .whitespaces)) }
      guard sides.count == 2, let width = sides[0], let height = sides[1], min(width, height) > 0 else {
        throw FileError(
          path: "\(path):\(index + 1)", reason: "'\(line)' is not a size",
          cure: "write it as '# size 900x520'")
      }
      (self.width, self.height) = (width, height)
    }
  }
}
