import Learning
import RecurrentAttention
import StudyKit

extension Study {
  /// A condition's model as it was after training; nil for other networks, or if its weights are not there.
  public func model(of condition: Condition, seed: UInt64 = shownSeed) throws -> RecurrentAttentionModel? {
    try learner(of: condition, seed: seed) as? RecurrentAttentionModel
  }

  /// Something about the model of every recorded seed whose weights are there.
  public func forEveryModel<Reading>(
    of condition: Condition, _ read: (RecurrentAttentionModel, RunRecord) throws -> Reading
  ) throws -> [Reading] {
    try records(of: condition).compactMap { record in
      try model(of: condition, seed: record.seed).map { try read($0, record) }
    }
  }
}

extension RecurrentAttentionModel {
  /// Looks at many scenes with the policy at its mean, on several threads, and keeps something of each path, in the order
  /// of the scenes.
  ///
  /// - Parameter seed: for a world that draws its scenes, and for a policy that has no mean, such as random places.
  /// - Throws: `DefinitionError` for a world with several labels: a path has one answer after each glimpse.
  public func readPaths<Reading: Sendable>(
    on world: any World, _ split: Split = .test, scenes: Range<Int>, seed: UInt64, threads: Int,
    _ read: @escaping @Sendable (_ scene: Int, GlimpsePath) -> Reading
  ) throws -> [Reading] {
    guard world.classCounts.count <= 1 else {
      throw DefinitionError(
        "the world of glimpse paths", world.summary,
        "it has \(world.classCounts.count) labels, and a path has one answer",
        cure: "read the paths of a world with one label")
    }
    // Ours: whole paths, which hold what every glimpse saw, are kept for this many scenes at a time.
    let chunk = 50
    return try concurrently((scenes.count + chunk - 1) / chunk, threads: threads) { index in
      try throwIfStopped()
      let first = scenes.lowerBound + index * chunk
      let range = first..<min(first + chunk, scenes.upperBound)
      return try zip(range, self.paths(on: world, split, examples: range, seed: seed)).map(read)
    }.flatMap(\.self)
  }
}
