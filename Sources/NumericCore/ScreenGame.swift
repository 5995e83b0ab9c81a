/// A game on a square grey screen, one action a frame, whose end is a reward of 1 or 0.
///
/// The agent knows nothing of balls and paddles, and the game nothing of networks.
public protocol ScreenGame: Sendable {
  /// Width and height of the screen, pixels.
  static var side: Int { get }
  /// How many actions there are to choose from.
  static var choices: Int { get }
  /// How many actions a game takes; fixed, so that games side by side end together.
  static var decisions: Int { get }

  /// The first frame of a game, which is a function of `seed` and `game` alone.
  init(seed: UInt64, game: Int)

  /// Draws the frame into `pixels` [side, side], black 0, white 255.
  func draw(into pixels: UnsafeMutablePointer<UInt8>)
  /// Goes to the next frame; the reward.
  mutating func play(_ choice: Int) -> Float
}

extension ScreenGame {
  /// Of validation and test games, whatever the seed of the run.
  private static var fixedSeed: UInt64 { 14_066_247 }  // ours: any constant; the arXiv number

  /// Game `index` of set 0, training, or of set 1, validation, or 2, test, which are the same for every seed.
  public init(set: Int, index: Int, seed: UInt64) {
    self = set == 0 ? Self(seed: seed, game: index) : Self(seed: Self.fixedSeed, game: set << 32 + index)
  }
}
