// What a contender answers: one line of JSON, the same from our own program and from a peer's script.

import Foundation
import StudyKit

/// Steps of one work within a fraction of a second.
struct Burst: Codable, Equatable, Sendable {
  var imagesPerSecond: Double
  /// Time of one step.
  var medianMs: Double
  var leastMs: Double
  var steps: Int

  enum CodingKeys: String, CodingKey {
    case imagesPerSecond = "images_per_second"
    case medianMs = "median_ms"
    case leastMs = "least_ms"
    case steps
  }

  /// - Parameter images: of one step.
  init(seconds: [Double], images: Int) {
    let median = seconds.median ?? .nan
    imagesPerSecond = Double(images) / median
    medianMs = 1e3 * median
    leastMs = 1e3 * (seconds.min() ?? .nan)
    steps = seconds.count
  }

  /// Does a step again and again, three times at least.
  init(seconds: Double, images: Int, step: () throws -> Void) rethrows {
    var times: [Double] = []
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var last = clock.now
    repeat {
      try step()
      let now = clock.now
      times.append((now - last).seconds)
      last = now
    } while last < end || times.count < 3
    self.init(seconds: times, images: images)
  }
}

/// Rates of products, by shape.
struct ProductRates: Codable, Equatable, Sendable {
  /// GFLOP/s of all cores together, in the order of `ProductShape.all`.
  var gigaflops: [Double]

  var best: Double { gigaflops.max() ?? .nan }
}

/// How fast memory is copied by all cores together, what is read and what is written counted.
struct CopyRate: Codable, Equatable, Sendable {
  var gigabytesPerSecond: Double
}

/// How long a number takes from one core to another.
struct Handover: Codable, Equatable, Sendable {
  var nanosecondsPerHandover: Double
}

/// A line that a contender said.
enum Answer: Equatable {
  case ready(version: String)
  case burst(Burst)
  case products(ProductRates)
  case copy(CopyRate)
  case handover(Handover)
  case failure(String)

  /// Nil for what is no answer: libraries print what they like.
  init?(line: String) {
    guard line.hasPrefix("{"), let data = line.data(using: .utf8),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return nil }
    let decoder = JSONDecoder()
    if let message = object["error"] as? String {
      self = .failure(message)
    } else if object["ready"] as? Bool == true {
      self = .ready(version: object["version"] as? String ?? "unknown")
    } else if let burst = try? decoder.decode(Burst.self, from: data), burst.imagesPerSecond > 0 {
      self = .burst(burst)
    } else if let rates = try? decoder.decode(ProductRates.self, from: data) {
      self = .products(rates)
    } else if let rate = try? decoder.decode(CopyRate.self, from: data) {
      self = .copy(rate)
    } else if let handover = try? decoder.decode(Handover.self, from: data) {
      self = .handover(handover)
    } else {
      return nil
    }
  }
}

extension Array where Element == Double {
  /// The middle one, or the mean of the two in the middle; nil of nothing.
  var median: Double? { quantile(0.5) }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
