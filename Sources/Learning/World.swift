/// A part of a world's examples. Choices are made on validation; the test is read once, at the end of a run.
public enum Split: UInt32, Sendable, CaseIterable {
  case training, validation, test

  /// The seed of validation and test examples, whatever the seed of the run.
  public static let fixedSeed: UInt64 = 14_066_247  // ours: any constant; the paper's arXiv number
}

/// What a model looks at: square grey frames, their labels, and what happens when the model acts.
///
/// A picture is a world whose frame never changes (`StillWorld`); a game is one whose frame changes with every action.
/// A world knows nothing about networks, and a network nothing about digits or balls.
public protocol World: Sendable {
  /// The state beside the frame: nothing for a picture, the state of a game.
  associatedtype Episode: Sendable

  /// Width and height of a frame, pixels.
  var side: Int { get }
  /// How many classes each label of an example has: [10] for a digit, [10, 10] for two, empty where there is nothing to
  /// name.
  var classCounts: [Int] { get }
  /// How the model can act; nil for a picture.
  var play: Play? { get }
  /// In a few words: "cluttered digits, 60x60, 4 pieces".
  var summary: String { get }
  /// What the examples are made of, including checksums of data: part of what identifies a run.
  var configuration: Configuration { get }

  /// How many different examples the split has; later ones are made again of the same material.
  func count(of split: Split) -> Int
  /// Whether later examples still differ, as scenes do that are drawn at random; false where they are the same again.
  var isEndless: Bool { get }

  /// Begins example `index` of a split: draws its first frame, and sets its labels, one for each of `classCounts`.
  ///
  /// Training examples depend on the run's seed, and there is no end to them. Validation and test examples are the same
  /// for every run.
  ///
  /// - Parameters:
  ///   - seed: of the run in training, and otherwise `Split.fixedSeed`.
  ///   - pixels: [side, side], row by row, black 0, white 255; it still contains another example.
  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Episode

  /// Acts, and draws the frame that follows. Returns the reward.
  func act(_ action: Int, in episode: inout Episode, pixels: inout MutableSpan<UInt8>) -> Float
}

/// How a model acts in a world.
public struct Play: Sendable, Equatable {
  /// The number of actions to choose from.
  public let actions: Int
  /// The number of actions in an episode. It is fixed, so that episodes side by side end together.
  public let decisions: Int

  public init(actions: Int, decisions: Int) {
    self.actions = actions
    self.decisions = decisions
  }
}

/// A world whose frame never changes: one picture with one label.
public protocol StillWorld: World where Episode == Still {
  /// Number of classes of its one label, 2 to 256.
  var classCount: Int { get }

  /// Draws scene `index` of a split, [side, side], and returns its label.
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8
}

/// The episode of a picture: nothing happens in it.
public struct Still: Sendable {
  public init() {}
}

public enum WorldLimits {
  /// Ours: ten times the widest frame of any study. The sum of so many white pixels still fits into 32 bits.
  public static let mostSide = 4096
}

extension World {
  public var isEndless: Bool { false }

  /// - Throws: `DefinitionError` when no network could look at it.
  public func check() throws {
    guard (1...WorldLimits.mostSide).contains(side) else {
      throw DefinitionError(
        "the side of \(summary)", side, "frames are 1 to \(WorldLimits.mostSide) pixels wide",
        cure: "correct the world")
    }
    for split in Split.allCases where count(of: split) < 1 {
      throw DefinitionError(
        "the number of \(split) examples of \(summary)", count(of: split), "it must be at least 1",
        cure: "correct the world")
    }
    if let wrong = classCounts.first(where: { !(2...256).contains($0) }) {
      throw DefinitionError(
        "the number of classes of \(summary)", wrong, "a label has 2 to 256 classes",
        cure: "correct the world")
    }
    if let actions = play?.actions, !(2...256).contains(actions) {
      throw DefinitionError(
        "the number of actions of \(summary)", actions, "it must be 2 to 256", cure: "correct the world")
    }
  }
}

extension World where Episode == Still {
  public var play: Play? { nil }
  public func act(_ action: Int, in episode: inout Still, pixels: inout MutableSpan<UInt8>) -> Float { 0 }
}

extension StillWorld {
  public var classCounts: [Int] { [classCount] }

  public func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Still {
    labels[0] = draw(split, index: index, seed: seed, into: &pixels)
    return Still()
  }
}
