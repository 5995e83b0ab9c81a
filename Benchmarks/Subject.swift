import Foundation
import RecurrentAttention
import StudyKit
import VisualTasks

/// A network that is measured, at the size of image that it sees.
struct Subject: Sendable, Equatable {
  /// "ram-28", "conv-60".
  let name: String
  let side: Int
  let network: Network

  /// The paper's three sizes of image, with the retina and glimpses of each.
  static let attention = [
    attention(side: 28, patchSide: 8, scales: 1, glimpses: 6),
    attention(side: 60, patchSide: 12, scales: 3, glimpses: 6),
    attention(side: 100, patchSide: 12, scales: 4, glimpses: 8),
  ]

  static let references = [28, 60, 100].flatMap { side in
    [
      Subject(name: "conv-\(side)", side: side, network: .convolutional(filters: 8, units: 256)),
      Subject(name: "fc-256-\(side)", side: side, network: .fullyConnected(units: 256)),
    ]
  }

  static let all = attention + references

  static func named(_ name: String) -> Subject? { all.first { $0.name == name } }

  /// With what the peers' scripts have where the model leaves a choice, so that both do the same arithmetic.
  private static func attention(side: Int, patchSide: Int, scales: Int, glimpses: Int) -> Subject {
    Subject(
      name: "ram-\(side)", side: side,
      network: .ram(glimpses: glimpses, patchSide: patchSide, scales: scales) {
        $0.firstGlimpse = .uniform
        $0.squashing = .clip
        $0.headGradient = .headsOnly
        $0.reinforceWeight = 1
      })
  }

  var isAttention: Bool { if case .attention = network { true } else { false } }

  /// The scenes of the paper at this size: centered digits, else cluttered ones.
  func scenes() throws -> any SceneTask {
    let digits = try DigitImages.bundled()
    return side == DigitImages.side
      ? CenteredDigits(digits: digits)
      : try ClutteredDigits(side: side, pieces: side == 60 ? 4 : 8, digits: digits)
  }

  func arithmetic(of work: Work) -> Double {
    let arithmetic = Arithmetic(of: network, side: side)
    return work == .evaluation ? arithmetic.evaluation : arithmetic.training
  }
}

/// What is done with a network, again and again.
enum Work: String, CaseIterable, Sendable, Codable {
  /// The training step alone: batches are in memory.
  case training
  /// Training with the making of its scenes.
  case endToEnd = "end-to-end"
  /// Forward only, looking at the mean of the policy; batches are in memory.
  case evaluation
  /// Two trainings at once, one thread each: images of both together.
  case twoRuns = "two-runs"
  /// One of them alone.
  case oneRun = "one-run"

  /// What is compared in one part of the run; the part bears the name of the first.
  static let parts: [Work] = [.training, .endToEnd, .evaluation, .twoRuns]
}
