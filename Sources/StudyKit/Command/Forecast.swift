/// How long several runs will take together, estimated from how long some of them take.
struct Forecast: Sendable {
  struct Run: Sendable {
    let name: String
    /// Relative to the others, in any unit.
    let cost: Double
    /// Nil while it waits.
    var progress: RunProgress?
    var isFinished = false
    var fields = ""
    var lastLine = -Double.infinity
  }

  /// In the order in which they start.
  private(set) var runs: [Run]
  private let jobs: Int
  private let beside: ProgressDisplay.Beside

  init(_ runs: [(run: String, cost: Double)], jobs: Int, beside: ProgressDisplay.Beside) {
    let costs = runs.map { max($0.cost, 1e-9) }
    // Scaled to the cost that `reproduce` expected of this study, so that the total over all studies stays the same.
    let scale = beside.own.map { $0 / costs.reduce(0, +) } ?? 1
    self.runs = zip(runs, costs).map { Run(name: $0.run, cost: max($1 * scale, 1e-9)) }
    self.jobs = max(jobs, 1)
    self.beside = beside
  }

  mutating func change(_ name: String, _ body: (inout Run) -> Void) {
    if !runs.contains(where: { $0.name == name }) { runs.append(Run(name: name, cost: 1)) }
    if let index = runs.firstIndex(where: { $0.name == name }) { body(&runs[index]) }
  }

  var active: [Run] { runs.filter { $0.progress != nil && !$0.isFinished } }

  /// The share of all work that is done, including that of other studies.
  var fraction: Double {
    let done = runs.reduce(beside.done) { $0 + $1.cost * ($1.isFinished ? 1 : $1.progress?.fraction ?? 0) }
    let total = runs.reduce(beside.done + beside.left) { $0 + $1.cost }
    return total > 0 ? done / total : 1
  }

  /// Seconds until the last run ends, if each job takes the next run as soon as it is free; nil before anything is measured.
  var secondsLeft: Double? {
    let measured = runs.filter { $0.progress?.secondsInAll != nil }
    guard !measured.isEmpty || beside.done > 0 else { return nil }
    // Waiting runs are assumed to miss their expected time by the same factor as the runs measured so far.
    let perCost =
      measured.reduce(beside.seconds * Double(jobs)) { $0 + ($1.progress?.secondsInAll ?? 0) }
      / measured.reduce(beside.done) { $0 + $1.cost }
    var free = active.map {
      $0.progress?.secondsLeft ?? $0.cost * perCost * (1 - ($0.progress?.fraction ?? 0))
    }
    free += Array(repeating: 0, count: max(0, jobs - free.count))
    for run in runs where run.progress == nil && !run.isFinished {
      let first = free.indices.min { free[$0] < free[$1] } ?? 0
      free[first] += run.cost * perCost
    }
    return (free.max() ?? 0) + beside.left * perCost / Double(jobs)
  }
}
