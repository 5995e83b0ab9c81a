import Numerics

/// What a model would answer if it looked elsewhere: class probabilities after glimpse k at each of several places,
/// with the same earlier glimpses.
///
///     p(l) = softmax(Linear(f_h(h_{k-1}, f_g(ρ(x, l), l))))     [places, classes]
public struct ValueMap: Sendable {
  /// k, counted from 0.
  public let glimpse: Int
  public let places: [Place]
  /// Number of classes, all labels together.
  public let classCount: Int
  /// p, [places, classes]; one label's classes after the other's.
  public let probabilities: [Float]

  /// The probability of every class after looking at a place.
  public func probabilities(at place: Int) -> ArraySlice<Float> {
    probabilities[(place * classCount)..<((place + 1) * classCount)]
  }

  /// How probable a class becomes at every place.
  public func values(of label: Int) -> [Float] {
    require(0..<classCount ~= label, "there is no class \(label) among \(classCount)")
    return places.indices.map { probabilities[$0 * classCount + label] }
  }
}
