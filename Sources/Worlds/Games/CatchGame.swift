import Numerics

/// One game of Catch, section 4.2: a ball falls down a binary screen of 24x24 pixels and bounces off its
/// sides. A paddle of two pixels on the bottom row must be under it when it arrives.
///
/// A game is 24 frames: the ball is on row 0 in the first and on row 23 in the last, with an action between
/// each and the next. The paper leaves angles, speeds and starting places open; every such choice is marked
/// `ours` below.
///
/// *A player who sees everything catches every ball.* The paddle's left pixel is in 0...22, so it is never
/// more than 22 steps away from where it must be, and there are 23 actions to get there.
///
/// *A player who does not look catches 1 in 12.* Unfold the screen into a circle of length 48: a ball that goes right
/// at x is at x, and one that goes left at x is at 48 - x. On the circle it moves at constant speed, bounces included.
/// Its start is uniform on the circle (x uniform in [0, 24), both directions equally likely), so its place is uniform
/// in every frame. Its last column is uniform over 24 and independent of the paddle, which always covers 2 of them.
public struct CatchGame: Sendable {
  public enum Action: Int, Sendable, CaseIterable {
    case left, stay, right
  }

  /// Width and height of the screen, pixels.
  public static let side = 24  // paper
  /// Width of the paddle, pixels.
  public static let paddleWidth = 2  // paper
  /// Actions in a game: the rows that the ball falls.
  public static let actionCount = side - 1  // ours: the ball falls one row per frame

  /// Steps per frame of a paddle that moves, pixels.
  static let paddleSpeed = 1  // ours: the slowest that still reaches every ball
  /// Sideways speed of the fastest ball, pixels per frame: 45 degrees.
  static let largestSideSpeed: Float = 1  // ours: no faster than the paddle, so that it can follow the ball

  public private(set) var ball: Ball
  /// Column of the paddle's left pixel, 0...22.
  public private(set) var paddleColumn: Int

  /// The first frame of a game, which is a function of `seed` and `game` alone.
  public init(seed: UInt64, game: Int) {
    require(game >= 0, "a game's number is not negative: \(game)")
    var stream = RandomStream(seed: seed, .game, example: game)
    ball = Ball(
      x: stream.uniform(from: 0, to: Float(Self.side)),  // ours: uniform over the top row
      velocity: stream.uniform(from: -Self.largestSideSpeed, to: Self.largestSideSpeed))  // ours: uniform
    paddleColumn = stream.integer(below: Self.side - Self.paddleWidth + 1)  // ours: uniform
  }

  // MARK: - Playing

  /// Whether the ball is on the bottom row.
  public var isOver: Bool { ball.row == Self.side - 1 }

  /// Moves the paddle, then the ball. The reward is 1 in the last frame if the paddle is under the ball, and 0
  /// otherwise. A game that is over does not change.
  @discardableResult
  public mutating func step(_ action: Action) -> Float {
    guard !isOver else { return 0 }
    let moved = paddleColumn + Self.paddleSpeed * (action.rawValue - Action.stay.rawValue)
    paddleColumn = min(max(moved, 0), Self.side - Self.paddleWidth)
    ball.fall()
    return isOver && covers(ball.column) ? 1 : 0
  }

  /// The action of a player who knows the ball, its speed and the walls: go to where the ball will land, and wait
  /// there.
  public var perfectAction: Action {
    var landing = ball
    while landing.row < Self.side - 1 { landing.fall() }
    if covers(landing.column) { return .stay }
    return landing.column < paddleColumn ? .left : .right
  }

  private func covers(_ column: Int) -> Bool {
    column >= paddleColumn && column < paddleColumn + Self.paddleWidth
  }

  // MARK: - Seeing

  /// Draws the frame into `pixels` [24, 24]: 255 where the ball or the paddle is, and 0 elsewhere.
  func draw(into pixels: UnsafeMutablePointer<UInt8>) {
    pixels.update(repeating: 0, count: Self.side * Self.side)
    let bottom = pixels + (Self.side - 1) * Self.side
    for column in paddleColumn..<paddleColumn + Self.paddleWidth { bottom[column] = 255 }
    pixels[ball.row * Self.side + ball.column] = 255
  }

  // MARK: - The ball

  public struct Ball: Sendable {
    /// Place between the walls at 0 and 24, pixels.
    public internal(set) var x: Float
    /// Sideways, pixels per frame.
    public internal(set) var velocity: Float
    /// 0 at the top, 23 at the bottom.
    public internal(set) var row = 0

    /// The pixel that x lies in, 0...23.
    public var column: Int { min(Int(x), CatchGame.side - 1) }

    /// Moves the ball by one frame: a row down and sideways, reflected by the walls.
    mutating func fall() {
      row += 1
      x += velocity
      let wall = Float(CatchGame.side)
      if x < 0 {
        x = -x
        velocity = -velocity
      } else if x > wall {
        x = 2 * wall - x
        velocity = -velocity
      }
    }
  }
}
