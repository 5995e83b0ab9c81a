import Foundation
import Learning

/// A colour and a mark for each condition of a study, the same in all its figures. The marks tell conditions apart where
/// colours do not: in print, and for colour-blind readers.
///
/// Networks that differ only in numbers, such as the number of glimpses, share a hue; within one world they go from
/// light to dark. The largest such family has the first hue; the others have the next ones, in the study's order.
enum Palette {
  /// Light, middle, dark. The middle ones are Okabe and Ito's, which colour-blind readers can tell apart too.
  private static let hues: [[UInt32]] = [
    [0x74C7B0, 0x2A80BF, 0x1A2868], [0xA8A8A8, 0x7A7A7A, 0x444444], [0xF0985A, 0xD55E00, 0x7F3800],
    [0xEDBC4A, 0xE69F00, 0x8F6300], [0xE09CC6, 0xCC79A7, 0x7D3B60], [0x66C9AA, 0x009E73, 0x005840],
    [0xB98F63, 0x7A4B2A, 0x3C2413], [0x666666, 0x222222, 0x000000],
    [0x9AD3F0, 0x56B4E9, 0x1B6E9E], [0xB39DDB, 0x6A3D9A, 0x3A1C5E],
  ]

  /// By name: "#2a80bf".
  static func colours(of conditions: [Condition]) -> [String: String] {
    var families = conditions.grouped(by: \.network.configuration.form).map(\.elements)
    if let largest = families.indices.max(by: { (families[$0].count, $1) < (families[$1].count, $0) }) {
      families.insert(families.remove(at: largest), at: 0)
    }
    var colours: [String: String] = [:]
    for (turn, family) in families.enumerated() {
      for (_, group) in family.grouped(by: \.group) {
        for (index, condition) in group.enumerated() {
          let shade = group.count == 1 ? 0.5 : Double(index) / Double(group.count - 1)
          colours[condition.name] = colour(hues[turn % hues.count], shade)
        }
      }
    }
    return colours
  }

  /// Point types of gnuplot, by name: filled circle, square and triangles, then open ones and crosses. The diamond is the
  /// paper's.
  static func marks(of conditions: [Condition]) -> [String: Int] {
    let marks = [7, 5, 9, 11, 6, 4, 8, 10, 2, 1, 3, 15]
    return Dictionary(
      uniqueKeysWithValues: conditions.enumerated().map { ($1.name, marks[$0 % marks.count]) })
  }

  /// Between the two nearest of a hue's stops; 0 is the lightest, 1 the darkest.
  private static func colour(_ stops: [UInt32], _ shade: Double) -> String {
    let place = shade * Double(stops.count - 1)
    let first = min(Int(place), stops.count - 2)
    let digits = [16, 8, 0].map { (shift: UInt32) in
      let (from, to) = (Double(stops[first] >> shift & 255), Double(stops[first + 1] >> shift & 255))
      return String(format: "%02x", Int(from + (to - from) * (place - Double(first))))
    }
    return "#" + digits.joined()
  }
}

extension Configuration {
  /// The label without its numbers.
  fileprivate var form: String {
    let parts = fields.sorted { $0.key < $1.key }.compactMap { name, value in
      value.form.map { "\(name): \($0)" }
    }
    return "\(kind)(\(parts.joined(separator: ", ")))"
  }
}

extension Configuration.Value {
  fileprivate var form: String? {
    switch self {
    case .integer, .number: nil
    case .flag, .text: description
    case .list(let values): values.compactMap(\.form).joined(separator: " ")
    case .nested(let configuration): configuration.form
    }
  }
}
