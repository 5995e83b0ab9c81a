import Numerics

/// A few examples of a world side by side: their frames, their labels, and the rewards of acting on them.
public final class Stage {
  public let world: any World
  /// Width and height of a frame, pixels.
  public let side: Int
  private let classCounts: [Int]
  /// The number of examples that fit.
  public let capacity: Int
  /// Examples that have been begun, at most `capacity`.
  public private(set) var count = 0
  /// Which ones: example i is number `first` + i of a split, drawn with a seed.
  public private(set) var origin = (split: Split.training, first: 0, seed: UInt64(0))
  /// [capacity, side, side], in bytes, which take a quarter of the cache that floats would.
  public let frames: UnsafeMutablePointer<UInt8>
  /// [capacity, labels of an example].
  public let labels: UnsafeMutablePointer<UInt8>
  /// The sum of rewards of every example so far, [capacity].
  public let returns: UnsafeMutablePointer<Float>

  private let episodes: any EpisodeStore
  private let arena = Arena()

  public init(_ world: any World, capacity: Int) {
    require(capacity > 0, "a stage has room for at least one example, not \(capacity)")
    self.world = world
    self.capacity = capacity
    side = world.side
    classCounts = world.classCounts
    frames = arena.take(count: capacity * side * side)
    labels = arena.take(count: max(capacity * classCounts.count, 1))
    returns = arena.take(count: capacity)
    episodes = Stage.store(world, capacity)
  }

  private static func store<W: World>(_ world: W, _ capacity: Int) -> any EpisodeStore {
    Episodes(of: world, capacity: capacity)
  }

  /// The frame of one example, [side, side].
  public func frame(_ example: Int) -> UnsafeMutablePointer<UInt8> {
    require(0..<capacity ~= example, "there is no frame \(example) on a stage for \(capacity)")
    return frames + example * side * side
  }

  /// Whether examples have labels.
  public var hasLabels: Bool { !classCounts.isEmpty }

  /// The state of one example beside its frame: the world's `Episode`, for figures.
  public func episode(_ example: Int) -> (any Sendable)? { episodes.episode(example) }

  /// One label of an example.
  public func label(_ example: Int, _ question: Int = 0) -> Int {
    require(
      0..<capacity ~= example && 0..<classCounts.count ~= question,
      "label \(question) of example \(example): there are \(classCounts.count) labels and \(capacity) examples"
    )
    return Int(labels[example * classCounts.count + question])
  }

  /// Begins examples `first` and on.
  ///
  /// - Parameter seed: of the run, for training examples; the others are drawn with `Split.fixedSeed`.
  /// - Throws: `WorldError` when the world gives a label that is not one of its classes.
  public func begin(_ split: Split, first: Int, count: Int, seed: UInt64) throws {
    require(count <= capacity, "\(count) examples on a stage for \(capacity)")
    self.count = count
    // So that validation and test examples cannot differ between runs.
    origin = (split, first, split == .training ? seed : Split.fixedSeed)
    returns.update(repeating: 0, count: capacity)
    // A label that the world forgets to give is none of its classes, and rows without an example have a harmless one.
    labels.update(repeating: .max, count: count * classCounts.count)
    (labels + count * classCounts.count).update(repeating: 0, count: (capacity - count) * classCounts.count)
    episodes.begin(on: self)
    for example in 0..<count {
      for (question, classes) in classCounts.enumerated() where label(example, question) >= classes {
        throw WorldError(
          world: world.summary, split: split, index: first + example, label: label(example, question),
          classes: classes)
      }
    }
  }

  /// Acts in every example, and draws the frames that follow.
  ///
  /// - Parameter actions: [count].
  public func act(_ actions: UnsafePointer<UInt8>) {
    for example in 0..<count {
      returns[example] += episodes.act(example, Int(actions[example]), pixels: pixels(example))
    }
  }

  fileprivate func pixels(_ example: Int) -> UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(start: frame(example), count: side * side)
  }

  fileprivate func labels(_ example: Int) -> UnsafeMutableBufferPointer<UInt8> {
    let questions = classCounts.count
    return UnsafeMutableBufferPointer(start: labels + example * questions, count: questions)
  }
}

/// The episodes of a stage, whatever their type.
private protocol EpisodeStore: AnyObject {
  func episode(_ example: Int) -> (any Sendable)?
  /// Begins all examples of a stage.
  func begin(on stage: Stage)
  func act(_ example: Int, _ action: Int, pixels: UnsafeMutableBufferPointer<UInt8>) -> Float
}

private final class Episodes<W: World>: EpisodeStore {
  private let world: W
  private var episodes: [W.Episode?]

  init(of world: W, capacity: Int) {
    self.world = world
    episodes = Array(repeating: nil, count: capacity)
  }

  func episode(_ example: Int) -> (any Sendable)? { episodes[example] }

  func begin(on stage: Stage) {
    let origin = stage.origin
    // One access for all examples: with one for each, evaluating the smallest network took 7 % longer (measured).
    episodes.withUnsafeMutableBufferPointer { episodes in
      for example in 0..<stage.count {
        var pixels = stage.pixels(example).mutableSpan
        var labels = stage.labels(example).mutableSpan
        episodes[example] = world.begin(
          origin.split, index: origin.first + example, seed: origin.seed, pixels: &pixels, labels: &labels)
      }
    }
  }

  func act(_ example: Int, _ action: Int, pixels: UnsafeMutableBufferPointer<UInt8>) -> Float {
    guard episodes[example] != nil else { return 0 }
    var pixels = pixels.mutableSpan
    return world.act(action, in: &episodes[example]!, pixels: &pixels)
  }
}

/// A world gave an example a label that is not one of its classes.
public struct WorldError: Error, CustomStringConvertible, Equatable {
  public let world: String
  public let split: Split
  public let index: Int
  public let label: Int
  public let classes: Int

  public var description: String {
    "\(world): \(split) example \(index) has the label \(label), and the world says that labels are in 0..<\(classes); "
      + "correct its label or its number of classes."
  }
}
