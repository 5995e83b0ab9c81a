/// A span of time in words: "45 s", "3 min 20 s", "2 h 5 min", "1 d 3 h".
public func durationText(seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown" }
  let whole = Int(seconds.rounded())
  switch whole {
  case ..<60: return "\(whole) s"
  case ..<3_600: return "\(whole / 60) min \(whole % 60) s"
  case ..<86_400: return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
  default: return "\(whole / 86_400) d \(whole % 86_400 / 3_600) h"
  }
}
