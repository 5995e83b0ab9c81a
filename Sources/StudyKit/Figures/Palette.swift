import Learning

/// A colour for each condition of a study, the same in all its figures.
///
/// Networks that differ in numbers alone, such as the count of glimpses, share a hue, from light to dark. The largest
/// such family has the first hue, the others have the next ones in the study's order.
enum Palette {
  /// Light, middle, dark. The middle ones are Okabe and Ito's, which all eyes tell apart.
  private static let hues: [[UInt32]] = [
    [0xA5D9B5, 0x2A80BF, 0x1A2868], [0xB4B4B4, 0x7A7A7A, 0x4A4A4A], [0xF5A978, 0xD55E00, 0x7F3800],
    [0xF3CF7A, 0xE69F00, 0x8F6300], [0xE8B6D3, 0xCC79A7, 0x7D3B60], [0x8FD6BD, 0x009E73, 0x005840],
    [0xD9C3A5, 0x7A4B2A, 0x3C2413], [0x555555, 0x222222, 0x000000],
  ]

  /// By name: "#2a80bf".
  static func colours(of conditions: [Condition]) -> [String: String] {
    var families: [(form: String, names: [String])] = []
    for condition in conditions {
      let form = condition.network.configuration.form
      guard let index = families.firstIndex(where: { $0.form == form }) else {
        families.append((form, [condition.name]))
        continue
      }
      families[index].names.append(condition.name)
    }
    let most = families.map(\.names.count).max() ?? 0
    if let largest = families.firstIndex(where: { $0.names.count == most }) {
      families.insert(families.remove(at: largest), at: 0)
    }
    var colours: [String: String] = [:]
    for (turn, family) in families.enumerated() {
      for (index, name) in family.names.enumerated() {
        let shade = family.names.count == 1 ? 0.5 : Double(index) / Double(family.names.count - 1)
        colours[name] = colour(hues[turn % hues.count], shade)
      }
    }
    return colours
  }

  /// Between the two nearest of a hue's stops; 0 is the lightest, 1 the darkest.
  private static func colour(_ stops: [UInt32], _ shade: Double) -> String {
    let place = shade * Double(stops.count - 1)
    let first = min(Int(place), stops.count - 2)
    let digits = [16, 8, 0].map { (shift: UInt32) in
      let (from, to) = (Double(stops[first] >> shift & 255), Double(stops[first + 1] >> shift & 255))
      let value = String(Int(from + (to - from) * (place - Double(first))), radix: 16)
      return value.count == 1 ? "0" + value : value
    }
    return "#" + digits.joined()
  }
}

extension Configuration {
  /// What it is, its numbers left out.
  fileprivate var form: String {
    let parts = fields.sorted { $0.key < $1.key }.compactMap { name, value in value.form.map { "\(name): \($0)" } }
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
