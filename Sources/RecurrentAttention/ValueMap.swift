import Numerics

/// What a model would answer if it looked elsewhere: class probabilities after glimpse k at each of several locations,
/// with the same earlier glimpses.
///
///     p(l) = softmax(Linear(f_h(h_{k-1}, f_g(ρ(x, l), l))))     [locations, classes]
public struct ValueMap: Sendable {
  /// k, counted from 0.
  public let glimpse: Int
  public let locations: [Location]
  /// Number of classes, all labels together.
  public let classCount: Int
  /// p, [locations, classes]; one label's classes after the other's.
  public let probabilities: [Float]

  /// The probability of every class after looking at a location.
  public func probabilities(at location: Int) -> ArraySlice<Float> {
    probabilities[(location * classCount)..<((location + 1) * classCount)]
  }

  /// How probable a class becomes at every location.
  public func values(of label: Int) -> [Float] {
    require(0..<classCount ~= label, "there is no class \(label) among \(classCount)")
    return locations.indices.map { probabilities[$0 * classCount + label] }
  }
}
