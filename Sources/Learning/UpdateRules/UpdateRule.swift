import Numerics

/// How a gradient becomes a step: SGD with momentum, Adam, or one of your own.
///
/// A rule sees the parameters as one long row of numbers. Its moments are rows of the same length, which start at zero
/// and are part of every checkpoint.
public protocol UpdateRule: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }
  /// In a few words, for reports: "SGD with momentum 0.9".
  var summary: String { get }
  /// The names of its moments: ["velocity"].
  var moments: [String] { get }

  /// - Throws: `DefinitionError` when a setting is impossible.
  func check() throws
  /// Changes some of the weights. Which ones come together is arbitrary, so each must depend only on its own numbers.
  func update(_ slice: UpdateSlice)
}

extension UpdateRule {
  public func check() throws {}
}

/// Some of the weights, with their gradients and moments.
public struct UpdateSlice {
  public let count: Int
  public let weights: UnsafeMutablePointer<Float>
  /// Before clipping; the rule uses `scale` times this.
  public let gradients: UnsafeMutablePointer<Float>
  let moments: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  let offset: Int
  /// The factor by which clipping shortens the gradient.
  public let scale: Float
  /// The learning rate.
  public let rate: Float
  /// How many updates there have been, this one included.
  public let updates: Int

  /// One of the rule's moments, [count].
  public func moment(_ index: Int) -> UnsafeMutablePointer<Float> {
    require(moments.indices ~= index, "moment \(index) of an update rule that declares \(moments.count)")
    return moments[index] + offset
  }
}
