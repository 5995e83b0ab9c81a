// Every burst of a run, and the ratios between bursts of one round.

/// What is compared: a network, a work, a batch size, and the number of threads.
struct Cell: Hashable, Sendable {
  var network: String
  var work: Work
  var batch: Int
  var threads: Int
}

/// One contender's burst in one round of a cell. The limits are contenders too.
struct Measurement: Sendable {
  static let limit = "limit"
  /// What the memory alone would allow an update.
  static let updateLimit = "update-limit"
  /// What both allow one after the other: the update waits for the norm of the whole gradient.
  static let bothLimits = "both-limits"
  static let limits = [limit, updateLimit, bothLimits]
  static let ours = "ours"

  /// The rate of two works that wait for each other.
  static func rate(of first: Double, then second: Double) -> Double { 1 / (1 / first + 1 / second) }

  var cell: Cell
  var contender: String
  var round: Int
  var imagesPerSecond: Double
  /// The median time of one step; the limit has none.
  var medianMs: Double?
  var leastMs: Double?
  var steps: Int?
}

/// The middle of some rounds, with the least and the most.
struct Spread: Equatable, Sendable {
  let median: Double
  let least: Double
  let most: Double

  /// Nil of nothing.
  init?(_ values: [Double]) {
    guard let median = values.median, let least = values.min(), let most = values.max() else { return nil }
    (self.median, self.least, self.most) = (median, least, most)
  }
}

extension Array where Element == Measurement {
  /// Cells in the order in which they were measured.
  var cells: [Cell] {
    var seen: Set<Cell> = []
    return map(\.cell).filter { seen.insert($0).inserted }
  }

  func contenders(of cell: Cell) -> [String] {
    var seen: Set<String> = []
    return filter { $0.cell == cell }.map(\.contender).filter { seen.insert($0).inserted }
  }

  func imagesPerSecond(_ contender: String, in cell: Cell) -> Spread? {
    Spread(filter { $0.cell == cell && $0.contender == contender }.map(\.imagesPerSecond))
  }

  /// One contender's rate over another's, round by round: the machine's speed may change between rounds, but hardly
  /// within one.
  func ratio(of contender: String, to other: String, in cell: Cell) -> Spread? {
    func rates(_ name: String) -> [Int: Double] {
      Dictionary(
        filter { $0.cell == cell && $0.contender == name }.map { ($0.round, $0.imagesPerSecond) },
        uniquingKeysWith: { $1 })
    }
    let (above, below) = (rates(contender), rates(other))
    return Spread(
      above.keys.sorted().compactMap { round in below[round].map { above[round, default: 0] / $0 } })
  }

  /// The peer with the highest median rate, if there is any.
  func bestPeer(in cell: Cell, among peers: [String]) -> String? {
    peers.filter { imagesPerSecond($0, in: cell) != nil }.max {
      (imagesPerSecond($0, in: cell)?.median ?? 0) < (imagesPerSecond($1, in: cell)?.median ?? 0)
    }
  }
}
