import Foundation

/// "2,560", and from a million on "1.23 million".
func spokenCount(_ count: Int) -> String {
  count >= 1_000_000
    ? (Double(count) / 1e6).fixed(2) + " million"
    : count.formatted(.number.locale(Locale(identifier: "en_US")))
}

/// "a, b and c".
public func spokenList(_ words: [String]) -> String {
  guard let last = words.last else { return "" }
  return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
}
