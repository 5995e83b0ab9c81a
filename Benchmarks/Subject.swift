import Learning
import RecurrentAttention
import ReferenceNetworks
import Worlds

/// A network that is measured, at the size of image that it sees.
struct Subject: Sendable {
  /// "ram-28", "conv-60".
  let name: String
  let side: Int
  let network: any Network

  /// The paper's three sizes of image, with the retina and glimpses of each.
  static let attention = [
    attention(side: 28, Retina(patchSide: 8, scales: 1), glimpses: 6),
    attention(side: 60, Retina(patchSide: 12, scales: 3), glimpses: 6),
    attention(side: 100, Retina(patchSide: 12, scales: 4), glimpses: 8),
  ]

  static let references = [28, 60, 100].flatMap { side in
    [
      Subject(name: "conv-\(side)", side: side, network: Convolutional(filters: 8, units: 256)),
      Subject(name: "fc-64-\(side)", side: side, network: FullyConnected(units: 64)),
      Subject(name: "fc-256-\(side)", side: side, network: FullyConnected(units: 256)),
    ]
  }

  static let all = attention + references

  static func named(_ name: String) -> Subject? { all.first { $0.name == name } }

  /// With what the peers' scripts have where the model leaves a choice, so that both do the same arithmetic.
  private static func attention(side: Int, _ retina: Retina, glimpses: Int) -> Subject {
    var gaze = GaussianGaze(deviation: .constant(0.17), first: .uniform)
    (gaze.squashing, gaze.trainsCore) = (.clip, false)
    let objective = ClassificationObjective {
      ($0.reinforceWeight, $0.baselineTrainsCore) = (.constant(1), false)
    }
    return Subject(
      name: "ram-\(side)", side: side,
      network: RecurrentAttention(glimpses: glimpses, sensor: retina, gaze: gaze, objective: objective))
  }

  /// The network as a work has it: its credit is given by looking twice, or as it is.
  func network(of work: Work) -> any Network {
    guard work == .lookAhead, let plain = network as? RecurrentAttention else { return network }
    return plain.with { model in
      model.objective = ClassificationObjective {
        $0.reward = RightProbability()
        $0.baseline = ClassBaseline()
        $0.advantage = LookAhead(lambda: 0.5)
        ($0.reinforceWeight, $0.baselineTrainsCore) = (.constant(1), false)
      }
    }
  }

  var isAttention: Bool { network is RecurrentAttention }

  /// The scenes of the paper at this size: centered digits, else cluttered ones.
  func world() throws -> any World {
    let digits = try DigitImages.bundled()
    return side == DigitImages.side
      ? CenteredDigits(digits: digits)
      : try ClutteredDigits(side: side, pieces: side == 60 ? 4 : 8, digits: digits)
  }

  /// Bytes that an update reads and writes at least, of a network that sees all pixels: each weight's gradient is written
  /// and read, the weight and its velocity are read and written.
  var updateBytes: Double? {
    isAttention ? nil : 6 * 4 * Double(Arithmetic(of: network, side: side).weights)
  }

  func arithmetic(of work: Work) -> Double {
    let arithmetic = Arithmetic(of: network(of: work), side: side)
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
  /// The training step whose decisions are given credit by looking twice.
  case lookAhead = "look-ahead"
  /// The training step without that.
  case plainStep = "plain-step"
  /// Forward only.
  case forwardPass = "forward-pass"

  /// The group of works that it is compared in, named after the first of them.
  var part: Work {
    switch self {
    case .oneRun: .twoRuns
    case .plainStep, .forwardPass: .lookAhead
    default: self
    }
  }

  static let parts = allCases.filter { $0.part == $0 }
}
