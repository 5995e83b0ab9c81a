import NumericCore

extension Catch: ScreenGame {
  public static var choices: Int { Action.allCases.count }
  public static var decisions: Int { actionCount }

  public mutating func play(_ choice: Int) -> Float {
    guard let action = Action(rawValue: choice) else {
      preconditionFailure("action \(choice) of \(Self.choices)")
    }
    return step(action).reward
  }
}

/// Games of Catch as a task: example i is game i, its image the first frame, and its label what is wanted, a
/// catch (1).
///
/// An agent plays on from there by itself, so a missed ball is an error.
public struct CatchGames: SceneTask {
  public var side: Int { Catch.side }
  public var classCount: Int { 2 }
  public var summary: String { "Catch, \(side)x\(side)" }

  public init() {}

  /// Games never run out.
  public func count(of split: Split) -> Int { Int(UInt32.max) }

  public func draw(_ split: Split, index: Int, seed: UInt64, into pixels: UnsafeMutablePointer<UInt8>)
    -> UInt8
  {
    Catch(set: Int(split.rawValue), index: index, seed: seed).draw(into: pixels)
    return 1
  }
}
