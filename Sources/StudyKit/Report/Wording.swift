/// "2,560", and from a million on "1.23 million".
func spokenCount(_ count: Int) -> String {
  if count >= 1_000_000 { return (Double(count) / 1e6).fixed(2) + " million" }
  let digits = Array(String(count))
  return digits.indices.map { index in
    (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digits[index])
  }.joined()
}

/// "a, b and c".
public func spokenList(_ words: [String]) -> String {
  guard let last = words.last else { return "" }
  return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
}
