// The run: one station after the other, and in every round of a station one contender after the other.

import Foundation
import Learning
import StudyKit

/// How a station is measured.
struct BurstSchedule: Sendable {
  var rounds: Int
  /// The time of a burst; one of evaluation is shorter.
  var burstSeconds: Double

  func seconds(of work: Work) -> Double { work == .evaluation ? 0.6 * burstSeconds : burstSeconds }
  /// The time of one round's products, over all shapes.
  var productSeconds: Double { 0.6 * burstSeconds }
}

/// Starts the contenders, asks them in turn, and keeps what they answer.
final class Runner {
  private let schedule: BurstSchedule
  private let peers: Peers?
  private let ownExecutable: String
  /// Another build of this program, to compare with.
  private let otherExecutable: String?
  private let comparesBFloat16: Bool
  private let report: (String) -> Void

  private(set) var measurements: [Measurement] = []
  private(set) var products: [(threads: Int, rates: ProductRates)] = []
  private(set) var profiles: [StepProfile] = []
  private(set) var versions: [String: String] = [:]
  private(set) var remarks: [String] = []
  private var limits: [Int: Contender] = [:]
  private var nearness = Nearness()
  private static let patience = Duration.seconds(60)  // ours: cores stayed apart for up to a minute

  init(
    schedule: BurstSchedule, peers: Peers?, ownExecutable: String, otherExecutable: String?,
    comparesBFloat16: Bool, report: @escaping (String) -> Void
  ) {
    self.schedule = schedule
    self.peers = peers
    self.ownExecutable = ownExecutable
    self.otherExecutable = otherExecutable
    self.comparesBFloat16 = comparesBFloat16
    self.report = report
  }

  func run(_ stations: [Station]) throws {
    for threads in Set(stations.map(\.threads)).sorted() {
      let limit = try Contender(
        ContenderCommand(
          name: Measurement.limit, executable: ownExecutable,
          arguments: ["serve", "--products", "--threads", "\(threads)"]))
      try limit.waitUntilReady(seconds: 60)
      limits[threads] = limit
    }
    let start = ContinuousClock.now
    for (index, station) in stations.enumerated() {
      try measure(station)
      let left =
        (ContinuousClock.now - start).seconds / Double(index + 1) * Double(stations.count - index - 1)
      report(
        "\(station.title): \(index + 1) of \(stations.count)"
          + (left > 0 ? ", about \(durationText(seconds: left)) left" : ""))
    }
    for limit in limits.values { limit.close() }
    limits = [:]
  }

  // MARK: - One station

  private func measure(_ station: Station) throws {
    var contenders = try start(station)
    defer { contenders.forEach { $0.close() } }
    let asked = station.ownWorks
    for round in 0..<(station.works.isEmpty ? 0 : schedule.rounds) {
      try measureLimits(station, round: round)
      for work in asked {
        try awaitNearCores(station)
        // The order rotates, so that no contender always follows the same one.
        let start = round % max(contenders.count, 1)
        for contender in contenders[start...] + contenders[..<start] where Self.offers(contender, work) {
          do {
            let burst = try contender.burst(of: work, seconds: schedule.seconds(of: work))
            record(burst, of: work, by: contender.name, in: station, round: round)
          } catch let error as ContenderError where contender.name != Measurement.ours {
            remarks.append("\(station.title): \(error)")
            contender.close()
            contenders.removeAll { $0 === contender }
          }
        }
      }
    }
    for contender in contenders where contender.idleShare > 0.02 {
      remarks.append(
        "\(station.title): \(contender.name) used \(Int(100 * contender.idleShare)) % of a core while others were "
          + "measured")
    }
    if station.isProfiled, let ours = contenders.first(where: { $0.name == Measurement.ours }) {
      do {
        profiles.append(try StepProfile(of: ours, station: station, seconds: 3 * schedule.burstSeconds))
      } catch let error as ContenderError {
        remarks.append("\(station.title): \(error)")
      }
    }
  }

  /// Starts all at once, so that their compilers share the cores. A contender that does not start is left out.
  private func start(_ station: Station) throws -> [Contender] {
    let works = (station.ownWorks + (station.isProfiled ? [.endToEnd] : [])).map(\.rawValue)
    let own = [
      "serve", "--network", station.subject.name, "--batch", "\(station.batch)", "--threads",
      "\(station.threads)", "--works", Set(works).sorted().joined(separator: ","),
    ]
    var commands = [ContenderCommand(name: Measurement.ours, executable: ownExecutable, arguments: own)]
    if let otherExecutable {
      commands.append(ContenderCommand(name: Self.other, executable: otherExecutable, arguments: own))
    }
    if comparesBFloat16 {
      commands.append(
        ContenderCommand(name: Self.rounded, executable: ownExecutable, arguments: own + ["--bfloat16"]))
    }
    commands +=
      peers?.commands(
        for: station.subject, batch: station.batch, threads: station.threads, works: station.works) ?? []
    let started = try commands.map { try Contender($0) }
    return try started.filter { contender in
      do {
        try contender.waitUntilReady()
        versions[contender.name] = contender.version
        return true
      } catch let error as ContenderError where contender.name == Self.other {
        throw FileError(
          path: otherExecutable ?? "", reason: "does not answer as a build of this program (\(error))",
          cure: "name another build of 'benchmark' with --against")
      } catch let error as ContenderError where contender.name != Measurement.ours {
        remarks.append("\(station.title): \(error)")
        contender.close()
        return false
      }
    }
  }

  static let other = "other-build"
  static let rounded = "ours-bfloat16"

  /// The other works are a matter of our own.
  private static func offers(_ contender: Contender, _ work: Work) -> Bool {
    work == .training || work == .evaluation || [Measurement.ours, other, rounded].contains(contender.name)
  }

  /// Waits while the cores of a virtual machine are far apart, but not longer than a minute.
  private func awaitNearCores(_ station: Station) throws {
    guard station.threads > 1, let limit = limits[station.threads] else { return }
    let start = ContinuousClock.now
    var handover = try limit.handover()
    while nearness.isFar(handover) {
      guard ContinuousClock.now - start < Self.patience else {
        let time = Int(handover.nanosecondsPerHandover)
        return remarks.append(
          "\(station.title): the cores are far apart, a number takes \(time) ns from one to the other")
      }
      usleep(500_000)
      handover = try limit.handover()
    }
  }

  private func measureLimits(_ station: Station, round: Int) throws {
    guard let limit = limits[station.threads] else { return }
    let rates = try limit.products(seconds: schedule.productSeconds)
    products.append((station.threads, rates))
    for work in station.works {
      measurements.append(
        Measurement(
          cell: cell(work, station), contender: Measurement.limit, round: round,
          imagesPerSecond: rates.best * 1e9 / station.subject.arithmetic(of: work)))
    }
    guard let bytes = station.subject.updateBytes, station.works.contains(.training) else { return }
    let copy = try limit.copy(seconds: 0.5 * schedule.productSeconds)
    let updating = copy.gigabytesPerSecond * 1e9 * Double(station.batch) / bytes
    let multiplying = rates.best * 1e9 / station.subject.arithmetic(of: .training)
    for (name, rate) in [
      (Measurement.updateLimit, updating),
      (Measurement.bothLimits, Measurement.rate(of: multiplying, then: updating)),
    ] {
      measurements.append(
        Measurement(cell: cell(.training, station), contender: name, round: round, imagesPerSecond: rate))
    }
  }

  private func record(_ burst: Burst, of work: Work, by contender: String, in station: Station, round: Int) {
    // One run is what two runs are compared with.
    let name =
      work == work.part
      ? contender : contender == Measurement.ours ? work.rawValue : contender + " " + work.rawValue
    measurements.append(
      Measurement(
        cell: cell(work.part, station), contender: name, round: round,
        imagesPerSecond: burst.imagesPerSecond, medianMs: burst.medianMs, leastMs: burst.leastMs,
        steps: burst.steps))
  }

  private func cell(_ work: Work, _ station: Station) -> Cell {
    Cell(network: station.subject.name, work: work, batch: station.batch, threads: station.threads)
  }
}
