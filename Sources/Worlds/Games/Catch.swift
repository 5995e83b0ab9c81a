import Learning

/// Catch, section 4.2, as a world: an example is one game without a label, and its reward is 1 for a caught
/// ball.
public struct Catch: World {
  public var side: Int { CatchGame.side }
  public var classCounts: [Int] { [] }
  public var play: Play? {
    Play(actions: CatchGame.Action.allCases.count, decisions: CatchGame.actionCount)
  }
  public var summary: String { "Catch, \(side)x\(side)" }
  public var configuration: Configuration { Configuration("catch") }

  public init() {}

  /// One for each random stream, more than anybody plays.
  public func count(of split: Split) -> Int { Int(UInt32.max) }

  public func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> CatchGame {
    let game =
      split == .training
      ? CatchGame(seed: seed, game: index)
      : CatchGame(seed: Split.fixedSeed, game: Int(split.rawValue) << 32 + index)
    withFrame(&pixels, game.draw)
    return game
  }

  public func act(_ action: Int, in game: inout CatchGame, pixels: inout MutableSpan<UInt8>) -> Float {
    guard let action = CatchGame.Action(rawValue: action) else {
      fatalError("action \(action) of \(CatchGame.Action.allCases.count)")
    }
    let reward = game.step(action)
    withFrame(&pixels, game.draw)
    return reward
  }
}
