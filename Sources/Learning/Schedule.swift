import Foundation
import Numerics

/// How a number, such as a learning rate or a deviation, changes over a training.
public enum Schedule: Sendable, Equatable {
  case constant(Float)
  /// In a straight line (section 4: "annealed to zero").
  case linear(from: Float, to: Float = 0)
  /// Along half a cosine wave (Loshchilov and Hutter 2017).
  case cosine(from: Float, to: Float)
  /// from × decay^epoch, not below `floor`.
  case exponential(from: Float, decayPerEpoch: Float, floor: Float)

  public func value(at progress: Progress) -> Float {
    let fraction = min(max(progress.fraction, 0), 1)
    switch self {
    case .constant(let value): return value
    case .linear(let start, let end): return start + (end - start) * fraction
    case .cosine(let start, let end):
      // cos(π p), as a part of a turn in [0, ½]
      return end + (start - end) * 0.5 * (1 + Elementary.sineAndCosine(turns: fraction / 2).cosine)
    case .exponential(let start, let decay, let floor):
      var value = start
      for _ in 0..<progress.epoch where value > floor { value *= decay }
      return max(value, floor)
    }
  }

  /// - Throws: `DefinitionError` when a value is negative or not a number.
  public func check(_ name: String) throws {
    let values =
      switch self {
      case .constant(let value): [value]
      case .linear(let start, let end), .cosine(let start, let end): [start, end]
      case .exponential(let start, let decay, let floor): [start, decay, floor]
      }
    if let wrong = values.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw DefinitionError(
        "the \(name)", wrong, "it must be a number of at least 0", cure: "give another schedule")
    }
  }

  /// - Throws: `DefinitionError` when a training step could meet a value of 0. A straight line may end there, because the
  ///   last step is just before its end; half a cosine wave is 0, in single precision, some steps earlier.
  public func checkAboveZero(_ name: String) throws {
    try check(name)
    let least =
      switch self {
      case .constant(let value), .linear(let value, _): value
      case .cosine(let start, let end): min(start, end)
      case .exponential(let start, _, let floor): min(start, floor)
      }
    guard least > 0 else {
      throw DefinitionError(
        "the \(name)", summary, "it must stay above 0 while training",
        cure: "choose 0.05 to 0.02, for example")
    }
  }

  /// In words, for reports: "0.001 to 1e-05 (cosine)".
  public var summary: String {
    // A product such as 0.15 × 0.8 has a last digit that nobody chose.
    func text(_ number: Float) -> String { String(format: "%g", Double(number)) }
    return switch self {
    case .constant(let value): text(value)
    case .linear(let start, let end): "\(text(start)) to \(text(end)) (linear)"
    case .cosine(let start, let end): "\(text(start)) to \(text(end)) (cosine)"
    case .exponential(let start, let decay, let floor):
      "\(text(start)) × \(text(decay)) an epoch, at least \(text(floor))"
    }
  }
}

extension Schedule: ConfigurationValue {
  public var configurationValue: Configuration.Value {
    switch self {
    case .constant(let value): value.configurationValue
    case .linear(let start, let end):
      Configuration("linear").with("from", start).with("to", end).configurationValue
    case .cosine(let start, let end):
      Configuration("cosine").with("from", start).with("to", end).configurationValue
    case .exponential(let start, let decay, let floor):
      Configuration("exponential").with("from", start).with("decay", decay).with("floor", floor)
        .configurationValue
    }
  }
}

extension Schedule: ReadableConfigurationValue {
  public init?(_ value: Configuration.Value) {
    if let constant = Float(value) {
      self = .constant(constant)
      return
    }
    guard let parts = Configuration(value) else { return nil }
    func part(_ name: String) -> Float? { try? parts.value(name) }
    switch (parts.kind, part("from"), part("to"), part("decay"), part("floor")) {
    case ("linear", let start?, let end?, nil, nil): self = .linear(from: start, to: end)
    case ("cosine", let start?, let end?, nil, nil): self = .cosine(from: start, to: end)
    case ("exponential", let start?, nil, let decay?, let floor?):
      self = .exponential(from: start, decayPerEpoch: decay, floor: floor)
    default: return nil
    }
  }
}
