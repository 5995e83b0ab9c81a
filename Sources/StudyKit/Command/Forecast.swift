/// How long several runs will take together, from how long some of them take.
struct Forecast: Sendable {
  private struct Entry: Sendable {
    let run: String
    let cost: Double
    var progress: RunProgress?
    var isFinished = false
  }

  private var entries: [Entry]
  private let jobs: Int
  private let beside: ProgressDisplay.Beside

  /// - Parameter runs: in the order in which they are begun, each with what it costs beside the others, in any unit.
  init(_ runs: [(run: String, cost: Double)], jobs: Int, beside: ProgressDisplay.Beside) {
    entries = runs.map { Entry(run: $0.run, cost: max($0.cost, 1e-9)) }
    self.jobs = max(jobs, 1)
    self.beside = beside
  }

  mutating func update(_ run: String, _ progress: RunProgress) {
    guard let index = entries.firstIndex(where: { $0.run == run }) else { return }
    entries[index].progress = progress
  }

  mutating func finish(_ run: String) {
    guard let index = entries.firstIndex(where: { $0.run == run }) else { return }
    entries[index].isFinished = true
  }

  /// Of all work, that of other studies included.
  var fraction: Double {
    let done = entries.reduce(beside.done) { $0 + $1.cost * ($1.isFinished ? 1 : $1.progress?.fraction ?? 0) }
    let total = entries.reduce(beside.done + beside.left) { $0 + $1.cost }
    return total > 0 ? done / total : 1
  }

  /// Until the last run ends, if each job takes the next run as soon as it is free; nil before anything is measured.
  var secondsLeft: Double? {
    let measured = entries.compactMap { entry in entry.progress?.secondsInAll.map { (cost: entry.cost, seconds: $0) } }
    guard !measured.isEmpty else { return entries.allSatisfy(\.isFinished) && beside.left == 0 ? 0 : nil }
    let perCost = measured.reduce(0) { $0 + $1.seconds } / measured.reduce(0) { $0 + $1.cost }
    var free = entries.filter { !$0.isFinished }.compactMap { entry in
      entry.progress.map { $0.secondsLeft ?? entry.cost * perCost * (1 - $0.fraction) }
    }
    free += Array(repeating: 0, count: max(0, jobs - free.count))
    for entry in entries where !entry.isFinished && entry.progress == nil {
      let first = free.indices.min { free[$0] < free[$1] } ?? 0
      free[first] += entry.cost * perCost
    }
    return (free.max() ?? 0) + beside.left * perCost / Double(jobs)
  }
}
