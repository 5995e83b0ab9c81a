/// A network as a condition of a study names it. A learner is made from it, for a world and a seed.
public protocol Network: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }

  /// - Throws: `DefinitionError` when a setting contradicts another one or the world.
  func check(on world: any World) throws
  /// A fresh learner, its weights drawn from `seed`, after `check` has passed.
  func makeLearner(for world: any World, seed: UInt64) -> any Learner
  /// Multiply-adds of one forward pass over one example; nil where they are not counted.
  func multiplyAdds(on world: any World) -> Int?
  /// What it decides where the paper is silent, one sentence each, for reports.
  var openChoices: [String] { get }
}

extension Network {
  public func check(on world: any World) throws {}
  public func multiplyAdds(on world: any World) -> Int? { nil }
  public var openChoices: [String] { [] }
}
