import Learning

/// What a preset means for one study: how many seeds, and how long each run trains.
public struct Plan: Sendable {
  public var seeds: Int
  public var training: TrainingSettings
  /// Conditions that are trained only when `--only` names them, to keep the preset short.
  public var leavesOut: Set<String>

  public init(seeds: Int, _ training: TrainingSettings, leavesOut: Set<String> = []) {
    self.seeds = seeds
    self.training = training
    self.leavesOut = leavesOut
  }

  /// - Throws: `DefinitionError` when nothing would be trained, or a condition that is left out does not exist.
  func check(conditions: [String]) throws {
    guard seeds > 0 else {
      throw DefinitionError("the plan's number of seeds", seeds, "it must be at least 1", cure: "choose 3")
    }
    if let unknown = leavesOut.sorted().first(where: { !conditions.contains($0) }) {
      throw DefinitionError(
        "what the plan leaves out", "'\(unknown)'", "the study has no condition of that name",
        cure: "choose from \(conditions.joined(separator: ", "))")
    }
    guard conditions.contains(where: { !leavesOut.contains($0) }) else {
      throw DefinitionError(
        "what the plan leaves out", "all conditions", "nothing would be trained", cure: "leave one in")
    }
  }
}
