// The contenders that are measured together: of one network, batch size and number of threads.

/// Processes that live at the same time, and the works that each is asked for in turn.
struct Station: Sendable {
  var subject: Subject
  var batch: Int
  var threads: Int
  var works: [Work]
  var isProfiled: Bool

  var title: String { "\(subject.name), batch \(batch), \(threads) thread\(threads == 1 ? "" : "s")" }

  /// Works of our own side: two runs are compared with one, a look-ahead with a step that has none.
  var ownWorks: [Work] { Work.allCases.filter { works.contains($0.part) } }

  static let batches = [20, 128, 512]  // 20 is the paper's
  static let threadCounts = [1, 2]
  static let profile = "profile"

  /// - Parameters:
  ///   - words: names of networks and of parts; of each kind one is enough, none means all.
  static func chosen(words: [String], batches: [Int], threads: [Int]) -> [Station] {
    let names = words.filter { Subject.named($0) != nil }
    let parts = words.filter { Subject.named($0) == nil }
    func isChosen(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }
    var stations: [Station] = []
    for subject in Subject.all where names.isEmpty || names.contains(subject.name) {
      for count in threads {
        for batch in batches {
          let works = Work.parts.filter { work in
            guard isChosen(work.rawValue) else { return false }
            // The reference networks are there for the comparison with peers.
            if !subject.isAttention { return work == .training || work == .evaluation }
            return work != .twoRuns || count == 2
          }
          let isProfiled = isChosen(profile) && subject.isAttention
          if works.isEmpty && !isProfiled { continue }
          stations.append(
            Station(subject: subject, batch: batch, threads: count, works: works, isProfiled: isProfiled))
        }
      }
    }
    return stations
  }

  static var words: [String] { Subject.all.map(\.name) + Work.parts.map(\.rawValue) + [profile] }
}
