/// Which part of the digits a scene is made from. Choices are made on validation; test is read once, at the
/// end of a run.
public enum Split: UInt32, Sendable, CaseIterable {
  case training, validation, test
}

/// A classification task whose images are drawn on the fly, each a function of its key alone.
public protocol SceneTask: Sendable {
  /// Width and height of a scene, pixels.
  var side: Int { get }
  var classCount: Int { get }
  /// What is drawn, in a few words: "cluttered digits, 60x60, 4 pieces".
  var summary: String { get }

  /// How many digits the split has; scene `index` uses the digit `index % count` of pass `index / count`.
  func count(of split: Split) -> Int

  /// Draws scene `index` of a split into `pixels` [side, side] and returns its label.
  ///
  /// Training scenes depend on `seed` and run on without end: each pass over the digits has its own order and
  /// places. Validation and test scenes are the same for every seed; pass p places every digit for the p-th
  /// time.
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: UnsafeMutablePointer<UInt8>) -> UInt8
}
